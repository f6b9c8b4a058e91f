import { newUuidV7 } from '../uuid-v7.ts';
import { type DailyTable, dayVersions } from './day-versions.ts';
import type { EventStore } from './event-store.ts';
import { dayOf, listRollupDays, type RollupDay, SCRIPT_SUMS, TOUCH_SUMS, TOUCHED_TARGET } from './rollup.ts';
import { storeTime } from './store-time.ts';

/** A day that rows still come for is added up again no sooner than this. */
const AGAIN_MS = 10 * 60_000;
/** Sums that hold no longer stay for questions that have begun to read them. */
const KEPT_MS = 10 * 60_000;
const TIMEOUT_MS = 10 * 60_000;
const MAX_PLACES = 1_000_000;
const CHUNK = 10_000;

const SUMS: Readonly<
  Record<DailyTable, { readonly table: string; readonly insert: string; readonly unowned: string }>
> = {
  run: {
    table: 'script_day',
    insert: `INSERT INTO script_day (day, attempt, script_id, runs, running, failures, first_run_at, last_run_at, durations)
      SELECT {day:Date}, {attempt:UUID}, script_id, ${SCRIPT_SUMS}
      FROM run FINAL WHERE toDate(started_at) = {day:Date} GROUP BY script_id`,
    unowned: 'SELECT 0 AS unowned',
  },
  activity: {
    table: 'touch_day',
    insert: `INSERT INTO touch_day (day, attempt, script_id, type, target, detail, runs, carried, times, bytes_in, bytes_out, db_rows, first_seen, last_seen)
      SELECT {day:Date}, {attempt:UUID}, script_id, type, ${TOUCHED_TARGET} AS touched, detail, ${TOUCH_SUMS}
      FROM activity FINAL WHERE toDate(activity.first_seen) = {day:Date} AND script_id != ''
      GROUP BY script_id, type, touched, detail`,
    unowned: `SELECT count() AS unowned FROM activity FINAL WHERE toDate(first_seen) = {day:Date} AND script_id = ''`,
  },
};

/**
 * Adds up the days that are over and whose rows are others than when they were added up last, the newest first,
 * and clears away what was made of rows that are gone. Gives how many days it added up. Only one at a time.
 */
export async function makeRollups(store: EventStore, nowMs: number, signal?: AbortSignal): Promise<number> {
  let made = 0;
  for (const source of ['run', 'activity'] as const) {
    const versions = await dayVersions(store, source);
    const known = await listRollupDays(store, source);
    const latest = new Map(known.toReversed().map((one) => [one.day, one]));
    const stale = [...versions.keys()].filter((day) => isStale(day, versions, latest.get(day), nowMs));
    for (const day of stale.sort().reverse()) {
      if (signal?.aborted === true) return made;
      await makeDay(store, source, day, nowMs);
      made++;
    }
    if (source === 'run') {
      await followRuns(store, stale);
      await forgetPlaces(store, new Set(versions.keys()), stale);
    }
    await clearAway(store, source, versions, nowMs);
  }
  return made;
}

function isStale(
  day: string,
  versions: ReadonlyMap<string, string>,
  latest: RollupDay | undefined,
  nowMs: number,
): boolean {
  if (day >= dayOf(nowMs)) return false;
  if (latest === undefined) return true;
  return latest.version !== versions.get(day) && Date.parse(latest.made_at) <= nowMs - AGAIN_MS;
}

async function makeDay(store: EventStore, source: DailyTable, day: string, nowMs: number): Promise<void> {
  const { insert, unowned } = SUMS[source];
  const attempt = newUuidV7();
  // The state first: rows that come while it is added up make it invalid and not wrong.
  const version = (await dayVersions(store, source)).get(day);
  if (version === undefined) return;
  await store.query(insert, { day, attempt }, { timeoutMs: TIMEOUT_MS });
  const [counted] = await store.query<{ unowned: number }>(unowned, { day });
  const line = [source, day, attempt, version, counted?.unowned ?? 0, new Date(nowMs).toISOString()];
  await store.insert({
    table: 'rollup_day',
    columns: ['source', 'day', 'attempt', 'version', 'unowned', 'made_at'],
    lines: Buffer.from(`${JSON.stringify(line)}\n`),
  });
}

