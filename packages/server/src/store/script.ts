import type { Script, ScriptQuery, ScriptRow } from '@sentinel/protocol';
import { SentinelError } from '@sentinel/protocol';
import type { EventStore, QueryParameters } from './event-store.ts';
import { FAILED } from './run.ts';
import { runFilter, storable, type Window, windowOf } from './run-list.ts';
import { type Scope, scopeCondition } from './scope.ts';
import { placesOf, rankByPlaces, type ScriptPlaces, type ScriptSums, SumsSince } from './script-sums.ts';
import { DAY_MS, storeTime } from './store-time.ts';

interface LatestRecord {
  readonly script_id: string;
  readonly kind: Script['kind'];
  readonly name: string;
  readonly path: string | null;
  readonly sha256: string | null;
  readonly size_bytes: number | null;
}

type ScriptRecord = LatestRecord & ScriptSums & ScriptPlaces;

/** What all runs of a script add up to, in two questions that are asked side by side. */
const AMOUNTS = `script_id,
  count() AS runs,
  countIf(status = 'running') AS running,
  countIf(${FAILED}) AS failures,
  min(started_at) AS first_run_at,
  max(started_at) AS last_run_at,
  quantileOrNull(0.5)(duration_ms) AS median_duration_ms`;
const PLACES = `script_id,
  uniqExact(endpoint_id) AS endpoints,
  arraySort(groupUniqArray(10)(user_name)) AS users,
  arraySort(groupUniqArrayIf(10)(ifNull(script_path, ''), isNotNull(script_path))) AS paths`;

/** What a script is, as its latest run says. */
const LATEST = `script_id,
  argMax(script_kind, started_at) AS kind,
  argMax(script_name, started_at) AS name,
  argMax(tuple(script_path), started_at).1 AS path,
  argMax(tuple(script_sha256), started_at).1 AS sha256,
  argMax(tuple(script_size_bytes), started_at).1 AS size_bytes`;

/** What a list is sorted by, and how; the id makes every order total. */
const ORDER: Readonly<Record<ScriptQuery['sort'], { readonly key: string; readonly order: string }>> = {
  lastRunAt: { key: 'max(started_at)', order: 'sort_key DESC, script_id' },
  runs: { key: 'count()', order: 'sort_key DESC, script_id' },
  endpoints: { key: 'uniqExact(endpoint_id)', order: 'sort_key DESC, script_id' },
  name: { key: 'lowerUTF8(argMax(script_name, started_at))', order: 'sort_key, script_id' },
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
  const summed = isOfWholeFleet(query, scope) ? windowOf(query, nowMs).fromMs : undefined;
  const sums = summed === undefined ? undefined : await SumsSince.open(store, summed);
  // The order first, from what it is made of alone; the rest only of the scripts that are shown.
  const ranked = await rank(store, query, sums, where, { ...parameters, limit: query.limit + 1, offset });
  const ids = ranked.slice(0, query.limit).map(({ script_id }) => script_id);
  const [shown, total] = await Promise.all([
    summarise(store, ids, where, parameters, sums === undefined ? undefined : { sums, fromMs: summed ?? 0 }),
    ranked[0]?.total ?? (offset === 0 ? 0 : countScripts(store, where, parameters)),
  ]);
  // When others first ran it is not for a part of the fleet to know.
  const firsts = await firstRuns(store, scope.isAll ? shown.map(({ script_id }) => script_id) : []);
  return {
    items: shown.map((row) => ({ ...toScriptRow(row), firstRunAt: firsts.get(row.script_id) ?? row.first_run_at })),
    ...(ranked.length > query.limit ? { nextCursor: writeCursor(offset + query.limit) } : {}),
    total,
  };
}

/** Ids of matching scripts in the order that is asked for, and how many match. */
function rank(
  store: EventStore,
  { sort, newSince }: ScriptQuery,
  sums: SumsSince | undefined,
  where: string,
  parameters: QueryParameters,
): Promise<{ script_id: string; total: number }[]> {
  const condition = newSince === undefined ? '1' : BORN;
  if (sums !== undefined) {
    if (sort === 'runs') return sums.rankByRuns(condition, parameters);
    if (sort !== 'name') return rankByPlaces(store, sort, condition, parameters);
  }
  const { key, order } = ORDER[sort];
  return store.query(
    `SELECT script_id, total FROM (
       SELECT script_id, ${key} AS sort_key, count() OVER () AS total FROM run FINAL WHERE ${where} GROUP BY script_id
     )
     ORDER BY ${order} LIMIT {limit:UInt32} OFFSET {offset:UInt32}`,
    parameters,
  );
}

