/**
 * Prints as JSON how long the console's main queries take over a filled store, through HTTP, and what an activity takes on disk.
 *
 *     node packages/server/bench/queries.ts [--activities 200000] [--endpoints 200] [--days 30] [--rounds 20]
 *     node packages/server/bench/queries.ts --fill engine --activities 40000000 --endpoints 10000 --days 90 --data DIR
 *
 * The last is the target's size. Rows are those of a simulated fleet, written straight into the event store as ingest writes
 * them; with `--fill engine` a small fleet is written like that, and the engine multiplies its endpoints and its days, which
 * takes minutes rather than hours. Then the days that are over are merged, as the store does by itself two hours later. With
 * `--data` the folder is kept, and filled only the first time. Each query is asked with other values in each round; the first
 * round is not counted.
 */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Client } from '@sentinel/client';
import { historyOf, planFleet, readTemplates, SeededRandom } from '@sentinel/simulator';
import { activityColumns, encodeActivity } from '../src/store/activity.ts';
import type { EventStore } from '../src/store/event-store.ts';
import { makeRollups } from '../src/store/make-rollups.ts';
import { encodeRun, runColumns } from '../src/store/run.ts';
import { makeFolder } from '../src/testing/make-folder.ts';
import { startTestServer } from '../src/testing/test-server.ts';

const { values } = parseArgs({
  options: {
    activities: { type: 'string', default: '200000' },
    endpoints: { type: 'string', default: '200' },
    days: { type: 'string', default: '30' },
    rounds: { type: 'string', default: '20' },
    data: { type: 'string' },
    fill: { type: 'string', default: 'server' },
  },
});
const [activities, endpoints, days, rounds] = [values.activities, values.endpoints, values.days, values.rounds].map(
  Number,
) as [number, number, number, number];
/** Rows of one insert: as large as group commit makes them under load. */
const INSERT_ROWS = 20_000;
const DAY_MS = 24 * 60 * 60 * 1000;
/** How often the engine writes each endpoint and each day again. */
const ENDPOINT_COPIES = 7;
const DAY_COPIES = 3;
/** A merge of all that there is takes its time. */
const LONG = { timeoutMs: 60 * 60 * 1000 };
const nowMs = Date.now();
const PLACES = ['/home', 'sales', '.csv', 'report', 'ledger', 'scripts', 'settings', 'customers'];
const LIBRARIES = ['openpyxl', 'requests', 'pandas', 'numpy', 'sqlite3', 'urllib3'];

const data = values.data ?? makeFolder();
mkdirSync(data, { recursive: true });
const marker = join(data, 'filled.json');
const server = await startTestServer({ data, requestsPerMinute: 100_000_000 });
const { events } = server.server.services;
const random = new SeededRandom('queries');
const templates = readTemplates();
/** The fleet that is written row by row: all of it, or what the engine makes copies of. */
const copied =
  values.fill === 'engine'
    ? { endpoints: Math.ceil(endpoints / ENDPOINT_COPIES), days: Math.ceil(days / DAY_COPIES) }
    : { endpoints, days };
const plan = planFleet({ endpoints: copied.endpoints, seed: 'queries', templates, runsPerHour: rateFor(activities) });
const ids = new Map(
  plan.endpoints.map(({ index }) => [index, new SeededRandom(`id ${index}`).uuidV7(1_700_000_000_000)]),
);
if (!existsSync(marker)) {
  const filledMs = await fill();
  if (values.fill === 'engine') await multiply();
  for (const table of ['run', 'activity']) await mergeDays(table);
  process.stderr.write(`filled in ${Math.round(filledMs / 1000)} s\n`);
  await events.query('SELECT 1');
  writeFileSync(marker, '{}\n');
}
// What the job of the server does by itself within a minute of its start.
await makeRollups(events, Date.now());
const { client } = await server.signIn();
const runIds = (await client.listRuns({ query: { limit: 200, since: ago(days) } })).items.map(({ id }) => id);
const scriptIds = (await client.listScripts({ query: { limit: 200, since: ago(days) } })).items.map(({ id }) => id);

