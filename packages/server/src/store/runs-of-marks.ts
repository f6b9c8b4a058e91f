import type { ControlStore } from './control-store.ts';
import type { EventStore } from './event-store.ts';

/** Batches looked at; a viewer that missed more opens its list anew anyway. */
const MAX_MARKS = 2_000;

/** Runs of which batches were marked since a time, by any server. */
export async function findRunsMarkedSince(
  control: ControlStore,
  events: EventStore,
  sinceMs: number,
): Promise<readonly string[]> {
  const marks = await control
    .selectFrom('batch_mark')
    .select(['spool_id', 'sequence'])
    .where('stored_at', '>=', sinceMs)
    .orderBy('stored_at', 'desc')
    .limit(MAX_MARKS)
    .execute();
  if (marks.length === 0) return [];
  const batches = marks.map((mark) => `${mark.spool_id}/${mark.sequence}`);
  const rows = await events.query<{ id: string }>(
    `SELECT DISTINCT id FROM (
       SELECT id FROM run
       WHERE started_at >= now() - INTERVAL 2 DAY AND concat(toString(spool_id), '/', toString(sequence)) IN {batches:Array(String)}
       UNION ALL
       SELECT run_id AS id FROM activity
       WHERE first_seen >= now() - INTERVAL 2 DAY AND concat(toString(spool_id), '/', toString(sequence)) IN {batches:Array(String)}
     )`,
    { batches },
  );
  return rows.map(({ id }) => id);
}
