import { type RunQuery, type RunRow, type RunTotals, SentinelError } from '@sentinel/protocol';
import type { EventStore, QueryParameters } from './event-store.ts';
import { containsPattern } from './like-pattern.ts';
import { newestFirst } from './newest-first.ts';
import { FAILED, findRuns, type RunRecord, runSelection, toStoredRun } from './run.ts';
import { type Scope, scopeCondition } from './scope.ts';
import { DAY_MS, storeTime } from './store-time.ts';

/** Days that a question without `since` looks back. */
export const DEFAULT_WINDOW_DAYS = 30;

/** Runs found by what they touched are counted as long as that is quick; then so many are enough. */
const ENOUGH_COUNTED = 1_000;
const COUNTING_MS = 150;

/** What a run is found again by. */
type RunKey = Pick<RunRecord, 'started_at' | 'endpoint_id' | 'id'>;

/** Where a page ended. */
interface Position {
  readonly atMs: number;
  readonly parameters: QueryParameters;
}

/** A stretch of time. */
export interface Window {
  readonly fromMs: number;
  readonly toMs: number;
}

/** The stretch of time that a question is about. */
export function windowOf(
  { since, until }: { since?: string | undefined; until?: string | undefined },
  nowMs: number,
): Window {
  const toMs = until === undefined ? nowMs + 2 * DAY_MS : Date.parse(until);
  const fromMs = since === undefined ? Math.min(nowMs, toMs) - DEFAULT_WINDOW_DAYS * DAY_MS : Date.parse(since);
  return { fromMs: storable(fromMs), toMs: storable(toMs) };
}

/** A page of runs, newest first, and how many match. */
export async function listRunPage(
  store: EventStore,
  query: RunQuery & { limit: number; cursor?: string | undefined },
  scope: Scope,
  nowMs: number,
): Promise<{ items: RunRow[]; nextCursor?: string; total: number; totalIsLeast?: true }> {
  const window = windowOf(query, nowMs);
  const after = query.cursor === undefined ? undefined : readCursor(query.cursor);
  const [rows, total] = await Promise.all([
    newestRuns(store, query, scope, window, after, query.limit + 1, nowMs),
    countMatching(store, query, scope, window, nowMs),
  ]);
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    items: await withTotals(store, shown),
    ...(rows.length > query.limit && last !== undefined ? { nextCursor: writeCursor(last) } : {}),
    ...total,
  };
}

/**
 * How many runs match. To count those found by what they touched can mean to read every activity, so once
 * it takes long and enough are counted, it says that there are at least so many.
 */
export async function countMatching(
  store: EventStore,
  query: RunQuery,
  scope: Scope,
  window: Window,
  nowMs: number,
  { enough, withinMs } = { enough: ENOUGH_COUNTED, withinMs: COUNTING_MS },
): Promise<{ total: number; totalIsLeast?: true }> {
  const started = performance.now();
  const isByTouch = (query.target ?? '') !== '' || (query.library ?? '') !== '';
  let total = 0;
  for (const stretch of isByTouch ? newestFirst(window, nowMs) : [window]) {
    const { where, parameters } = runFilter(query, stretch, scope);
    const [counted] = await store.query<{ total: number }>(
      `SELECT count() AS total FROM run FINAL WHERE ${where}`,
      parameters,
    );
    total += counted?.total ?? 0;
    const isLong = performance.now() - started >= withinMs;
    if (isByTouch && isLong && total >= enough && stretch.fromMs > window.fromMs) return { total, totalIsLeast: true };
  }
  return { total };
}

/**
 * The newest runs that match, after a position. Looked for from the newest day backwards in ever longer
 * stretches, because the first ones mostly hold enough; keys first, whole rows only of those shown.
 */
async function newestRuns(
  store: EventStore,
  query: RunQuery,
  scope: Scope,
  { fromMs, toMs }: Window,
  after: Position | undefined,
  limit: number,
  nowMs: number,
): Promise<RunRecord[]> {
  const page =
    after === undefined
      ? ''
      : "AND (started_at, endpoint_id, id) < ({at:DateTime64(3, 'UTC')}, {atEndpoint:UUID}, {atId:UUID})";
  const found: RunKey[] = [];
  // A run at the position itself may still be due: the stretch ends after it.
  const toLook = { fromMs, toMs: after === undefined ? toMs : Math.min(toMs, after.atMs + 1) };
  for (const stretch of newestFirst(toLook, nowMs)) {
    const { where, parameters } = runFilter(query, stretch, scope);
    found.push(
      ...(await store.query<RunKey>(
        `SELECT started_at, endpoint_id, id FROM run FINAL WHERE ${where} ${page}
         ORDER BY started_at DESC, endpoint_id DESC, id DESC LIMIT {limit:UInt32}`,
        { ...parameters, ...after?.parameters, limit: limit - found.length },
      )),
    );
    if (found.length >= limit) break;
  }
  return wholeRuns(store, found);
}