const queries: Readonly<Record<string, (client: Client) => Promise<unknown>>> = {
  overview: (one) => one.getOverview(),
  'runs, newest': (one) => one.listRuns({ query: { since: ago(1 + random.below(days)) } }),
  'runs of a person': (one) =>
    one.listRuns({ query: { since: ago(days), userName: random.pick(plan.endpoints).userName } }),
  'runs of a machine': (one) =>
    one.listRuns({ query: { since: ago(days), endpointId: ids.get(random.pick(plan.endpoints).index) ?? '' } }),
  'runs that touched': (one) => one.listRuns({ query: { since: ago(days), target: random.pick(PLACES) } }),
  'runs with a library': (one) => one.listRuns({ query: { since: ago(days), library: random.pick(LIBRARIES) } }),
  'one run with its activities': async (one) => {
    const runId = random.pick(runIds);
    await Promise.all([one.getRun({ params: { runId } }), one.listRunActivities({ params: { runId } })]);
  },
  scripts: (one) =>
    one.listScripts({ query: { since: ago(days), sort: random.pick(['lastRunAt', 'runs', 'endpoints']) } }),
  'one script': (one) => one.getScript({ params: { scriptId: random.pick(scriptIds) } }),
  machines: (one) => one.listEndpoints({}),
};
const accesses: Readonly<Record<string, (client: Client) => Promise<unknown>>> = {
  'who accessed X in 90 days, 10,000 rows': (one) =>
    one.answerAudit({ query: { what: random.pick(PLACES), since: ago(90), limit: 10_000 } }),
};
const timings: Record<string, { p50Ms: number; p95Ms: number }> = {};
const all: number[] = [];
for (const [name, ask] of Object.entries({ ...queries, ...accesses })) {
  const times: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const started = performance.now();
    await ask(client);
    if (round > 0) times.push(performance.now() - started);
  }
  if (name in queries) all.push(...times);
  timings[name] = { p50Ms: share(times, 0.5), p95Ms: share(times, 0.95) };
}
const [disk] = await events.query<{ bytes: number; allBytes: number; rows: number }>(
  `SELECT sumIf(bytes_on_disk, table = 'activity') AS bytes, sum(bytes_on_disk) AS allBytes,
     sumIf(rows, table = 'activity') AS rows
   FROM system.parts WHERE active AND database = currentDatabase()`,
);
const [{ runs } = { runs: 0 }] = await events.query<{ runs: number }>('SELECT count() AS runs FROM run');
process.stdout.write(
  `${JSON.stringify({
    activities: disk?.rows ?? 0,
    runs,
    endpoints,
    days,
    bytesPerActivity: Math.round(((disk?.bytes ?? 0) / Math.max(1, disk?.rows ?? 0)) * 10) / 10,
    bytesPerActivityWithRuns: Math.round(((disk?.allBytes ?? 0) / Math.max(1, disk?.rows ?? 0)) * 10) / 10,
    tenQueriesP95Ms: share(all, 0.95),
    tenQueriesP50Ms: share(all, 0.5),
    queries: timings,
  })}\n`,
);
await server.close();
if (values.data === undefined) rmSync(data, { recursive: true, force: true });
process.exit(0);

/** Writes the history of the fleet day by day: inserts of many days at once would make thousands of parts. */
async function fill(): Promise<number> {
  const started = performance.now();
  const lives = plan.endpoints.map((endpoint) => {
    const made = historyOf(endpoint, plan.seed, copied.days, nowMs);
    return { id: ids.get(endpoint.index) ?? '', made, next: made.next().value };
  });
  let sequence = 0;
  let lines: { runs: string[]; activities: string[] } = { runs: [], activities: [] };
  for (let until = startOfDay(nowMs - copied.days * DAY_MS) + DAY_MS; until < nowMs + DAY_MS; until += DAY_MS) {
    for (const life of lives) {
      for (
        ;
        life.next !== undefined && Date.parse(life.next.run.startedAt) < until;
        life.next = life.made.next().value
      ) {
        const { run, activities: seen } = life.next;
        const origin = { endpointId: life.id, spoolId: life.id, sequence: ++sequence };
        const owner = { scriptId: run.script.id, userName: run.user.name };
        lines.runs.push(encodeRun(run, origin));
        for (const activity of seen) lines.activities.push(encodeActivity(activity, origin, owner));
      }
      if (lines.activities.length + lines.runs.length < INSERT_ROWS) continue;
      await write(events, lines);
      lines = { runs: [], activities: [] };
    }
    await write(events, lines);
    lines = { runs: [], activities: [] };
  }
  return performance.now() - started;
}

