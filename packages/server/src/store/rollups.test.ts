import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createLog } from '../log.ts';
import { makeFolder } from '../testing/make-folder.ts';
import { ago, library, makeActivity, makeRun } from '../testing/rows.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import { activityColumns, encodeActivity } from './activity.ts';
import { ChdbEventStore } from './chdb-event-store.ts';
import { makeRollups } from './make-rollups.ts';
import { coverOf, dayOf } from './rollup.ts';
import { encodeRun, runColumns } from './run.ts';
import { EVERYTHING, type Scope } from './scope.ts';
import { findScript, listScriptInterpreters, listScriptMachines, listScriptPage } from './script.ts';
import { DAY_MS } from './store-time.ts';
import { listTouched } from './touched.ts';

const ENDPOINTS = Array.from({ length: 4 }, () => newUuidV7());
const SCRIPTS = ['a', 'b', 'c'].map((letter) => letter.repeat(32));
/** Everything as well, but asked for computer by computer: such questions are answered from rows alone. */
const EVERY_ENDPOINT: Scope = { isAll: false, departments: [], endpointIds: ENDPOINTS, osUsers: [] };
const TODAY_MS = Math.floor(Date.now() / DAY_MS) * DAY_MS;

let folder: string;
let store: ChdbEventStore;
let nowMs = Date.now();