/** Runs by their keys, in the order of the keys. */
async function wholeRuns(store: EventStore, keys: readonly RunKey[]): Promise<RunRecord[]> {
  const [newest, oldest] = [keys[0], keys.at(-1)];
  if (newest === undefined || oldest === undefined) return [];
  const rows = await store.query<RunRecord>(
    `SELECT ${runSelection} FROM run FINAL
     WHERE started_at BETWEEN {oldest:DateTime64(3, 'UTC')} AND {newest:DateTime64(3, 'UTC')}
       AND started_at IN (SELECT toDateTime64(arrayJoin({times:Array(String)}), 3, 'UTC'))
       AND id IN {ids:Array(UUID)}`,
    {
      oldest: storeTime(Date.parse(oldest.started_at)),
      newest: storeTime(Date.parse(newest.started_at)),
      times: [...new Set(keys.map(({ started_at }) => storeTime(Date.parse(started_at))))],
      ids: keys.map(({ id }) => id),
    },
  );
  const byKey = new Map(rows.map((row) => [`${row.started_at}/${row.endpoint_id}/${row.id}`, row]));
  return keys.flatMap(({ started_at, endpoint_id, id }) => byKey.get(`${started_at}/${endpoint_id}/${id}`) ?? []);
}

/** The time, within what the store can hold. */
export function storable(timeMs: number): number {
  return Math.min(Math.max(timeMs, 0), Date.UTC(2200, 0, 1));
}

/** Runs by id, with their totals, newest first. */
export async function listRunRows(store: EventStore, ids: readonly string[], scope: Scope): Promise<RunRow[]> {
  return withTotals(store, await findRuns(store, ids, scope));
}

/** Adds the totals of their activities to runs. */
export async function withTotals(store: EventStore, runs: readonly RunRecord[]): Promise<RunRow[]> {
  if (runs.length === 0) return [];
  const { fromMs, toMs } = activityWindow(runs);
  const totals = await store.query<TotalsRecord>(
    `SELECT run_id, endpoint_id, sum(activities) AS activities, sum(library_count) AS libraries,
       sum(files_read) AS filesRead, sum(files_written) AS filesWritten, sum(host) AS hosts,
       sum(database_count) AS databases, sum(programs) AS programs,
       ${saturated('sum(host_bytes_in)')} AS bytesIn, ${saturated('sum(host_bytes_out)')} AS bytesOut, ${saturated('sum(db_rows)')} AS rows
     FROM (
       SELECT run_id, endpoint_id, multiIf(${NETWORK}, concat('host ', target), database != '', concat('db ', database), 'rest') AS part,
         count() AS activities,
         uniqExactIf(library, library != '') AS library_count,
         uniqExactIf(target, type = 'file.open' AND detail = 'read') AS files_read,
         uniqExactIf(target, type = 'file.open' AND detail != 'read') AS files_written,
         toUInt64(startsWith(part, 'host ')) AS host,
         toUInt64(startsWith(part, 'db ')) AS database_count,
         uniqExactIf(target, type = 'process.spawn') AS programs,
         ${networkBytes('bytes_in')} AS host_bytes_in,
         ${networkBytes('bytes_out')} AS host_bytes_out,
         sumIf(toFloat64(rows), type = 'db.query') AS db_rows
       FROM activity FINAL
       PREWHERE run_id IN {ids:Array(UUID)}
       WHERE first_seen BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')}
       GROUP BY run_id, endpoint_id, part
     )
     GROUP BY run_id, endpoint_id`,
    { ids: runs.map(({ id }) => id), from: storeTime(fromMs), to: storeTime(toMs) },
  );
  const byRun = new Map(totals.map(({ run_id, endpoint_id, ...rest }) => [`${endpoint_id}/${run_id}`, rest]));
  return runs.map((run) => ({ ...toStoredRun(run), totals: byRun.get(`${run.endpoint_id}/${run.id}`) ?? NOTHING }));
}

