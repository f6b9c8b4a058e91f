import type { EventStore, QueryParameters } from './event-store.ts';
import { FAILED } from './run.ts';
import { DEFAULT_WINDOW_DAYS, NETWORK, networkBytes, saturated } from './run-list.ts';
import { type Scope, scopeCondition } from './scope.ts';
import { DAY_MS, storeTime } from './store-time.ts';

const HOUR_MS = DAY_MS / 24;
/** Days that the rankings look back. */
const RANKING_DAYS = 7;

/** What an endpoint ran. */
export interface EndpointRuns {
  readonly endpointId: string;
  readonly runs24h: number;
  readonly running: number;
  readonly scripts: number;
}

/** Runs of each endpoint within the default window. */
export async function listEndpointRuns(store: EventStore, scope: Scope, nowMs: number): Promise<EndpointRuns[]> {
  const { condition } = scopeCondition(scope);
  const ask = <Row>(sql: string) => store.query<Row>(sql, windows(nowMs, scope), { maxRows: 200_000 });
  const [runs, scripts] = await Promise.all([
    ask<{ endpointId: string; runs24h: number; running: number }>(
      `SELECT endpoint_id AS endpointId, countIf(started_at >= {day:DateTime64(3, 'UTC')}) AS runs24h,
         countIf(status = 'running') AS running
       FROM run FINAL WHERE started_at >= {from:DateTime64(3, 'UTC')} AND ${condition}
       GROUP BY endpoint_id`,
    ),
    ask<{ endpointId: string; scripts: number }>(
      `SELECT endpoint_id AS endpointId, uniqExact(script_id) AS scripts FROM script_place
       WHERE last_run_at >= {from:DateTime64(3, 'UTC')} AND ${condition}
       GROUP BY endpoint_id`,
    ),
  ]);
  const scriptsOf = new Map(scripts.map((row) => [row.endpointId, row.scripts]));
  return runs.map((row) => ({ ...row, scripts: scriptsOf.get(row.endpointId) ?? 0 }));
}

/** Interpreters that were used on each endpoint within the default window, at most twenty each. */
export function listEndpointInterpreters(
  store: EventStore,
  scope: Scope,
  nowMs: number,
): Promise<{ endpointId: string; path: string; version: string; runs: number }[]> {
  return store.query(
    `SELECT endpoint_id AS endpointId, interpreter_path AS path, interpreter_version AS version, count() AS runs
     FROM run FINAL WHERE started_at >= {from:DateTime64(3, 'UTC')} AND ${scopeCondition(scope).condition}
     GROUP BY endpointId, path, version ORDER BY endpointId, runs DESC, path, version LIMIT 20 BY endpointId`,
    windows(nowMs, scope),
    { maxRows: 1_000_000 },
  );
}

/** Counts of runs. */
export interface RunCounts {
  readonly runsNow: number;
  readonly runs24h: number;
  readonly failures24h: number;
  readonly users: number;
}

/** Runs going on and accounts within the default window; runs and failures of the last 24 hours. */
export async function countRuns(store: EventStore, scope: Scope, nowMs: number): Promise<RunCounts> {
  const [counts] = await store.query<RunCounts>(
    `SELECT countIf(status = 'running') AS runsNow, countIf(started_at >= {day:DateTime64(3, 'UTC')}) AS runs24h,
       countIf(started_at >= {day:DateTime64(3, 'UTC')} AND ${FAILED}) AS failures24h, uniqExact(user_name) AS users
     FROM run FINAL WHERE started_at >= {from:DateTime64(3, 'UTC')} AND ${scopeCondition(scope).condition}`,
    windows(nowMs, scope),
  );
  return counts ?? { runsNow: 0, runs24h: 0, failures24h: 0, users: 0 };
}

/** Scripts that ran within the default window, and those of them whose first run lies in the last 7 days. */
export async function countScripts(
  store: EventStore,
  scope: Scope,
  nowMs: number,
): Promise<{ scripts: number; scriptsNew7d: number }> {
  if (!scope.isAll) return countScriptsWithin(store, scope, nowMs);
  const [counts] = await store.query<{ scripts: number; scriptsNew7d: number }>(
    `SELECT count() AS scripts, countIf(first >= {week:DateTime64(3, 'UTC')}) AS scriptsNew7d
     FROM (SELECT script_id, min(first_run_at) AS first, max(last_run_at) AS last FROM script_seen GROUP BY script_id)
     WHERE last >= {from:DateTime64(3, 'UTC')}`,
    windows(nowMs, scope),
  );
  return counts ?? { scripts: 0, scriptsNew7d: 0 };
}

