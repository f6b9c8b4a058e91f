import { isStricter } from '@sentinel/policy';
import {
  type Effect,
  type PolicyRow,
  type PolicyStage,
  type PolicyVersionRow,
  SentinelError,
} from '@sentinel/protocol';
import type { ControlStore } from '../store/control-store.ts';
import type { EventStore } from '../store/event-store.ts';
import {
  compiledOf,
  listPolicyIds,
  listShownVersions,
  needsSecondPerson,
  type PolicyVersionTable,
  toVersionRow,
} from '../store/policy-version.ts';
import type { Scope } from '../store/scope.ts';
import { countActiveWaivers } from '../store/waiver.ts';
import { listPolicyHits, type PolicyHits } from './policy-hits.ts';

/** Filters of the list. */
export interface PolicyFilter {
  readonly q?: string | undefined;
  readonly stage?: PolicyStage | undefined;
  readonly waitsFor?: 'approval' | undefined;
  readonly limit: number;
  readonly cursor?: string | undefined;
}

interface Shown {
  readonly newest: PolicyVersionTable;
  readonly live: PolicyVersionTable | undefined;
}

/** A page of policies by id. */
export async function listPolicyPage(
  { control, events }: { readonly control: ControlStore; readonly events: EventStore },
  { q, stage, waitsFor, limit, cursor }: PolicyFilter,
  scope: Scope,
  nowMs: number,
): Promise<{ items: PolicyRow[]; nextCursor?: string; total: number }> {
  const shown = [...(await listShownVersions(control, await listPolicyIds(control)))].filter(([id, one]) => {
    const text = `${id}\n${one.newest.title}`.toLowerCase();
    return (
      (q === undefined || text.includes(q.toLowerCase())) &&
      (stage === undefined || one.newest.stage === stage || one.live?.stage === stage) &&
      (waitsFor === undefined || waitsForSecondPerson(one.newest))
    );
  });
  const after = cursor === undefined ? undefined : readCursor(cursor);
  const rest = after === undefined ? shown : shown.filter(([id]) => id > after);
  const page = rest.slice(0, limit);
  const [hits, waivers] = await Promise.all([listPolicyHits(events, scope, nowMs), countActiveWaivers(control, nowMs)]);
  const last = page.at(-1)?.[0];
  return {
    items: page.map(([id, one]) => toPolicyRow(one, hits.get(id), waivers.get(id) ?? 0, scope)),
    ...(rest.length > limit && last !== undefined ? { nextCursor: Buffer.from(last).toString('base64url') } : {}),
    total: shown.length,
  };
}

/** One policy as the list shows it. @throws SentinelError `not-found`. */
export async function policyRowOf(
  { control, events }: { readonly control: ControlStore; readonly events: EventStore },
  policyId: string,
  scope: Scope,
  nowMs: number,
): Promise<PolicyRow> {
  const found = (await listShownVersions(control, [{ id: policyId, newest: 0 }])).get(policyId);
  if (found === undefined) throw new SentinelError('not-found', `There is no policy ${policyId}.`);
  const [hits, waivers] = await Promise.all([listPolicyHits(events, scope, nowMs), countActiveWaivers(control, nowMs)]);
  return toPolicyRow(found, hits.get(policyId), waivers.get(policyId) ?? 0, scope);
}

function toPolicyRow({ newest, live }: Shown, hits: PolicyHits | undefined, waivers: number, scope: Scope): PolicyRow {
  const { statements } = compiledOf(live ?? newest);
  const strictest = statements.reduce<Effect>(
    (found, { effect }) => (isStricter(effect, found) ? effect : found),
    'allow',
  );
  return {
    id: newest.policy_id,
    title: newest.title,
    ...(newest.owner === null ? {} : { owner: newest.owner }),
    newest: versionFor(scope, newest),
    ...(live === undefined ? {} : { live: versionFor(scope, live) }),
    strictest,
    statements: statements.length,
    hits24h: hits?.hits ?? 0,
    stopped24h: hits?.stopped ?? 0,
    waivers,
  };
}

/** A version as somebody with this scope sees it: what it did over the whole fleet is not for a part of it. */
export function versionFor(scope: Scope, row: PolicyVersionTable): PolicyVersionRow {
  const version = toVersionRow(row);
  if (scope.isAll) return version;
  const { simulation: _simulation, health: _health, ...rest } = version;
  return rest;
}

function waitsForSecondPerson(row: PolicyVersionTable): boolean {
  const isUnderWay = row.stage === 'simulated' || row.stage === 'shadow' || row.stage === 'rollout';
  return isUnderWay && row.decision === null && needsSecondPerson(compiledOf(row));
}

function readCursor(cursor: string): string {
  const id = Buffer.from(cursor, 'base64url').toString();
  if (/^[a-z0-9][a-z0-9-]{0,63}$/.test(id)) return id;
  throw new SentinelError('bad-request', 'cursor: is none that this server gave');
}