before(async () => {
  folder = makeFolder();
  store = await ChdbEventStore.open(
    { folder: join(folder, 'events'), memoryBytes: 512 * 1024 * 1024 },
    createLog('silent'),
  );
  await store.migrate();
});
after(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test('adds up days that are over to what their rows say, a run over midnight once', async () => {
  await write(range(0, 60), 1);
  await write(range(0, 60), 2);
  await makeRollups(store, nowMs);

  const cover = await coverOf(store, 'activity', 0);
  assert.ok(cover.attempts.length >= 10);
  assert.deepEqual(
    cover.liveDays,
    cover.liveDays.filter((day) => day >= dayOf(TODAY_MS)),
  );
  await sameAnswers();
});

test('answers the same while doubled, late and reordered rows come, before and after days are added up again', async () => {
  await write(range(30, 60), 1);
  await write(range(0, 10), 2);
  await write(range(60, 90), 2);
  await write(range(60, 90), 1);
  const stale = await coverOf(store, 'run', 0);
  assert.ok(stale.liveDays.some((day) => day < dayOf(TODAY_MS)));
  await sameAnswers();

  // A day is added up again only when some time has passed.
  assert.equal(await makeRollups(store, nowMs), 0);
  nowMs += 11 * 60_000;
  assert.ok((await makeRollups(store, nowMs)) > 0);
  assert.deepEqual(
    (await coverOf(store, 'run', 0)).liveDays.filter((day) => day < dayOf(TODAY_MS)),
    [],
  );
  await sameAnswers();
});

test('keeps what it added up while parts are merged', async () => {
  const before = await coverOf(store, 'activity', 0);
  for (const table of ['run', 'activity']) await store.query(`OPTIMIZE TABLE ${table} FINAL`);

  assert.deepEqual(await coverOf(store, 'activity', 0), before);
  await sameAnswers();
});

test('adds days up from their rows while the script of some of them is not known', async () => {
  const [life] = range(3, 4);
  assert.ok(life !== undefined);
  const line = encodeActivity(
    makeActivity(life.run.id, 9, { ...life.seen, attributes: { 'file.path': '/data/late.csv' } }),
    life.origin,
    { scriptId: '', userName: '' },
  );
  await store.insert({ table: 'activity', columns: activityColumns, lines: Buffer.from(`${line}\n`) });
  nowMs += 11 * 60_000;
  await makeRollups(store, nowMs);

  assert.ok((await coverOf(store, 'activity', 0)).liveDays.includes(life.seen.firstSeen.slice(0, 10)));
  await sameAnswers(life.run.script.id);
});

test('forgets with its rows what was added up of a day, and who ran what on it', async () => {
  const [oldest, held] = (
    await store.query<{ day: string }>('SELECT DISTINCT toString(toDate(started_at)) AS day FROM run ORDER BY day')
  ).map(({ day }) => day);
  for (const table of ['run', 'activity']) await store.alter(table, `DROP PARTITION '${oldest}'`);
  await store.alter(
    'run',
    `DELETE WHERE toDate(started_at) = '${held}' AND user_name != 'eve' SETTINGS mutations_sync = 2`,
  );
  await store.alter(
    'activity',
    `DELETE WHERE toDate(first_seen) = '${held}' AND user_name != 'eve' SETTINGS mutations_sync = 2`,
  );
  // Of one script nothing is left at all.
  await store.alter('run', `DELETE WHERE script_id = '${SCRIPTS[2]}' SETTINGS mutations_sync = 2`);
  nowMs += 11 * 60_000;
  await makeRollups(store, nowMs);

  const since = ago(90 * DAY_MS);
  const ask = async () => [
    await listScriptPage(store, { sort: 'runs', limit: 50, since }, EVERYTHING, Date.now()),
    ...(await Promise.all(SCRIPTS.map((id) => pageOf(id, EVERYTHING)))),
  ];
  const summed = await ask();
  assert.deepEqual(await store.query(`SELECT * FROM script_place WHERE script_id = '${SCRIPTS[2]}'`), []);
  assert.deepEqual(await store.query(`SELECT * FROM rollup_day WHERE day = '${oldest}'`), []);
  assert.deepEqual(await store.query(`SELECT * FROM touch_day WHERE day = '${oldest}'`), []);
  // Without sums everything is added up from its rows; activities of runs that are gone count in both.
  await store.query('TRUNCATE TABLE rollup_day');
  assert.deepEqual(summed, await ask());
});

/** Asks everything twice: from sums where they hold, and from rows alone. */
async function sameAnswers(...scripts: string[]): Promise<void> {
  for (const since of [ago(90 * DAY_MS), ago(7.3 * DAY_MS)]) {
    for (const sort of ['lastRunAt', 'runs', 'endpoints'] as const) {
      const [summed, added] = await Promise.all(
        [EVERYTHING, EVERY_ENDPOINT].map((scope) =>
          listScriptPage(store, { sort, limit: 50, since }, scope, Date.now()),
        ),
      );
      assert.deepEqual(withoutFirst(summed), withoutFirst(added));
      assert.ok((summed?.items.length ?? 0) > 0);
    }
  }
  for (const id of scripts.length === 0 ? SCRIPTS : scripts) {
    const [summed, added] = await Promise.all([EVERYTHING, EVERY_ENDPOINT].map((scope) => pageOf(id, scope)));
    assert.deepEqual(summed, added);
  }
}

function withoutFirst(page: Awaited<ReturnType<typeof listScriptPage>> | undefined) {
  return { ...page, items: page?.items.map(({ firstRunAt: _firstRunAt, ...item }) => item) };
}

async function pageOf(id: string, scope: Scope) {
  const found = await findScript(store, id, scope);
  if (found === undefined) return undefined;
  return {
    row: found.row,
    touched: await listTouched(store, id, found.life, scope, 500),
    machines: await listScriptMachines(store, id, found.life, scope),
    interpreters: await listScriptInterpreters(store, id, found.life, scope),
  };
}

/** Runs over twenty days, some over midnight, each the same whenever it is made. */
function range(from: number, until: number) {
  return lives.slice(from, until);
}

const lives = Array.from({ length: 90 }, (_, number) => {
  const overMidnightMs = number % 9 === 0 ? DAY_MS - 2_000 : (number % 6) * 3_600_000;
  const startMs = TODAY_MS - (20 - (number % 20)) * DAY_MS + overMidnightMs + number;
  const at = (ms: number) => new Date(Math.min(startMs + ms, Date.now())).toISOString();
  const id = idAt(startMs);
  const run = makeRun({
    id,
    revision: 2,
    status: number % 11 === 0 ? 'running' : 'ended',
    script: {
      id: SCRIPTS[number % SCRIPTS.length] ?? '',
      kind: 'file',
      name: `report-${number % SCRIPTS.length}.py`,
      path: `/home/p${number % 4}/report.py`,
    },
    user: { name: number % 5 === 0 ? 'eve' : `p${number % 4}` },
    startedAt: at(0),
    endedAt: at(5_000),
    durationMs: 1_000 + number,
    exitRoute: number % 7 === 0 ? 'exception' : 'finished',
  });
  const seen = {
    revision: 2,
    count: 10 + number,
    bytesIn: 1_000,
    bytesOut: number,
    firstSeen: at(500),
    lastSeen: at(600),
  };
  const path = { 'file.path': `/data/ledger-${number % 6}.csv`, 'sentinel.file.operation': 'read' };
  return {
    origin: { endpointId: ENDPOINTS[number % ENDPOINTS.length] ?? '', spoolId: newUuidV7(), sequence: number },
    run,
    seen,
    activities: [
      makeActivity(id, 1, { ...seen, attributes: path }),
      // The same file again, told apart by its size: after midnight where the run goes over it.
      makeActivity(id, 2, {
        ...seen,
        firstSeen: at(4_000),
        lastSeen: at(4_500),
        attributes: { ...path, 'file.size': 9 },
      }),
      makeActivity(id, 3, { ...seen, type: 'module.import', attributes: library(`package-${number % 3}`) }),
    ],
  };
});

/** An id as a probe makes it at a time. */
function idAt(timeMs: number): string {
  const hex = timeMs.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}${newUuidV7().slice(13)}`;
}

/** Writes runs as their first revision showed them, or as they ended, in one batch. */
async function write(some: typeof lives, revision: 1 | 2): Promise<void> {
  const runs = some.map(({ run, origin }) => {
    const { endedAt: _endedAt, durationMs: _durationMs, exitRoute: _exitRoute, ...going } = run;
    return encodeRun(revision === 2 ? run : { ...going, revision: 1, status: 'running' }, origin);
  });
  const activities = some.flatMap(({ run, origin, activities: seen }) =>
    seen.map((activity) =>
      encodeActivity(
        revision === 2 ? activity : { ...activity, revision: 1, count: 1, bytesIn: 5, lastSeen: activity.firstSeen },
        origin,
        { scriptId: run.script.id, userName: run.user.name },
      ),
    ),
  );
  await store.insert({ table: 'run', columns: runColumns, lines: Buffer.from(`${runs.join('\n')}\n`) });
  await store.insert({ table: 'activity', columns: activityColumns, lines: Buffer.from(`${activities.join('\n')}\n`) });
}
