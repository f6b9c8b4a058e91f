import type { EventStore } from '../store/event-store.ts';
import { DAY_MS, storeTime } from '../store/store-time.ts';
import type { HitCount, StatementOutcome } from './simulate-policies.ts';

/** Names for people of scripts and endpoints that a simulation gives by id, as they were when they last ran. */
export async function nameHits(
  events: EventStore,
  statements: readonly StatementOutcome[],
  fromMs: number,
): Promise<StatementOutcome[]> {
  const ids = (pick: (one: StatementOutcome) => readonly HitCount[]) => [
    ...new Set(statements.flatMap((one) => pick(one).map(({ name }) => name))),
  ];
  const from = storeTime(fromMs - 30 * DAY_MS);
  const [scripts, endpoints] = await Promise.all([
    labels(
      events,
      'script_id',
      'script_name',
      ids((one) => one.scripts),
      from,
    ),
    labels(
      events,
      'toString(endpoint_id)',
      'host_name',
      ids((one) => one.endpoints),
      from,
    ),
  ]);
  const named = (counts: readonly HitCount[], names: ReadonlyMap<string, string>) =>
    counts.map((count) => {
      const label = names.get(count.name);
      return label === undefined ? count : { ...count, label };
    });
  return statements.map((one) => ({
    ...one,
    scripts: named(one.scripts, scripts),
    endpoints: named(one.endpoints, endpoints),
  }));
}

async function labels(
  events: EventStore,
  key: string,
  column: string,
  ids: readonly string[],
  from: string,
): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await events.query<{ id: string; label: string }>(
    `SELECT ${key} AS id, argMax(${column}, started_at) AS label FROM run
     WHERE started_at >= {from:DateTime64(3, 'UTC')} AND ${key} IN {ids:Array(String)} GROUP BY id`,
    { ids, from },
  );
  return new Map(rows.map(({ id, label }) => [id, label]));
}
