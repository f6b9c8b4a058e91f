import {
  type AgentCounters,
  Endpoint,
  type EndpointCoverage,
  type EndpointFacts,
  type EndpointTrust,
  type TrustReport,
} from '@sentinel/protocol';
import type { ExpressionBuilder } from 'kysely';
import { guardSignals } from '../channel/guard-signals.ts';
import { type LiveBoot, seeBoot } from '../channel/see-boot.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import type { ControlStore } from './control-store.ts';
import { fingerprintOf, KEY_LIFE_MS } from './endpoint-key.ts';
import { type EndpointSignal, storeSignals } from './endpoint-signal.ts';
import { useEnrolmentToken } from './enrolment-token.ts';

/** Row of an endpoint. */
export interface EndpointTable {
  id: string;
  /** SHA-256 of the public key, in hex. */
  key_hash: string;
  /** Base64; null for one that enrolled before endpoints had keys. */
  public_key: string | null;
  key_expires_at: number | null;
  /** EndpointFacts as JSON. */
  facts: string;
  enrolled_at: number;
  last_seen_at: number | null;
  /** AgentCounters as JSON. */
  counters: string | null;
  /** EndpointCoverage as JSON. */
  coverage: string | null;
  department: string | null;
  /** Groups that it says it is in, as a JSON list. */
  endpoint_groups: string;
  /** LiveBoot list as JSON. */
  boots: string;
  cloned_at: number | null;
  /** TrustReport as JSON. */
  trust_report: string | null;
  policy_version: number | null;
  sequence_ceiling: number;
  sequence_server: string | null;
}

/** Enrols an endpoint with a token and the key that it made; undefined if the token is not valid. */
export function enrolEndpoint(
  store: ControlStore,
  request: { readonly token: string; readonly facts: EndpointFacts; readonly publicKey: string },
  nowMs: number,
): Promise<{ endpointId: string; keyExpiresAtMs: number } | undefined> {
  return store.transaction().execute(async (transaction) => {
    if (!(await useEnrolmentToken(transaction, request.token, nowMs))) return undefined;
    const id = newUuidV7();
    const keyExpiresAtMs = nowMs + KEY_LIFE_MS;
    await transaction
      .insertInto('endpoint')
      .values({
        id,
        key_hash: fingerprintOf(request.publicKey),
        public_key: request.publicKey,
        key_expires_at: keyExpiresAtMs,
        facts: JSON.stringify(request.facts),
        endpoint_groups: JSON.stringify(request.facts.groups ?? []),
        boots: '[]',
        sequence_ceiling: 0,
        enrolled_at: nowMs,
        last_seen_at: nowMs,
      })
      .execute();
    return { endpointId: id, keyExpiresAtMs };
  });
}

/** What a heartbeat brings. */
export interface HeardBeat {
  readonly endpointId: string;
  readonly bootId: string;
  readonly facts: EndpointFacts;
  readonly counters: AgentCounters;
  readonly coverage: EndpointCoverage | undefined;
  readonly trust: TrustReport | undefined;
}

/** Writes down a heartbeat. @returns what it tells of the guard of the endpoint. */
export async function recordHeartbeat(store: ControlStore, beat: HeardBeat, nowMs: number): Promise<EndpointSignal[]> {
  const { endpointId, bootId, facts, counters, coverage, trust } = beat;
  const before = await store
    .selectFrom('endpoint')
    .select(['boots', 'cloned_at', 'trust_report', 'policy_version'])
    .where('id', '=', endpointId)
    .executeTakeFirst();
  if (before === undefined) return [];
  const seen = seeBoot(JSON.parse(before.boots) as LiveBoot[], { bootId, hostName: facts.hostName }, nowMs);
  const known = before.trust_report === null ? undefined : (JSON.parse(before.trust_report) as TrustReport);
  await store
    .updateTable('endpoint')
    .set({
      facts: JSON.stringify(facts),
      endpoint_groups: JSON.stringify(facts.groups ?? []),
      counters: JSON.stringify(counters),
      // An agent that counts nothing yet takes nothing back.
      ...(coverage === undefined ? {} : { coverage: JSON.stringify(coverage) }),
      ...(trust === undefined
        ? {}
        : { trust_report: JSON.stringify(trust), policy_version: trust.policyVersion ?? null }),
      ...(seen.isCloned ? { cloned_at: nowMs } : {}),
      boots: JSON.stringify(seen.boots),
      last_seen_at: nowMs,
    })
    .where('id', '=', endpointId)
    .execute();
  const signals = trust === undefined ? [] : guardSignals(known, trust, before.policy_version ?? undefined);
  if (seen.isCloned && before.cloned_at === null)
    signals.push({ kind: 'cloned', count: 1, detail: 'two agents live with the key of this endpoint' });
  await storeSignals(store, endpointId, signals, nowMs);
  return signals;
}