/** The same within a scope: new is what is new within it, for when others ran it is not for it to know. */
async function countScriptsWithin(
  store: EventStore,
  scope: Scope,
  nowMs: number,
): Promise<{ scripts: number; scriptsNew7d: number }> {
  const [counts] = await store.query<{ scripts: number; scriptsNew7d: number }>(
    `SELECT countIf(last >= {from:DateTime64(3, 'UTC')}) AS scripts,
       countIf(first >= {week:DateTime64(3, 'UTC')}) AS scriptsNew7d
     FROM (
       SELECT script_id, min(started_at) AS first, max(started_at) AS last FROM run
       WHERE ${scopeCondition(scope).condition} GROUP BY script_id
     )`,
    windows(nowMs, scope),
  );
  return counts ?? { scripts: 0, scriptsNew7d: 0 };
}

/** Runs and failures of the last 24 hours, hour by hour, oldest first, empty hours included. */
export async function listRunsByHour(
  store: EventStore,
  scope: Scope,
  nowMs: number,
): Promise<{ hour: string; runs: number; failures: number }[]> {
  const lastHourMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const hours = Array.from({ length: 24 }, (_, index) => new Date(lastHourMs - (23 - index) * HOUR_MS).toISOString());
  const rows = await store.query<{ hour: string; runs: number; failures: number }>(
    `SELECT toDateTime64(toStartOfHour(started_at), 3, 'UTC') AS hour, count() AS runs, countIf(${FAILED}) AS failures
     FROM run FINAL WHERE started_at >= {first:DateTime64(3, 'UTC')} AND ${scopeCondition(scope).condition} GROUP BY hour`,
    { ...scopeCondition(scope).parameters, first: storeTime(lastHourMs - 23 * HOUR_MS) },
  );
  const byHour = new Map(rows.map((row) => [row.hour, row]));
  return hours.map((hour) => byHour.get(hour) ?? { hour, runs: 0, failures: 0 });
}

/** One line of a ranking. */
export interface Ranked {
  readonly name: string;
  readonly runs: number;
  readonly scripts: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
}

/** Network peers of the last 7 days, most bytes sent first. */
export function rankHosts(store: EventStore, scope: Scope, nowMs: number): Promise<Ranked[]> {
  return rank(
    store,
    scope,
    nowMs,
    'target',
    NETWORK,
    [networkBytes('bytes_in'), networkBytes('bytes_out')],
    'bytesOut DESC, runs DESC',
  );
}

/** Databases of the last 7 days, most runs first. */
export function rankDatabases(store: EventStore, scope: Scope, nowMs: number): Promise<Ranked[]> {
  const bytes: [string, string] = ['sum(toFloat64(bytes_in))', 'sum(toFloat64(bytes_out))'];
  return rank(store, scope, nowMs, 'database', `database != ''`, bytes, 'runs DESC, bytesOut DESC');
}

/** Distributions imported in the last 7 days, most runs first. */
export function rankLibraries(store: EventStore, scope: Scope, nowMs: number): Promise<Ranked[]> {
  return rank(store, scope, nowMs, 'library', `type = 'module.import' AND library != ''`, ['0', '0'], 'runs DESC');
}

function rank(
  store: EventStore,
  scope: Scope,
  nowMs: number,
  name: string,
  condition: string,
  [bytesIn, bytesOut]: [string, string],
  order: string,
): Promise<Ranked[]> {
  return store.query(
    `SELECT name, uniqExact(run_id) AS runs, uniqExactIf(script_id, script_id != '') AS scripts,
       ${saturated('sum(of_run_in)')} AS bytesIn, ${saturated('sum(of_run_out)')} AS bytesOut
     FROM (
       SELECT ${name} AS name, run_id, any(script_id) AS script_id, ${bytesIn} AS of_run_in, ${bytesOut} AS of_run_out
       FROM activity FINAL
       WHERE first_seen >= {week:DateTime64(3, 'UTC')} AND ${condition} AND ${scopeCondition(scope).condition}
       GROUP BY name, run_id
     )
     GROUP BY name ORDER BY ${order}, name LIMIT 10`,
    windows(nowMs, scope),
  );
}

function windows(nowMs: number, scope: Scope): QueryParameters {
  return {
    ...scopeCondition(scope).parameters,
    day: storeTime(nowMs - DAY_MS),
    week: storeTime(nowMs - RANKING_DAYS * DAY_MS),
    from: storeTime(nowMs - DEFAULT_WINDOW_DAYS * DAY_MS),
  };
}

/** Endpoints on which runs within a scope were seen within the default window. */
export async function listEndpointIdsWithin(store: EventStore, scope: Scope, nowMs: number): Promise<string[]> {
  const rows = await store.query<{ id: string }>(
    `SELECT DISTINCT endpoint_id AS id FROM run
     WHERE started_at >= {from:DateTime64(3, 'UTC')} AND ${scopeCondition(scope).condition}`,
    windows(nowMs, scope),
    { maxRows: 200_000 },
  );
  return rows.map(({ id }) => id);
}
