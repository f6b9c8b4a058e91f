import type { Script, ScriptQuery, ScriptRow, Touched } from '@sentinel/protocol';
import { SentinelError } from '@sentinel/protocol';
import type { EventStore, QueryParameters } from './event-store.ts';
import { FAILED } from './run.ts';
import { runFilter, saturated, storable, type Window, windowOf } from './run-list.ts';
import { type Scope, scopeCondition } from './scope.ts';
import { DAY_MS, storeTime } from './store-time.ts';

interface ScriptRecord {
  readonly script_id: string;
  readonly kind: Script['kind'];
  readonly name: string;
  readonly path: string | null;
  readonly sha256: string | null;
  readonly size_bytes: number | null;
  readonly paths: string[];
  readonly runs: number;
  readonly running: number;
  readonly failures: number;
  readonly endpoints: number;
  readonly users: string[];
  readonly first_run_at: string;
  readonly last_run_at: string;
  readonly median_duration_ms: number | null;
}

/** What all runs of a script add up to; what the script is comes from its latest run. */
const SUMMARY = `script_id,
  argMax(script_kind, started_at) AS kind,
  argMax(script_name, started_at) AS name,
  argMax(tuple(script_path), started_at).1 AS path,
  argMax(tuple(script_sha256), started_at).1 AS sha256,
  argMax(tuple(script_size_bytes), started_at).1 AS size_bytes,
  arraySort(groupUniqArrayIf(10)(ifNull(script_path, ''), isNotNull(script_path))) AS paths,
  count() AS runs,
  countIf(status = 'running') AS running,
  countIf(${FAILED}) AS failures,
  uniqExact(endpoint_id) AS endpoints,
  arraySort(groupUniqArray(10)(user_name)) AS users,
  min(started_at) AS first_run_at,
  max(started_at) AS last_run_at,
  quantileOrNull(0.5)(duration_ms) AS median_duration_ms`;

/** Sort keys; all but the name fall, and the id makes every order total. */
const ORDER: Readonly<Record<ScriptQuery['sort'], string>> = {
  lastRunAt: 'last_run_at DESC, script_id',
  runs: 'runs DESC, script_id',
  endpoints: 'endpoints DESC, script_id',
  name: 'lowerUTF8(name), script_id',
};

