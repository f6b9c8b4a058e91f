import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { Activity, Run } from '@sentinel/protocol';
import { createLog } from '../log.ts';
import { makeFolder } from '../testing/make-folder.ts';
import { ago, library, makeActivity, makeRun } from '../testing/rows.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import { findAccesses } from './access.ts';
import { activityColumns, encodeActivity } from './activity.ts';
import { ChdbEventStore } from './chdb-event-store.ts';
import { statements as initial } from './migrations/event/0001-initial.ts';
import { encodeRun, runColumns } from './run.ts';
import { countMatching, listRunPage, windowOf } from './run-list.ts';
import { EVERYTHING, type Scope } from './scope.ts';
import { findScript, listScriptPage } from './script.ts';
import { DAY_MS } from './store-time.ts';
import { listTouched } from './touched.ts';

/** A run in its latest revision with its activities in theirs, which is what every answer is about. */
interface Life {
  readonly endpointId: string;
  readonly run: Run;
  readonly activities: readonly Activity[];
}

const RUNS = 120;
const ENDPOINTS = Array.from({ length: 4 }, () => newUuidV7());
const SCRIPTS = ['a', 'b', 'c'].map((letter) => letter.repeat(32));
const LIBRARIES = ['requests', 'Pandas', 'openpyxl'];
const part: Scope = { isAll: false, departments: [], endpointIds: ENDPOINTS.slice(0, 1), osUsers: ['eve'] };
const lives = Array.from({ length: RUNS }, (_, number) => makeLife(number));

let folder: string;
let store: ChdbEventStore;