/**
 * Writes again what follows from the runs of some days: it comes with every insert but is not synced, so a power
 * cut may have taken it.
 */
export async function followRuns(store: EventStore, days: readonly string[]): Promise<void> {
  if (days.length === 0) return;
  const ofDays = 'FROM run WHERE toDate(started_at) IN {days:Array(Date)} GROUP BY';
  await store.query(
    `INSERT INTO script_place (script_id, endpoint_id, user_name, script_path, last_run_at)
     SELECT script_id, endpoint_id, user_name, ifNull(script_path, '') AS place, max(started_at)
     ${ofDays} script_id, endpoint_id, user_name, place`,
    { days },
    { timeoutMs: TIMEOUT_MS },
  );
  await store.query(
    `INSERT INTO script_seen (script_id, first_run_at, last_run_at)
     SELECT script_id, min(started_at), max(started_at) ${ofDays} script_id`,
    { days },
    { timeoutMs: TIMEOUT_MS },
  );
}

/** Takes away sums that hold no longer, and those of a making that broke off. */
async function clearAway(
  store: EventStore,
  source: DailyTable,
  versions: ReadonlyMap<string, string>,
  nowMs: number,
): Promise<void> {
  const known = await listRollupDays(store, source);
  const holding = new Set<string>();
  const kept = known.filter(({ day, version, made_at }) => {
    const isHolding = versions.get(day) === version && !holding.has(day);
    if (isHolding) holding.add(day);
    // What was made of a day that is gone goes with it.
    return isHolding || (versions.has(day) && Date.parse(made_at) > nowMs - KEPT_MS);
  });
  if (kept.length === known.length) return;
  const attempts = kept.map(({ attempt }) => attempt);
  const settings = 'SETTINGS mutations_sync = 2';
  await store.alter(SUMS[source].table, `DELETE WHERE attempt NOT IN {attempts:Array(UUID)} ${settings}`, { attempts });
  await store.alter(
    'rollup_day',
    `DELETE WHERE source = {source:String} AND attempt NOT IN {attempts:Array(UUID)} ${settings}`,
    { source, attempts },
  );
}

/** Forgets where scripts ran whose runs are gone: those of days without rows, and those that retention took out of a day. */
async function forgetPlaces(store: EventStore, days: ReadonlySet<string>, changed: readonly string[]): Promise<void> {
  const key = 'toString(cityHash64(toString(script_id), endpoint_id, toString(user_name), toString(script_path)))';
  const known = await store.query<{ day: string }>(
    'SELECT DISTINCT toString(toDate(last_run_at)) AS day FROM script_place',
  );
  const gone = known.map(({ day }) => day).filter((day) => !days.has(day) || changed.includes(day));
  if (gone.length === 0) return;
  const rows = await store.query<{ place: string }>(
    `SELECT DISTINCT ${key} AS place FROM script_place
     WHERE toDate(last_run_at) IN {gone:Array(Date)}
       AND (script_id, endpoint_id, user_name, script_path, last_run_at) NOT IN (
         SELECT script_id, endpoint_id, user_name, ifNull(script_path, ''), started_at FROM run
         WHERE toDate(started_at) IN {gone:Array(Date)}
       )`,
    { gone },
    { maxRows: MAX_PLACES, timeoutMs: TIMEOUT_MS },
  );
  if (rows.length === 0) return;
  for (let start = 0; start < rows.length; start += CHUNK) {
    await store.alter(
      'script_place',
      `DELETE WHERE toDate(last_run_at) IN {gone:Array(Date)} AND ${key} IN {places:Array(String)} SETTINGS mutations_sync = 2`,
      { gone, places: rows.slice(start, start + CHUNK).map(({ place }) => place) },
    );
  }
  // Earlier runs of the same places may be left.
  await store.query(
    `INSERT INTO script_place (script_id, endpoint_id, user_name, script_path, last_run_at)
     SELECT script_id, endpoint_id, user_name, ifNull(script_path, '') AS place, max(started_at) FROM run
     WHERE started_at < {until:DateTime64(3, 'UTC')} GROUP BY script_id, endpoint_id, user_name, place`,
    { until: storeTime(Date.parse(gone.toSorted().at(-1) ?? '') + 24 * 60 * 60 * 1000) },
    { timeoutMs: TIMEOUT_MS },
  );
}
