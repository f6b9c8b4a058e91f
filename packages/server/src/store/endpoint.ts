import { type AgentCounters, Endpoint, type EndpointCoverage, type EndpointFacts } from '@sentinel/protocol';
import { hashSecretToken, newSecretToken } from '../secret-token.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import type { ControlStore } from './control-store.ts';
import { useEnrolmentToken } from './enrolment-token.ts';

/** Row of an endpoint. */
export interface EndpointTable {
  id: string;
  credential_hash: string;
  /** EndpointFacts as JSON. */
  facts: string;
  enrolled_at: number;
  last_seen_at: number | null;
  /** AgentCounters as JSON. */
  counters: string | null;
  /** EndpointCoverage as JSON. */
  coverage: string | null;
}

/** Enrols an endpoint with a token; undefined if the token is not valid. */
export function enrolEndpoint(
  store: ControlStore,
  token: string,
  facts: EndpointFacts,
  nowMs: number,
): Promise<{ endpointId: string; credential: string } | undefined> {
  return store.transaction().execute(async (transaction) => {
    if (!(await useEnrolmentToken(transaction, token, nowMs))) return undefined;
    const credential = newSecretToken('agt');
    const id = newUuidV7();
    await transaction
      .insertInto('endpoint')
      .values({
        id,
        credential_hash: hashSecretToken(credential),
        facts: JSON.stringify(facts),
        enrolled_at: nowMs,
        last_seen_at: nowMs,
        counters: null,
        coverage: null,
      })
      .execute();
    return { endpointId: id, credential };
  });
}

/** Id of the endpoint with this credential. */
export async function findEndpointByCredential(store: ControlStore, credential: string): Promise<string | undefined> {
  const row = await store
    .selectFrom('endpoint')
    .select('id')
    .where('credential_hash', '=', hashSecretToken(credential))
    .executeTakeFirst();
  return row?.id;
}

/** Writes down a heartbeat. */
export async function recordHeartbeat(
  store: ControlStore,
  endpointId: string,
  facts: EndpointFacts,
  counters: AgentCounters,
  coverage: EndpointCoverage | undefined,
  nowMs: number,
): Promise<void> {
  await store
    .updateTable('endpoint')
    .set({
      facts: JSON.stringify(facts),
      counters: JSON.stringify(counters),
      // An agent that counts nothing yet takes nothing back.
      ...(coverage === undefined ? {} : { coverage: JSON.stringify(coverage) }),
      last_seen_at: nowMs,
    })
    .where('id', '=', endpointId)
    .execute();
}

/** Writes down that endpoints gave a sign of life. */
export async function recordSeen(store: ControlStore, endpointIds: readonly string[], nowMs: number): Promise<void> {
  await store
    .updateTable('endpoint')
    .set({ last_seen_at: nowMs })
    .where('id', 'in', [...endpointIds])
    .execute();
}

/** Every endpoint, by the time it enrolled. */
export async function listAllEndpoints(store: ControlStore): Promise<Endpoint[]> {
  return (await store.selectFrom('endpoint').selectAll().orderBy('enrolled_at').execute()).map(toEndpoint);
}

/** How many endpoints there are, and how many were seen since a time. */
export async function countEndpoints(
  store: ControlStore,
  seenSinceMs: number,
): Promise<{ known: number; reporting: number }> {
  const { known, reporting } = await store
    .selectFrom('endpoint')
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
    ...(row.coverage === null ? {} : { coverage: JSON.parse(row.coverage) as EndpointCoverage }),
  });
}