/** A page of scripts and how many match. The cursor is a position: the list is an aggregate that moves. */
export async function listScriptPage(
  store: EventStore,
  query: ScriptQuery & { limit: number; cursor?: string | undefined },
  scope: Scope,
  nowMs: number,
): Promise<{ items: ScriptRow[]; nextCursor?: string; total: number }> {
  const { where, parameters } = scriptFilter(query, scope, nowMs);
  const offset = query.cursor === undefined ? 0 : readCursor(query.cursor);
  const [rows, [counted]] = await Promise.all([
    store.query<ScriptRecord>(
      `SELECT ${SUMMARY} FROM run FINAL WHERE ${where} GROUP BY script_id
       ORDER BY ${ORDER[query.sort]} LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
      { ...parameters, limit: query.limit + 1, offset },
    ),
    store.query<{ total: number }>(`SELECT uniqExact(script_id) AS total FROM run FINAL WHERE ${where}`, parameters),
  ]);
  const shown = rows.slice(0, query.limit);
  // When others first ran it is not for a part of the fleet to know.
  const firsts = await firstRuns(store, scope.isAll ? shown.map(({ script_id }) => script_id) : []);
  return {
    items: shown.map((row) => ({ ...toScriptRow(row), firstRunAt: firsts.get(row.script_id) ?? row.first_run_at })),
    ...(rows.length > query.limit ? { nextCursor: writeCursor(offset + query.limit) } : {}),
    total: counted?.total ?? 0,
  };
}

function scriptFilter(query: ScriptQuery, scope: Scope, nowMs: number): ReturnType<typeof runFilter> {
  const filter = runFilter(query, windowOf(query, nowMs), scope);
  if (query.newSince === undefined) return filter;
  const born = `script_id IN (
    SELECT script_id FROM script_seen GROUP BY script_id HAVING min(first_run_at) >= {newSince:DateTime64(3, 'UTC')}
  )`;
  const newSince = storeTime(storable(Date.parse(query.newSince)));
  return { where: `${filter.where} AND ${born}`, parameters: { ...filter.parameters, newSince } };
}

/** One script over its whole life, or undefined if it never ran within the scope. */
export async function findScript(
  store: EventStore,
  scriptId: string,
  scope: Scope,
): Promise<{ row: ScriptRow; life: Window } | undefined> {
  const life = await lifeOf(store, scriptId);
  if (life === undefined) return undefined;
  const [row] = await store.query<ScriptRecord>(
    `SELECT ${SUMMARY} FROM run FINAL WHERE ${OF_SCRIPT} AND ${scopeCondition(scope).condition} GROUP BY script_id`,
    inLife(scriptId, life, scope),
  );
  return row === undefined ? undefined : { row: toScriptRow(row), life };
}

/** What a script touched over its life: most used first within a type, every type with a fair share of the places. */
export async function listTouched(
  store: EventStore,
  scriptId: string,
  life: Window,
  scope: Scope,
  limit: number,
): Promise<{ items: Touched[]; total: number }> {
  const { condition } = scopeCondition(scope);
  const ofRuns = `(endpoint_id, run_id) IN (SELECT endpoint_id, id FROM run WHERE ${OF_SCRIPT} AND ${condition})`;
  const rows = await store.query<Touched & { total: number; place: number }>(
    `SELECT * FROM (
       SELECT type, if(library != '', library, target) AS target, detail, uniqExact(run_id) AS runs,
         ${saturated('sum(toFloat64(activity.count))')} AS count, ${saturated('sum(toFloat64(bytes_in))')} AS bytesIn,
         ${saturated('sum(toFloat64(bytes_out))')} AS bytesOut, ${saturated('sum(toFloat64(activity.rows))')} AS rows,
         min(first_seen) AS firstSeen, max(last_seen) AS lastSeen,
         row_number() OVER (PARTITION BY type ORDER BY count DESC, target, detail) AS place,
         count() OVER () AS total
       FROM activity FINAL
       WHERE first_seen BETWEEN {from:DateTime64(3, 'UTC')} - INTERVAL 1 DAY AND {until:DateTime64(3, 'UTC')}
         AND script_id IN ({scriptId:String}, '')
         AND (${scope.isAll ? `script_id = {scriptId:String} OR ${ofRuns}` : ofRuns})
       GROUP BY type, target, detail
     )
     ORDER BY place, type LIMIT {limit:UInt32}`,
    { ...inLife(scriptId, life, scope), until: storeTime(Date.now() + 3 * DAY_MS), limit },
  );
  const total = rows[0]?.total ?? 0;
  const items = rows.map(({ total: _total, place: _place, ...touched }): Touched => touched);
  return { items: items.sort((a, b) => (a.type < b.type ? -1 : a.type > b.type ? 1 : b.count - a.count)), total };
}

/** Interpreters that ran a script, most runs first. */
export function listScriptInterpreters(
  store: EventStore,
  scriptId: string,
  life: Window,
  scope: Scope,
): Promise<{ path: string; version: string; runs: number }[]> {
  return store.query(
    `SELECT interpreter_path AS path, interpreter_version AS version, count() AS runs FROM run FINAL
     WHERE ${OF_SCRIPT} AND ${scopeCondition(scope).condition}
     GROUP BY path, version ORDER BY runs DESC, path, version LIMIT 100`,
    inLife(scriptId, life, scope),
  );
}

/** Computers that a script ran on, latest first. */
export function listScriptMachines(
  store: EventStore,
  scriptId: string,
  life: Window,
  scope: Scope,
): Promise<{ endpointId: string; hostName: string; runs: number; lastRunAt: string }[]> {
  return store.query(
    `SELECT endpoint_id AS endpointId, argMax(host_name, started_at) AS hostName, count() AS runs, max(started_at) AS lastRunAt FROM run FINAL
     WHERE ${OF_SCRIPT} AND ${scopeCondition(scope).condition}
     GROUP BY endpoint_id ORDER BY lastRunAt DESC, endpointId LIMIT 1000`,
    inLife(scriptId, life, scope),
  );
}

const OF_SCRIPT = `script_id = {scriptId:String} AND started_at BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')}`;

function inLife(scriptId: string, { fromMs, toMs }: Window, scope: Scope): QueryParameters {
  return { ...scopeCondition(scope).parameters, scriptId, from: storeTime(fromMs), to: storeTime(toMs) };
}

async function lifeOf(store: EventStore, scriptId: string): Promise<Window | undefined> {
  const [row] = await store.query<{ known: number; first: string; last: string }>(
    `SELECT count() AS known, min(first_run_at) AS first, max(last_run_at) AS last FROM script_seen WHERE script_id = {scriptId:String}`,
    { scriptId },
  );
  return row === undefined || row.known === 0
    ? undefined
    : { fromMs: Date.parse(row.first), toMs: Date.parse(row.last) };
}

async function firstRuns(store: EventStore, scriptIds: readonly string[]): Promise<Map<string, string>> {
  if (scriptIds.length === 0) return new Map();
  const rows = await store.query<{ script_id: string; first: string }>(
    'SELECT script_id, min(first_run_at) AS first FROM script_seen WHERE script_id IN {scriptIds:Array(String)} GROUP BY script_id',
    { scriptIds },
  );
  return new Map(rows.map(({ script_id, first }) => [script_id, first]));
}

function toScriptRow(row: ScriptRecord): ScriptRow {
  return {
    id: row.script_id,
    kind: row.kind,
    name: row.name,
    ...(row.path === null ? {} : { path: row.path }),
    ...(row.sha256 === null ? {} : { sha256: row.sha256 }),
    ...(row.size_bytes === null ? {} : { sizeBytes: row.size_bytes }),
    paths: row.paths,
    runs: row.runs,
    running: row.running,
    failures: row.failures,
    endpoints: row.endpoints,
    users: row.users,
    firstRunAt: row.first_run_at,
    lastRunAt: row.last_run_at,
    ...(row.median_duration_ms === null ? {} : { medianDurationMs: row.median_duration_ms }),
  };
}

function writeCursor(offset: number): string {
  return Buffer.from(JSON.stringify(offset)).toString('base64url');
}

function readCursor(cursor: string): number {
  const offset = Number(Buffer.from(cursor, 'base64url').toString());
  if (Number.isSafeInteger(offset) && offset >= 0 && offset < 2 ** 32) return offset;
  throw new SentinelError('bad-request', 'cursor: is none that this server gave');
}
