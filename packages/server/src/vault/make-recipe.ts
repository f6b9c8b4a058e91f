import type { RunRecipe } from '@sentinel/protocol';
import type { ControlStore } from '../store/control-store.ts';
import type { EventStore } from '../store/event-store.ts';
import { listSchedulesOf } from '../store/schedule.ts';
import { DAY_MS, storeTime } from '../store/store-time.ts';

/** Rows of each part; what a script does beyond that is said by the counts of its page. */
const MAX_ROWS = 200;
const READS = `(type = 'file.open' AND detail = 'read' OR type = 'db.query' AND detail IN ('SELECT', 'SHOW', 'PRAGMA', 'WITH') OR type = 'document.use' AND detail = 'read')`;
const WRITES = `(type = 'file.open' AND detail != 'read' OR type = 'file.change' OR type = 'db.query' AND detail NOT IN ('SELECT', 'SHOW', 'PRAGMA', 'WITH') OR type IN ('mail.send', 'ai.request', 'storage.call', 'http.request', 'net.connect'))`;

/** What a version of a script needs to run again, from all its runs that are still known; undefined if none is. */
export async function makeRecipe(
  control: ControlStore,
  events: EventStore,
  scriptId: string,
  nowMs: number,
): Promise<RunRecipe | undefined> {
  const life = await lifeOf(events, scriptId);
  if (life === undefined) return undefined;
  const parameters = { scriptId, from: storeTime(life.fromMs), to: storeTime(life.toMs) };
  const ask = <Row>(sql: string) => events.query<Row>(sql, parameters);
  const ofRuns = <Row>(columns: string, keys: string) =>
    ask<Row>(
      `SELECT ${columns}, count() AS runs, max(started_at) AS lastSeenAt FROM run FINAL WHERE ${OF_RUNS}
       GROUP BY ${keys} ORDER BY lastSeenAt DESC LIMIT ${MAX_ROWS}`,
    );
  const places = (condition: string) =>
    ask<RunRecipe['sources'][number]>(
      `SELECT type, target, detail, database, uniqExact(run_id) AS runs,
         toUInt64(least(sum(toFloat64(activity.rows)), 9007199254740991.)) AS rows,
         toUInt64(least(sum(toFloat64(bytes_in) + toFloat64(bytes_out)), 9007199254740991.)) AS bytes
       FROM activity FINAL WHERE ${OF_ACTIVITIES} AND ${condition}
       GROUP BY type, target, detail, database ORDER BY runs DESC, bytes DESC, target LIMIT ${MAX_ROWS}`,
    );
  const [[summary], machines, interpreters, packages, shapes, folders, sources, destinations, programs] =
    await Promise.all([
      ask<{ runs: number; first: string; last: string; users: string[]; paths: string[] }>(
        `SELECT count() AS runs, min(started_at) AS first, max(started_at) AS last,
           arraySort(groupUniqArray(50)(user_name)) AS users,
           groupUniqArray(50)(ifNull(script_path, script_name)) AS paths FROM run FINAL WHERE ${OF_RUNS}`,
      ),
      ask<RunRecipe['machines'][number]>(
        `SELECT endpoint_id AS endpointId, argMax(host_name, started_at) AS hostName, count() AS runs FROM run FINAL
         WHERE ${OF_RUNS} GROUP BY endpoint_id ORDER BY runs DESC, endpointId LIMIT ${MAX_ROWS}`,
      ),
      ofRuns<RunRecipe['interpreters'][number]>(
        'interpreter_implementation AS implementation, interpreter_version AS version',
        'implementation, version',
      ),
      ask<{ name: string; version: string; runs: number; lastSeenAt: string }>(
        `SELECT library AS name, attributes['sentinel.distribution.version'] AS version, uniqExact(run_id) AS runs,
           max(last_seen) AS lastSeenAt
         FROM activity FINAL WHERE ${OF_ACTIVITIES} AND type = 'module.import' AND library != ''
         GROUP BY name, version ORDER BY name, lastSeenAt DESC LIMIT 2000`,
      ),
      ofRuns<RunRecipe['arguments'][number]>('argument_count AS count, argument_shape AS shape', 'count, shape'),
      ofRuns<RunRecipe['workingDirectories'][number]>(`ifNull(working_directory, '') AS path`, 'path'),
      places(READS),
      places(WRITES),
      places(`type = 'process.spawn'`),
    ]);
  if (summary === undefined || summary.runs === 0) return undefined;
  return {
    madeAt: new Date(nowMs).toISOString(),
    runs: summary.runs,
    firstRunAt: summary.first,
    lastRunAt: summary.last,
    users: summary.users,
    machines,
    interpreters,
    packages: onePerName(packages),
    arguments: shapes,
    workingDirectories: folders.filter(({ path }) => path !== ''),
    schedules: (await listSchedulesOf(control, { paths: summary.paths })).map(({ script: _script, ...rest }) => rest),
    sources,
    destinations,
    programs,
  };
}

const OF_RUNS = `script_id = {scriptId:String} AND started_at BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')}`;
/** A row that came before its run has no script yet: it is found by its run. */
const OF_ACTIVITIES = `first_seen BETWEEN {from:DateTime64(3, 'UTC')} - INTERVAL 1 DAY AND {to:DateTime64(3, 'UTC')} + INTERVAL 3 DAY
  AND script_id IN ({scriptId:String}, '')
  AND (script_id = {scriptId:String} OR (endpoint_id, run_id) IN (SELECT endpoint_id, id FROM run WHERE ${OF_RUNS}))`;

async function lifeOf(events: EventStore, scriptId: string): Promise<{ fromMs: number; toMs: number } | undefined> {
  const [row] = await events.query<{ known: number; first: string; last: string }>(
    'SELECT count() AS known, min(first_run_at) AS first, max(last_run_at) AS last FROM script_seen WHERE script_id = {scriptId:String}',
    { scriptId },
  );
  if (row === undefined || row.known === 0) return undefined;
  return { fromMs: Date.parse(row.first), toMs: Date.parse(row.last) + DAY_MS / 24 };
}

/** Of several versions the one that was imported last is to be installed; the others are told. */
function onePerName(
  rows: readonly { name: string; version: string; runs: number; lastSeenAt: string }[],
): RunRecipe['packages'] {
  return [...Map.groupBy(rows, ({ name }) => name)].flatMap(([, versions]) => {
    const [latest, ...others] = versions;
    if (latest === undefined) return [];
    return [{ ...latest, otherVersions: others.map(({ version }) => version).filter((version) => version !== '') }];
  });
}