/** When the activities of runs may have been seen: from the first start to the last end, with a margin for clocks. */
export function activityWindow(runs: readonly Pick<RunRecord, 'started_at' | 'ended_at'>[]): Window {
  const starts = runs.map(({ started_at }) => Date.parse(started_at));
  const ends = runs.map(({ ended_at }) => (ended_at === null ? Number.POSITIVE_INFINITY : Date.parse(ended_at)));
  const latest = Date.now() + 3 * DAY_MS;
  return { fromMs: Math.min(...starts) - DAY_MS, toMs: Math.min(Math.max(...ends, ...starts) + DAY_MS, latest) };
}

/** SQL that is true for an activity with a network peer. A Unix socket has no port, so its detail is its transport. */
export const NETWORK = `(type IN ('net.connect', 'http.request') AND detail != 'unix' AND target != '')`;

/**
 * SQL for the bytes of one peer. Connections and HTTP requests may both count the same bytes, so the
 * larger of the two is taken.
 */
export function networkBytes(column: 'bytes_in' | 'bytes_out'): string {
  return `greatest(sumIf(toFloat64(${column}), type = 'net.connect'), sumIf(toFloat64(${column}), type = 'http.request'))`;
}

/** SQL that keeps a sum within what JSON numbers hold exactly. */
export function saturated(expression: string): string {
  return `toUInt64(least(toFloat64(${expression}), toFloat64(9007199254740991)))`;
}

/** SQL condition for a list's filters. */
export function runFilter(
  query: Partial<RunQuery>,
  { fromMs, toMs }: Window,
  scope: Scope,
): { where: string; parameters: QueryParameters } {
  const seen = scopeCondition(scope);
  const conditions = [
    `started_at >= {from:DateTime64(3, 'UTC')}`,
    `started_at < {to:DateTime64(3, 'UTC')}`,
    seen.condition,
  ];
  const parameters: Record<string, QueryParameters[string]> = {
    ...seen.parameters,
    from: storeTime(fromMs),
    to: storeTime(toMs),
  };
  const add = (name: string, value: string | undefined, condition: string) => {
    if (value === undefined || value === '') return;
    conditions.push(condition);
    parameters[name] = value;
  };
  const pattern = (text: string | undefined) => (text === undefined || text === '' ? undefined : containsPattern(text));
  add(
    'q',
    pattern(query.q),
    `(lowerUTF8(script_name) LIKE lowerUTF8({q:String}) OR lowerUTF8(ifNull(script_path, '')) LIKE lowerUTF8({q:String}))`,
  );
  add('endpointId', query.endpointId, 'endpoint_id = {endpointId:UUID}');
  add('scriptId', query.scriptId, 'script_id = {scriptId:String}');
  add('userName', query.userName, 'user_name = {userName:String}');
  add('status', query.status, 'status = {status:String}');
  add('exitRoute', query.exitRoute, 'exit_route = {exitRoute:String}');
  if (query.outcome === 'failed') conditions.push(FAILED);
  add(
    'target',
    pattern(query.target),
    `(endpoint_id, id) IN (${touching('lowerUTF8(target) LIKE lowerUTF8({target:String})')})`,
  );
  add(
    'library',
    query.library,
    `(endpoint_id, id) IN (${touching(`type = 'module.import' AND (lowerUTF8(library) = lowerUTF8({library:String}) OR lowerUTF8(target) = lowerUTF8({library:String}))`)})`,
  );
  return { where: conditions.join(' AND '), parameters };
}

/** Runs with an activity like this. What was ever true of an activity's target stays true: no FINAL is needed. */
function touching(condition: string): string {
  return `SELECT endpoint_id, run_id FROM activity WHERE ${condition} AND first_seen >= {from:DateTime64(3, 'UTC')} - INTERVAL 1 DAY`;
}

interface TotalsRecord extends RunTotals {
  readonly run_id: string;
  readonly endpoint_id: string;
}

const NOTHING: RunTotals = {
  activities: 0,
  libraries: 0,
  filesRead: 0,
  filesWritten: 0,
  hosts: 0,
  databases: 0,
  programs: 0,
  bytesIn: 0,
  bytesOut: 0,
  rows: 0,
};

function writeCursor({ started_at, endpoint_id, id }: RunRecord): string {
  return Buffer.from(JSON.stringify([Date.parse(started_at), endpoint_id, id])).toString('base64url');
}

function readCursor(cursor: string): Position {
  try {
    const [at, atEndpoint, atId] = JSON.parse(Buffer.from(cursor, 'base64url').toString()) as [number, string, string];
    const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
    if (uuid.test(atEndpoint) && uuid.test(atId))
      return { atMs: at, parameters: { at: storeTime(at), atEndpoint, atId } };
  } catch {
    // Falls through: whatever is wrong with it, it is not ours.
  }
  throw new SentinelError('bad-request', 'cursor: is none that this server gave');
}