/**
 * Writes every run again for other endpoints and for earlier days. An id keeps the form of a UUID of version
 * 7: its first half holds the time and moves with it, its second half is another for each copy.
 */
async function multiply(): Promise<void> {
  const tables = [
    { table: 'run', columns: runColumns, day: 'started_at', runId: 'id', times: ['started_at', 'ended_at'] },
    {
      table: 'activity',
      columns: activityColumns,
      day: 'first_seen',
      runId: 'run_id',
      times: ['first_seen', 'last_seen'],
    },
  ];
  const written = [...ids.values()];
  for (const { table, columns, day, runId, times } of tables) {
    const found = await events.query<{ day: string }>(
      `SELECT DISTINCT toString(toDate(${day})) AS day FROM ${table} ORDER BY day`,
    );
    for (let back = 0; back < DAY_COPIES; back++) {
      const shiftMs = back * copied.days * DAY_MS;
      const other = (id: string, copy: string, moved: number) =>
        `reinterpretAsUUID(bitXor(reinterpretAsUInt128(${id}) - toUInt128(${moved} * 65536), bitShiftLeft(toUInt128((${copy}) * 320255973501901), 64)))`;
      const selected = columns.map((column) => {
        if (times.includes(column)) return `${column} - toIntervalMillisecond(${shiftMs}) AS ${column}_`;
        if (column === runId) return `${other(column, `copy * ${DAY_COPIES} + ${back}`, shiftMs)} AS ${column}_`;
        return column === 'endpoint_id' ? `${other(column, 'copy', 0)} AS ${column}_` : column;
      });
      // One day at a time, so that it comes as one part; of the days that were written only the copies.
      for (const { day: one } of found) {
        await events.query(
          `INSERT INTO ${table} (${columns.join(', ')}) SELECT ${selected.join(', ')}
           FROM (
             SELECT *, arrayJoin(range(${back === 0 ? 1 : 0}, ${ENDPOINT_COPIES})) AS copy FROM ${table}
             WHERE toDate(${day}) = {one:Date} AND endpoint_id IN {written:Array(UUID)}
           )
           SETTINGS max_execution_time = 0`,
          { one, written },
          LONG,
        );
      }
    }
  }
}

/** Merges the parts of each day, one day after the other. */
async function mergeDays(table: string): Promise<void> {
  const days = await events.query<{ day: string }>(
    `SELECT DISTINCT partition AS day FROM system.parts
     WHERE active AND database = currentDatabase() AND table = {table:String} ORDER BY day`,
    { table },
  );
  for (const { day } of days) await events.query(`OPTIMIZE TABLE ${table} PARTITION '${day}' FINAL`, {}, LONG);
}

/** Runs of an endpoint in an hour that make about so many activities over all days. */
function rateFor(wanted: number): number {
  const sample = planFleet({ endpoints: 40, seed: 'queries', templates, runsPerHour: 1 });
  const sampled = Math.min(days, 30);
  let seen = 0;
  for (const endpoint of sample.endpoints)
    for (const made of historyOf(endpoint, 'sample', sampled, nowMs)) seen += made.activities.length;
  return wanted / ((seen / sampled / sample.endpoints.length) * days * endpoints);
}

function startOfDay(timeMs: number): number {
  return Math.floor(timeMs / DAY_MS) * DAY_MS;
}

async function write(
  store: EventStore,
  lines: { runs: readonly string[]; activities: readonly string[] },
): Promise<void> {
  if (lines.runs.length === 0) return;
  await Promise.all([
    store.insert({ table: 'run', columns: runColumns, lines: Buffer.from(`${lines.runs.join('\n')}\n`) }),
    store.insert({
      table: 'activity',
      columns: activityColumns,
      lines: Buffer.from(`${lines.activities.join('\n')}\n`),
    }),
  ]);
}

function ago(someDays: number): string {
  return new Date(Date.now() - someDays * DAY_MS).toISOString();
}

function share(times: readonly number[], part: number): number {
  const sorted = times.toSorted((left, right) => left - right);
  return Math.round((sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0) * 10) / 10;
}
