import type { EventStore } from '../store/event-store.ts';
import { DAY_MS, storeTime } from '../store/store-time.ts';

/** Runs of scripts: how many, by whom, and the last. */
export async function runsOfScripts(
  events: EventStore,
  scriptIds: readonly string[],
): Promise<Map<string, { runs: number; users: string[]; lastRunAt: string }>> {
  const ids = [...new Set(scriptIds)];
  if (ids.length === 0) return new Map();
  const [life] = await events.query<{ known: number; first: string; last: string }>(
    'SELECT count() AS known, min(first_run_at) AS first, max(last_run_at) AS last FROM script_seen WHERE script_id IN {ids:Array(String)}',
    { ids },
  );
  if (life === undefined || life.known === 0) return new Map();
  const rows = await events.query<{ script_id: string; runs: number; users: string[]; last: string }>(
    `SELECT script_id, count() AS runs, arraySort(groupUniqArray(10)(user_name)) AS users, max(started_at) AS last
     FROM run FINAL WHERE script_id IN {ids:Array(String)}
       AND started_at BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')}
     GROUP BY script_id`,
    { ids, from: storeTime(Date.parse(life.first)), to: storeTime(Date.parse(life.last) + DAY_MS) },
  );
  return new Map(rows.map(({ script_id, runs, users, last }) => [script_id, { runs, users, lastRunAt: last }]));
}