/** Writes down that endpoints gave a sign of life. */
export async function recordSeen(store: ControlStore, endpointIds: readonly string[], nowMs: number): Promise<void> {
  await store
    .updateTable('endpoint')
    .set({ last_seen_at: nowMs })
    .where('id', 'in', [...endpointIds])
    .execute();
}

/** Every endpoint, or those of a list, by the time it enrolled. */
export async function listAllEndpoints(store: ControlStore, ids: EndpointIds = 'all'): Promise<Endpoint[]> {
  const rows = await store
    .selectFrom('endpoint')
    .selectAll()
    .where((row) => within(row, ids))
    .orderBy('enrolled_at')
    .execute();
  return rows.map(toEndpoint);
}

/** Puts an endpoint into a department, or into none; what it was before, or undefined if there is no such endpoint. */
export function setEndpointDepartment(
  store: ControlStore,
  endpointId: string,
  department: string | null,
): Promise<{ readonly before: string | null } | undefined> {
  return store.transaction().execute(async (transaction) => {
    const row = await transaction
      .selectFrom('endpoint')
      .select('department')
      .where('id', '=', endpointId)
      .executeTakeFirst();
    if (row === undefined) return undefined;
    await transaction.updateTable('endpoint').set({ department }).where('id', '=', endpointId).execute();
    return { before: row.department };
  });
}

/** Endpoints that a question is about. */
export type EndpointIds = 'all' | readonly string[];

function within(row: ExpressionBuilder<{ endpoint: EndpointTable }, 'endpoint'>, ids: EndpointIds) {
  if (ids === 'all') return row.lit(true);
  return ids.length === 0 ? row.lit(false) : row('endpoint.id', 'in', [...ids]);
}

/** How many endpoints there are, all or of a list, and how many were seen since a time. */
export async function countEndpoints(
  store: ControlStore,
  seenSinceMs: number,
  ids: EndpointIds = 'all',
): Promise<{ known: number; reporting: number }> {
  const { known, reporting } = await store
    .selectFrom('endpoint')
    .where((row) => within(row, ids))
    .select(({ fn }) => [
      fn.countAll<number>().as('known'),
      fn.count<number>('id').filterWhere('last_seen_at', '>=', seenSinceMs).as('reporting'),
    ])
    .executeTakeFirstOrThrow();
  return { known, reporting };
}

/** The domain shape of a row. */
function toEndpoint(row: EndpointTable): Endpoint {
  return Endpoint.parse({
    ...(JSON.parse(row.facts) as EndpointFacts),
    id: row.id,
    enrolledAt: new Date(row.enrolled_at).toISOString(),
    ...(row.last_seen_at === null ? {} : { lastSeenAt: new Date(row.last_seen_at).toISOString() }),
    ...(row.counters === null ? {} : { counters: JSON.parse(row.counters) as AgentCounters }),
    ...(row.department === null ? {} : { department: row.department }),
    ...(row.coverage === null ? {} : { coverage: JSON.parse(row.coverage) as EndpointCoverage }),
    ...(row.public_key === null ? {} : { trust: toTrust(row) }),
  });
}

function toTrust(row: EndpointTable): EndpointTrust {
  const boots = JSON.parse(row.boots) as LiveBoot[];
  return {
    keyFingerprint: row.key_hash,
    keyExpiresAt: new Date(row.key_expires_at ?? 0).toISOString(),
    isCloned: row.cloned_at !== null,
    ...(row.cloned_at === null ? {} : { clonedAt: new Date(row.cloned_at).toISOString() }),
    clones:
      row.cloned_at === null
        ? []
        : boots.map(({ bootId, hostName, lastMs }) => ({ bootId, hostName, seenAt: new Date(lastMs).toISOString() })),
    ...(row.trust_report === null ? {} : { report: JSON.parse(row.trust_report) as TrustReport }),
  };
}