before(async () => {
  folder = makeFolder();
  store = await ChdbEventStore.open(
    { folder: join(folder, 'events'), memoryBytes: 512 * 1024 * 1024 },
    createLog('silent'),
  );
  // A store as the first version left it, with half of the rows in it.
  await store.query(
    `CREATE TABLE schema_version (name String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3)) ENGINE = MergeTree ORDER BY name`,
  );
  for (const statement of initial) await store.query(statement);
  await store.insert({ table: 'schema_version', columns: ['name'], lines: Buffer.from('["0001-initial"]\n') });
  await write(lives.slice(0, RUNS / 2), 1);
  await store.migrate();
  // The rest comes later: new runs, later revisions of old ones, then all of it a second time, the old revisions last.
  await write(lives.slice(RUNS / 2), 1);
  await write(lives, 2);
  await store.query('OPTIMIZE TABLE run FINAL');
  await store.query('OPTIMIZE TABLE activity FINAL');
  await write(lives, 2);
  await write(lives, 1);
});
after(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

for (const [name, scope] of [
  ['everything', EVERYTHING],
  ['a part of the fleet', part],
] as const) {
  const seen = lives.filter(
    ({ endpointId, run }) => scope.isAll || endpointId === ENDPOINTS[0] || run.user.name === 'eve',
  );

  test(`adds scripts up from latest revisions only, for ${name}`, async () => {
    for (const sort of ['lastRunAt', 'runs', 'endpoints', 'name'] as const) {
      const { items, total } = await listScriptPage(
        store,
        { sort, limit: 50, since: ago(90 * DAY_MS) },
        scope,
        Date.now(),
      );

      assert.equal(total, SCRIPTS.length);
      assert.deepEqual(
        items
          .map(({ id, runs, running, failures, endpoints, users, paths, lastRunAt, path }) => {
            return { id, runs, running, failures, endpoints, users, paths, lastRunAt, path };
          })
          .sort((one, other) => one.id.localeCompare(other.id)),
        SCRIPTS.map((id) => scriptOf(id, seen)),
      );
    }
    const { items } = await listScriptPage(
      store,
      { sort: 'runs', limit: 50, since: ago(90 * DAY_MS) },
      scope,
      Date.now(),
    );
    assert.deepEqual(
      items.map(({ runs }) => runs),
      items.map(({ runs }) => runs).toSorted((one, other) => other - one),
    );
  });

  test(`adds up what a script touched from latest revisions only, for ${name}`, async () => {
    const [scriptId = ''] = SCRIPTS;
    const script = await findScript(store, scriptId, scope);
    assert.ok(script !== undefined);
    const { items } = await listTouched(store, scriptId, script.life, scope, 500);

    assert.deepEqual(
      items.map(({ type, target, runs, count, bytesIn }) => ({ type, target, runs, count, bytesIn })).sort(byTarget),
      touchedOf(seen.filter(({ run }) => run.script.id === scriptId)),
    );
  });

  test(`pages through runs by what they touched, each once and newest first, for ${name}`, async () => {
    for (const [query, wanted] of [
      [{}, seen],
      [
        { library: 'PANDAS' },
        seen.filter((life) => life.activities.some(({ attributes }) => holds(attributes, 'Pandas'))),
      ],
      [
        { target: 'LEDGER-3' },
        seen.filter((life) => life.activities.some(({ attributes }) => holds(attributes, 'ledger-3.csv'))),
      ],
      [{ scriptId: SCRIPTS[1] ?? '' }, seen.filter(({ run }) => run.script.id === SCRIPTS[1])],
    ] as const) {
      const ids: string[] = [];
      let cursor: string | undefined;
      do {
        const page = await listRunPage(
          store,
          { ...query, since: ago(90 * DAY_MS), limit: 7, cursor },
          scope,
          Date.now(),
        );
        assert.equal(page.total, wanted.length);
        ids.push(...page.items.map(({ id }) => id));
        cursor = page.nextCursor;
      } while (cursor !== undefined);

      assert.deepEqual(
        ids,
        wanted.toSorted((one, other) => (one.run.startedAt < other.run.startedAt ? 1 : -1)).map(({ run }) => run.id),
      );
    }
  });
}

test('answers who accessed something with the newest rows of the whole window', async () => {
  const window = windowOf({ since: ago(90 * DAY_MS) }, Date.now());
  const wanted = lives
    .flatMap(({ run, activities }) => activities.map((activity) => ({ run, activity })))
    .filter(({ activity }) => holds(activity.attributes, 'ledger'))
    .sort((one, other) => (one.activity.firstSeen < other.activity.firstSeen ? 1 : -1));
  const { items, total } = await findAccesses(store, { what: 'LEDGER' }, window, 90);

  assert.equal(total, wanted.length);
  assert.deepEqual(
    items.map(({ runId, count, who, script, hostName }) => ({ runId, count, who, script, hostName })),
    wanted.slice(0, 90).map(({ run, activity }) => ({
      runId: run.id,
      count: activity.count,
      who: run.user.name,
      script: { id: run.script.id, name: run.script.name },
      hostName: run.hostName,
    })),
  );
});

test('says that there are at least so many runs when to count all of them would take long', async () => {
  const window = windowOf({ since: ago(90 * DAY_MS) }, Date.now());
  const count = (query: { library?: string; userName?: string }, withinMs: number) =>
    countMatching(store, query, EVERYTHING, window, Date.now(), { enough: 1, withinMs });
  const all = lives.filter((life) => life.activities.some(({ attributes }) => holds(attributes, 'Pandas'))).length;
  const hasty = await count({ library: 'pandas' }, 0);

  assert.deepEqual(await count({ library: 'pandas' }, Number.POSITIVE_INFINITY), { total: all });
  assert.equal(hasty.totalIsLeast, true);
  assert.ok(hasty.total >= 1 && hasty.total < all);
  // What is no question about activities is always counted to the end.
  assert.deepEqual(await count({ userName: 'eve' }, 0), {
    total: lives.filter(({ run }) => run.user.name === 'eve').length,
  });
});

function makeLife(number: number): Life {
  // Over twenty days, six of a day, none at the same moment.
  const startMs = Date.now() - 20 * DAY_MS + number * (DAY_MS / 6) + 60_000;
  const id = newUuidV7();
  const at = (ms: number) => new Date(startMs + ms).toISOString();
  const run = makeRun({
    id,
    revision: 2,
    status: 'ended',
    script: {
      id: SCRIPTS[number % SCRIPTS.length] ?? '',
      kind: 'file',
      name: `report-${number % SCRIPTS.length}.py`,
      path: `/home/p${number % 2}/report.py`,
    },
    user: { name: number % 5 === 0 ? 'eve' : `p${number % 2}` },
    startedAt: at(0),
    endedAt: at(5_000),
    durationMs: 5_000,
    exitRoute: number % 7 === 0 ? 'exception' : 'finished',
  });
  const seen = { revision: 2, count: 10 + number, bytesIn: 1_000, firstSeen: at(1_000), lastSeen: at(4_000) };
  return {
    endpointId: ENDPOINTS[number % ENDPOINTS.length] ?? '',
    run,
    activities: [
      makeActivity(id, 1, {
        ...seen,
        attributes: { 'file.path': `/data/ledger-${number % 6}.csv`, 'sentinel.file.operation': 'read' },
      }),
      makeActivity(id, 2, {
        ...seen,
        type: 'module.import',
        attributes: library(LIBRARIES[number % LIBRARIES.length] ?? ''),
      }),
    ],
  };
}

/** Writes lives as their first revision showed them, or as they ended. */
async function write(some: readonly Life[], revision: 1 | 2): Promise<void> {
  const runs: string[] = [];
  const activities: string[] = [];
  for (const { endpointId, run, activities: seen } of some) {
    const origin = { endpointId, spoolId: endpointId, sequence: 1 };
    const { endedAt: _endedAt, durationMs: _durationMs, exitRoute: _exitRoute, ...going } = run;
    runs.push(encodeRun(revision === 2 ? run : { ...going, revision: 1, status: 'running' }, origin));
    for (const activity of seen) {
      const young = { ...activity, revision: 1, count: 1, bytesIn: 5, lastSeen: activity.firstSeen };
      // Before its run is known an activity has no script.
      const owner = { scriptId: revision === 2 ? run.script.id : '', userName: run.user.name };
      activities.push(encodeActivity(revision === 2 ? activity : young, origin, owner));
    }
  }
  await store.insert({ table: 'run', columns: runColumns, lines: Buffer.from(`${runs.join('\n')}\n`) });
  await store.insert({ table: 'activity', columns: activityColumns, lines: Buffer.from(`${activities.join('\n')}\n`) });
}

function scriptOf(id: string, some: readonly Life[]) {
  const own = some.filter(({ run }) => run.script.id === id);
  const last = own.at(-1);
  return {
    id,
    runs: own.length,
    running: 0,
    failures: own.filter(({ run }) => run.exitRoute === 'exception').length,
    endpoints: new Set(own.map(({ endpointId }) => endpointId)).size,
    users: [...new Set(own.map(({ run }) => run.user.name))].sort(),
    paths: [...new Set(own.map(({ run }) => run.script.path ?? ''))].sort(),
    lastRunAt: last?.run.startedAt,
    path: last?.run.script.path,
  };
}

function touchedOf(some: readonly Life[]) {
  const rows = new Map<string, { type: string; target: string; runs: number; count: number; bytesIn: number }>();
  for (const { activities } of some) {
    for (const { type, attributes, count, bytesIn } of activities) {
      const target = String(attributes['sentinel.distribution.name'] ?? attributes['file.path']);
      const row = rows.get(target) ?? { type, target, runs: 0, count: 0, bytesIn: 0 };
      rows.set(target, { ...row, runs: row.runs + 1, count: row.count + count, bytesIn: row.bytesIn + bytesIn });
    }
  }
  return [...rows.values()].sort(byTarget);
}

function byTarget(one: { target: string }, other: { target: string }): number {
  return one.target < other.target ? -1 : 1;
}

function holds(attributes: Activity['attributes'], text: string): boolean {
  return Object.values(attributes).some((value) => String(value).includes(text));
}
