import type { Touched } from '@sentinel/protocol';
import type { EventStore, QueryParameters } from './event-store.ts';
import { coverOf, TOUCH_SUMS, TOUCHED_TARGET } from './rollup.ts';
import type { Window } from './run-list.ts';
import { saturated } from './run-list.ts';
import { type Scope, scopeCondition } from './scope.ts';
import { DAY_MS, storeTime } from './store-time.ts';

/** Runs of one target that may have begun on another day; a script with more of them is added up from its rows. */
const MAX_CARRIED = 500;

type TouchedRow = Touched & { readonly carried: readonly string[]; readonly total: number; readonly place: number };

/** SQL columns of a target over all days; what they are made from has one row a target and day. */
const OVER_DAYS = `type, target, detail, sum(of_day.runs) AS runs,
  ${saturated('sum(times)')} AS count, ${saturated('sum(of_day.bytes_in)')} AS bytesIn,
  ${saturated('sum(of_day.bytes_out)')} AS bytesOut, ${saturated('sum(db_rows)')} AS rows,
  min(of_day.first_seen) AS firstSeen, max(of_day.last_seen) AS lastSeen,
  groupUniqArrayArray(${MAX_CARRIED + 1})(of_day.carried) AS carried,
  row_number() OVER (PARTITION BY type ORDER BY count DESC, target, detail) AS place,
  count() OVER () AS total`;

/**
 * What a script touched over its life: most used first within a type, every type with a fair share of the
 * places. The days that are over come from their sums where those hold.
 */
export async function listTouched(
  store: EventStore,
  scriptId: string,
  life: Window,
  scope: Scope,
  limit: number,
): Promise<{ items: Touched[]; total: number }> {
  const cover = await coverOf(store, 'activity', Math.floor(life.fromMs / DAY_MS - 1) * DAY_MS);
  const { condition, parameters } = scopeCondition(scope);
  // Sums know neither computers nor accounts: for a part of the fleet every day is added up from its rows.
  const [attempts, liveDays] = scope.isAll ? [cover.attempts, cover.liveDays] : [[], undefined];
  const isOwnKnown = scope.isAll && !(await hasUnowned(store, cover.liveDays));
  const ofRuns = `(endpoint_id, run_id) IN (
    SELECT endpoint_id, id FROM run WHERE script_id = {scriptId:String}
      AND started_at BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')} AND ${condition})`;
  // A run never changes its script, so its rows may be picked before the latest revisions are.
  const picked = `FROM activity FINAL PREWHERE script_id IN ({scriptId:String}, '')
    WHERE activity.first_seen BETWEEN {from:DateTime64(3, 'UTC')} - INTERVAL 1 DAY AND {until:DateTime64(3, 'UTC')}
      AND (${isOwnKnown ? 'script_id = {scriptId:String}' : scope.isAll ? `script_id = {scriptId:String} OR ${ofRuns}` : ofRuns})`;
  const parts = [
    `SELECT type, ${TOUCHED_TARGET} AS target, detail, ${TOUCH_SUMS} ${picked}
       ${liveDays === undefined ? '' : 'AND toDate(activity.first_seen) IN {liveDays:Array(Date)}'}
     GROUP BY type, target, detail, toDate(activity.first_seen)`,
    ...(attempts.length === 0
      ? []
      : [
          `SELECT type, target, detail, runs, carried, times, bytes_in, bytes_out, db_rows, first_seen, last_seen
           FROM touch_day WHERE script_id = {scriptId:String} AND attempt IN {attempts:Array(UUID)}`,
        ]),
  ];
  const asked: QueryParameters = {
    ...parameters,
    scriptId,
    from: storeTime(life.fromMs),
    to: storeTime(life.toMs),
    until: storeTime(Date.now() + 3 * DAY_MS),
    ...(liveDays === undefined ? {} : { liveDays }),
    attempts,
    limit,
  };
  const rows = await store.query<TouchedRow>(
    `SELECT * FROM (
       SELECT ${OVER_DAYS} FROM (${parts.join('\nUNION ALL\n')}) AS of_day GROUP BY type, target, detail
     )
     ORDER BY place, type LIMIT {limit:UInt32}`,
    asked,
  );
  const twice = await countedTwice(store, picked, asked, rows);
  const items = rows.map(({ total: _total, place: _place, carried: _carried, ...touched }): Touched => {
    return { ...touched, runs: touched.runs - (twice.get(nameOf(touched)) ?? 0) };
  });
  return {
    items: items.sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : b.count - a.count)),
    total: rows[0]?.total ?? 0,
  };
}

/** Whether there are activities of these days whose script was not known as they came. */
async function hasUnowned(store: EventStore, days: readonly string[]): Promise<boolean> {
  const found = await store.query(
    "SELECT 1 FROM activity WHERE toDate(first_seen) IN {days:Array(Date)} AND script_id = '' LIMIT 1",
    { days },
  );
  return found.length > 0;
}

/**
 * How often runs of a target were counted on more days than one. Only one that began on another day than it
 * touched the target can have been, and such runs are named by the sums.
 */
async function countedTwice(
  store: EventStore,
  picked: string,
  asked: QueryParameters,
  rows: readonly TouchedRow[],
): Promise<ReadonlyMap<string, number>> {
  const carried = [...new Set(rows.flatMap((row) => row.carried))];
  if (carried.length === 0) return new Map();
  const isAll = rows.some((row) => row.carried.length > MAX_CARRIED);
  const counted = await store.query<Pick<Touched, 'type' | 'target' | 'detail'> & { extra: number }>(
    `SELECT type, target, detail, sum(days - 1) AS extra
     FROM (
       SELECT type, ${TOUCHED_TARGET} AS target, detail, run_id, uniqExact(toDate(activity.first_seen)) AS days
       ${isAll ? picked : picked.replace('WHERE', 'WHERE run_id IN {carried:Array(UUID)} AND')}
       GROUP BY type, target, detail, run_id HAVING days > 1
     )
     GROUP BY type, target, detail`,
    isAll ? asked : { ...asked, carried },
    { maxRows: 1_000_000 },
  );
  return new Map(counted.map((row) => [nameOf(row), row.extra]));
}

function nameOf({ type, target, detail }: Pick<Touched, 'type' | 'target' | 'detail'>): string {
  return JSON.stringify([type, target, detail]);
}
