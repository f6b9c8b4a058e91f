import { type LibraryQuery, type LibraryRow, SentinelError } from '@sentinel/protocol';
import { remembered } from '../remembered.ts';
import type { Services } from '../services.ts';
import {
  countInventories,
  distributionName,
  listComputersWith,
  listImported,
  listImportingScripts,
  listInstalled,
} from '../store/library.ts';
import { EVERYTHING, type Scope } from '../store/scope.ts';
import type { Handlers } from './handler.ts';

const SEVERITIES = ['critical', 'high', 'medium', 'low'];
const KINDS = ['malicious', 'vulnerable', 'squat', 'unknown-name'];

/** Libraries of the fleet: what is installed, what of it anybody uses, and what is wrong with it. */
export function libraries({ control, events }: Services): Handlers<'listLibraries' | 'getLibrary'> {
  const read = async (scope: Scope) => {
    const [installed, imported, inventories] = await Promise.all([
      listInstalled(control, scope),
      listImported(events, scope, Date.now()),
      countInventories(control, scope),
    ]);
    return { rows: joinRows(installed, imported), inventories };
  };
  const readAll = remembered(() => read(EVERYTHING));
  const known = (scope: Scope) => (scope.isAll ? readAll() : read(scope));
  return {
    async listLibraries({ query, person: { scope } }) {
      const { rows, inventories } = await known(scope);
      const wanted = rows.filter((row) => fits(row, query)).sort(ORDERS[query.sort]);
      const start = query.cursor === undefined ? 0 : readPlace(query.cursor);
      const end = start + query.limit;
      return {
        items: wanted.slice(start, end),
        total: wanted.length,
        ...(end < wanted.length ? { nextCursor: writePlace(end) } : {}),
        summary: {
          libraries: rows.length,
          imported: rows.filter(({ runs }) => runs > 0).length,
          flagged: rows.filter(({ verdict }) => verdict !== undefined).length,
          flaggedImported: rows.filter(({ verdict, runs }) => verdict !== undefined && runs > 0).length,
          inventories,
        },
      };
    },
    async getLibrary({ params, person: { scope } }) {
      const distribution = distributionName(params.distribution);
      const versions = (await known(scope)).rows
        .filter((row) => row.distribution === distribution)
        .sort((a, b) => b.computers - a.computers || compare(a.version ?? '', b.version ?? ''));
      if (versions.length === 0) throw new SentinelError('not-found', 'No computer is known to have this library.');
      const [computers, scripts] = await Promise.all([
        listComputersWith(control, distribution, scope),
        listImportingScripts(events, distribution, scope, Date.now()),
      ]);
      return {
        distribution,
        versions,
        computers,
        scripts: scripts.map(({ version, ...script }) => (version === '' ? script : { ...script, version })),
      };
    },
  };
}

/** Installed and imported versions as one list. */
function joinRows(
  installed: Awaited<ReturnType<typeof listInstalled>>,
  imported: Awaited<ReturnType<typeof listImported>>,
): LibraryRow[] {
  const rows = new Map<string, LibraryRow>();
  for (const one of installed)
    rows.set(keyOf(one.distribution, one.version), { ...one, runs: 0, scripts: 0, endpoints: 0 });
  for (const { distribution, version, runs, scripts, endpoints, lastImportedAt } of imported) {
    const key = keyOf(distribution, version === '' ? undefined : version);
    const row = rows.get(key) ?? { distribution, ...(version === '' ? {} : { version }), computers: 0 };
    rows.set(key, { ...row, runs, scripts, endpoints, lastImportedAt });
  }
  return [...rows.values()];
}

function keyOf(distribution: string, version: string | undefined): string {
  return `${distribution} ${version ?? ''}`;
}

function fits({ distribution, verdict, runs, computers }: LibraryRow, query: LibraryQuery): boolean {
  const q = query.q?.toLowerCase();
  const isNamed =
    q === undefined ||
    distribution.includes(q) ||
    distribution.includes(distributionName(q)) ||
    verdict?.advisories.some((id) => id.toLowerCase().includes(q)) === true;
  const isJudged =
    query.verdict === undefined || (query.verdict === 'any' ? verdict !== undefined : verdict?.kind === query.verdict);
  const isUsed = query.use === undefined || (query.use === 'imported' ? runs > 0 : runs === 0 && computers > 0);
  return isNamed && isJudged && isUsed;
}

type Order = (a: LibraryRow, b: LibraryRow) => number;

const byName: Order = (a, b) => compare(a.distribution, b.distribution) || compare(a.version ?? '', b.version ?? '');
const ORDERS: Readonly<Record<LibraryQuery['sort'], Order>> = {
  // What is wrong and used comes before what is wrong and only lies there.
  verdict: (a, b) =>
    Number(b.verdict !== undefined) - Number(a.verdict !== undefined) ||
    Number(isUsed(b)) - Number(isUsed(a)) ||
    badness(a) - badness(b) ||
    b.scripts - a.scripts ||
    b.computers - a.computers ||
    byName(a, b),
  scripts: (a, b) => b.scripts - a.scripts || b.runs - a.runs || byName(a, b),
  computers: (a, b) => b.computers - a.computers || byName(a, b),
  name: byName,
};

function isUsed({ verdict, runs }: LibraryRow): boolean {
  return verdict !== undefined && runs > 0;
}

/** Place of a verdict among all of them, the worst first. */
function badness({ verdict }: LibraryRow): number {
  if (verdict === undefined) return Number.MAX_SAFE_INTEGER;
  const exploited = verdict.isKnownExploited ? 0 : 1;
  return (
    (verdict.kind === 'malicious' ? 0 : 100) +
    exploited * 50 +
    SEVERITIES.indexOf(verdict.severity) * 10 +
    KINDS.indexOf(verdict.kind)
  );
}

/** The list is a few thousand rows that change slowly: a place in it is cursor enough. */
function writePlace(place: number): string {
  return Buffer.from(String(place)).toString('base64url');
}

function readPlace(cursor: string): number {
  const place = Number(Buffer.from(cursor, 'base64url').toString());
  if (Number.isSafeInteger(place) && place > 0) return place;
  throw new SentinelError('bad-request', 'cursor: is none that this server gave');
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
