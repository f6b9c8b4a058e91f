import type { LibraryRow } from '@sentinel/protocol';
import type { ControlStore } from './control-store.ts';
import type { EventStore } from './event-store.ts';
import { inventoriesWithin } from './inventory.ts';
import { type Scope, scopeCondition } from './scope.ts';
import { DAY_MS, storeTime } from './store-time.ts';

/** How far back runs count. */
const USE_DAYS = 30;
const MOST_COMPUTERS = 500;
const MOST_SCRIPTS = 200;

type Verdict = NonNullable<LibraryRow['verdict']>;

/** What is kept of an installed package beside its name and version. */
interface PackageDetail {
  readonly site: string;
  readonly verdict?: Verdict;
}

/** Installed versions of distributions, as the newest inventories tell. */
export async function listInstalled(
  store: ControlStore,
  scope: Scope,
): Promise<{ distribution: string; version?: string; computers: number; verdict?: Verdict }[]> {
  let packages = store
    .selectFrom('inventory_item')
    .select((row) => [
      'name',
      'version',
      row.fn.count<number>('inventory_id').distinct().as('computers'),
      row.fn.max('verdict').as('verdict'),
      // Computers that were scanned without advisories have no verdict, and say nothing against it.
      row.fn.max(row.case().when('verdict', 'is not', null).then(row.ref('detail')).end()).as('detail'),
    ])
    .where('kind', '=', 'package')
    .groupBy(['name', 'version']);
  if (!scope.isAll) packages = packages.where('inventory_id', 'in', inventoriesWithin(store, scope).select('id'));
  return (await packages.execute()).map(({ name, version, computers, verdict, detail }) => {
    const known = verdict === null || detail === null ? undefined : verdictOf(verdict, detail);
    return {
      distribution: name,
      ...(version === null ? {} : { version }),
      computers,
      ...(known === undefined ? {} : { verdict: known }),
    };
  });
}

/** How many computers have an inventory. */
export async function countInventories(store: ControlStore, scope: Scope): Promise<number> {
  const { count } = await inventoriesWithin(store, scope)
    .where('is_current', '=', 1)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

/** Use of one version of a distribution. */
interface Imported {
  readonly distribution: string;
  /** Empty where the run could not tell. */
  readonly version: string;
  readonly runs: number;
  readonly scripts: number;
  readonly endpoints: number;
  readonly lastImportedAt: string;
}

/** Versions of distributions that runs of the last 30 days imported. */
export function listImported(store: EventStore, scope: Scope, nowMs: number): Promise<Imported[]> {
  return store.query(
    `SELECT ${DISTRIBUTION} AS distribution, ${VERSION} AS version, uniqExact(run_id) AS runs,
       uniqExactIf(script_id, script_id != '') AS scripts, uniqExact(endpoint_id) AS endpoints,
       max(last_seen) AS lastImportedAt
     FROM activity FINAL WHERE ${IMPORTS} AND ${scopeCondition(scope).condition}
     GROUP BY distribution, version`,
    parameters(scope, nowMs),
    { maxRows: 200_000 },
  );
}

/** Scripts of the last 30 days that imported a distribution, the most runs first. */
export function listImportingScripts(
  store: EventStore,
  distribution: string,
  scope: Scope,
  nowMs: number,
): Promise<
  { scriptId: string; name: string; version: string; runs: number; endpoints: number; lastImportedAt: string }[]
> {
  return store.query(
    `SELECT script_id AS scriptId, any(name) AS name, version, uniqExact(run_id) AS runs,
       uniqExact(endpoint_id) AS endpoints, max(last_seen) AS lastImportedAt
     FROM (
       SELECT endpoint_id, run_id, ${VERSION} AS version, last_seen FROM activity FINAL
       WHERE ${IMPORTS} AND ${DISTRIBUTION} = {distribution:String} AND ${scopeCondition(scope).condition}
     ) AS used
     INNER JOIN (
       SELECT endpoint_id, id, script_id, script_name AS name FROM run FINAL
       WHERE started_at >= {from:DateTime64(3, 'UTC')} - INTERVAL 1 DAY AND ${scopeCondition(scope).condition}
     ) AS run ON run.endpoint_id = used.endpoint_id AND run.id = used.run_id
     GROUP BY scriptId, version ORDER BY runs DESC, name, version LIMIT ${MOST_SCRIPTS}`,
    { ...parameters(scope, nowMs), distribution },
  );
}

/** Computers whose newest inventory has a distribution, by name, a row a version. */
export async function listComputersWith(
  store: ControlStore,
  distribution: string,
  scope: Scope,
): Promise<{ hostName: string; endpointId?: string; version?: string; sites: string[]; scannedAt: string }[]> {
  const rows = await inventoriesWithin(store, scope)
    .innerJoin('inventory_item', 'inventory_item.inventory_id', 'inventory.id')
    .where('inventory_item.kind', '=', 'package')
    .where('inventory_item.name', '=', distribution)
    .select(['inventory.id', 'endpoint_id', 'host', 'started_at', 'version', 'detail'])
    .execute();
  const groups = Map.groupBy(rows, ({ id, version }) => `${id} ${version ?? ''}`);
  return [...groups.values()]
    .flatMap((group) => {
      const [first] = group;
      if (first === undefined) return [];
      return [
        {
          hostName: (JSON.parse(first.host) as { name: string }).name,
          ...(first.endpoint_id === null ? {} : { endpointId: first.endpoint_id }),
          ...(first.version === null ? {} : { version: first.version }),
          sites: [...new Set(group.map(({ detail }) => (JSON.parse(detail) as PackageDetail).site))].sort(),
          scannedAt: new Date(first.started_at).toISOString(),
        },
      ];
    })
    .sort((a, b) => compare(a.hostName, b.hostName) || compare(a.version ?? '', b.version ?? ''))
    .slice(0, MOST_COMPUTERS);
}

/** The same name however it was written. Source: PEP 503. */
export function distributionName(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, '-');
}

const DISTRIBUTION = `replaceRegexpAll(lowerUTF8(library), '[-_.]+', '-')`;
/** Where no version is known the column says what kind of module it was. */
const VERSION = `if(match(detail, '^[0-9]'), detail, '')`;
const IMPORTS = `type = 'module.import' AND library != '' AND first_seen >= {from:DateTime64(3, 'UTC')}`;

function parameters(scope: Scope, nowMs: number) {
  return { ...scopeCondition(scope).parameters, from: storeTime(nowMs - USE_DAYS * DAY_MS) };
}

/** A computer that told the kind of verdict only still has one. */
function verdictOf(kind: string, detail: string): Verdict {
  const { verdict } = JSON.parse(detail) as PackageDetail;
  return verdict ?? { kind: kind as Verdict['kind'], severity: 'medium', advisories: [], isKnownExploited: false };
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