/** What the matching runs of scripts add up to, in the order of the ids. */
async function summarise(
  store: EventStore,
  ids: readonly string[],
  where: string,
  parameters: QueryParameters,
  summed?: { readonly sums: SumsSince; readonly fromMs: number },
): Promise<ScriptRecord[]> {
  if (ids.length === 0) return [];
  const ask = <Row>(selection: string) =>
    store.query<Row>(
      `SELECT ${selection} FROM run FINAL WHERE script_id IN {shown:Array(String)} AND ${where} GROUP BY script_id`,
      { ...parameters, shown: ids },
    );
  const [amounts, places] = await Promise.all(
    summed === undefined
      ? [ask<ScriptSums>(AMOUNTS), ask<ScriptPlaces>(PLACES)]
      : [summed.sums.amountsOf(ids), placesOf(store, ids, summed.fromMs)],
  );
  // The latest run of each is named by its time, so that the key of the table finds it.
  const latest = await store.query<LatestRecord>(
    `SELECT ${LATEST} FROM run FINAL
     WHERE (script_id, started_at) IN (
         SELECT id, toDateTime64(at, 3, 'UTC') FROM (
           SELECT arrayJoin(arrayZip({lastIds:Array(String)}, {lastTimes:Array(String)})) AS pair, pair.1 AS id, pair.2 AS at
         )
       )
       AND started_at IN (SELECT toDateTime64(arrayJoin({lastTimes:Array(String)}), 3, 'UTC')) AND ${where}
     GROUP BY script_id`,
    {
      ...parameters,
      lastIds: amounts.map(({ script_id }) => script_id),
      lastTimes: amounts.map(({ last_run_at }) => storeTime(Date.parse(last_run_at))),
    },
  );
  const amountOf = new Map(amounts.map((row) => [row.script_id, row]));
  const placeOf = new Map(places.map((row) => [row.script_id, row]));
  const latestOf = new Map(latest.map((row) => [row.script_id, row]));
  return ids.flatMap((id) => {
    const [amount, place, last] = [amountOf.get(id), placeOf.get(id), latestOf.get(id)];
    return amount === undefined || place === undefined || last === undefined ? [] : [{ ...amount, ...place, ...last }];
  });
}

async function countScripts(store: EventStore, where: string, parameters: QueryParameters): Promise<number> {
  const [counted] = await store.query<{ total: number }>(
    `SELECT uniqExact(script_id) AS total FROM run FINAL WHERE ${where}`,
    parameters,
  );
  return counted?.total ?? 0;
}

function scriptFilter(query: ScriptQuery, scope: Scope, nowMs: number): ReturnType<typeof runFilter> {
  const filter = runFilter(query, windowOf(query, nowMs), scope);
  if (query.newSince === undefined) return filter;
  const newSince = storeTime(storable(Date.parse(query.newSince)));
  return { where: `${filter.where} AND ${BORN}`, parameters: { ...filter.parameters, newSince } };
}

/** SQL that is true for a script that was born since a time. */
const BORN = `script_id IN (
  SELECT script_id FROM script_seen GROUP BY script_id HAVING min(first_run_at) >= {newSince:DateTime64(3, 'UTC')}
)`;

/** Whether a question is about every run since a time, which sums of days can answer. */
function isOfWholeFleet({ q, endpointId, userName, target, library }: ScriptQuery, scope: Scope): boolean {
  return scope.isAll && [q, endpointId, userName, target, library].every((part) => part === undefined || part === '');
}

/** One script over its whole life, or undefined if it never ran within the scope. */
export async function findScript(
  store: EventStore,
  scriptId: string,
  scope: Scope,
): Promise<{ row: ScriptRow; life: Window } | undefined> {
  const life = await lifeOf(store, scriptId);
  if (life === undefined) return undefined;
  const fromMs = Math.floor(life.fromMs / DAY_MS) * DAY_MS;
  const [row] = await summarise(
    store,
    [scriptId],
    `${OF_SCRIPT} AND ${scopeCondition(scope).condition}`,
    inLife(scriptId, life, scope),
    scope.isAll ? { sums: await SumsSince.open(store, fromMs), fromMs } : undefined,
  );
  return row === undefined ? undefined : { row: toScriptRow(row), life };
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
     PREWHERE script_id = {scriptId:String} WHERE ${OF_SCRIPT} AND ${scopeCondition(scope).condition}
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
     PREWHERE script_id = {scriptId:String} WHERE ${OF_SCRIPT} AND ${scopeCondition(scope).condition}
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
