import { type DailyTable, dayVersions } from './day-versions.ts';
import type { EventStore } from './event-store.ts';
import { FAILED } from './run.ts';

/** Which days' sums hold, and which days have to be added up from their rows. */
export interface Cover {
  /** Makings of the sums, one for each day that has any. */
  readonly attempts: readonly string[];
  readonly liveDays: readonly string[];
}

/** What was made of one day, as `rollup_day` says. */
export interface RollupDay {
  readonly day: string;
  readonly attempt: string;
  readonly version: string;
  /** Activities whose script was not known: who owns them may be told later, without a change of their day. */
  readonly unowned: number;
  readonly made_at: string;
}

/** SQL columns of the sums of the runs of a script, from latest revisions. */
export const SCRIPT_SUMS = `count() AS runs, countIf(status = 'running') AS running, countIf(${FAILED}) AS failures,
  min(started_at) AS first_run_at, max(started_at) AS last_run_at,
  quantileOrNullState(0.5)(duration_ms) AS durations`;

/** SQL for what an activity is about, as a script's page names it. */
export const TOUCHED_TARGET = `if(library != '', toString(library), toString(activity.target))`;

/**
 * SQL columns of the sums of what a script touched on one day. A run that began on another day may have been
 * counted there already, so it is named: see `countedTwice` of the reader.
 */
export const TOUCH_SUMS = `uniqExact(run_id) AS runs,
  groupUniqArrayIf(run_id, toDate(UUIDv7ToDateTime(run_id, 'UTC')) != toDate(activity.first_seen)) AS carried,
  sum(toFloat64(activity.count)) AS times, sum(toFloat64(activity.bytes_in)) AS bytes_in,
  sum(toFloat64(activity.bytes_out)) AS bytes_out, sum(toFloat64(activity.rows)) AS db_rows,
  min(activity.first_seen) AS first_seen, max(activity.last_seen) AS last_seen`;

/** Everything that was made from a table and not yet cleared away, the newest first. */
export function listRollupDays(store: EventStore, source: DailyTable): Promise<RollupDay[]> {
  return store.query(
    `SELECT toString(day) AS day, toString(attempt) AS attempt, version, unowned, made_at FROM rollup_day FINAL
     WHERE source = {source:String} ORDER BY made_at DESC, attempt DESC`,
    { source },
    { maxRows: 200_000 },
  );
}

/** What answers for the days of a table from a time on; a first day that is asked for in part is never a sum. */
export async function coverOf(store: EventStore, source: DailyTable, fromMs: number): Promise<Cover> {
  const [versions, made] = await Promise.all([dayVersions(store, source), listRollupDays(store, source)]);
  const firstDay = dayOf(fromMs);
  const isWhole = Date.parse(firstDay) === fromMs;
  const attempts = new Map<string, string>();
  for (const { day, attempt, version, unowned } of made)
    if (versions.get(day) === version && unowned === 0 && (day > firstDay || (isWhole && day === firstDay)))
      attempts.set(day, attempts.get(day) ?? attempt);
  return {
    attempts: [...attempts.values()],
    liveDays: [...versions.keys()].filter((day) => day >= firstDay && !attempts.has(day)),
  };
}

/** The day of a time, as partitions are named. */
export function dayOf(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 10);
}
