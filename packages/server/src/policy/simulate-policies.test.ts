import assert from 'node:assert/strict';
import { readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { readPolicy } from '@sentinel/policy';
import type { CompiledPolicy } from '@sentinel/protocol';
import { createLog } from '../log.ts';
import { ChdbEventStore } from '../store/chdb-event-store.ts';
import { makeFolder } from '../testing/test-server.ts';
import { simulatePolicies } from './simulate-policies.ts';

const LIBRARY = join(import.meta.dirname, '../../../../policies');
const DAY_MS = 86_400_000;
const FROM_MS = Date.UTC(2026, 9, 1);
let folder: string;
let store: ChdbEventStore;

/** Three days: on each, 100 runs by 5 users of 10 scripts, with three queries and an upload each. */
before(async () => {
  folder = makeFolder();
  store = await ChdbEventStore.open(
    { folder: join(folder, 'events'), memoryBytes: 1024 * 1024 * 1024 },
    createLog('silent'),
  );
  await store.migrate();
  const run = "reinterpretAsUUID(sipHash128('run', intDiv(number, 4)))";
  const time = `toDateTime64('2026-10-01 00:00:00', 3, 'UTC') + toIntervalDay(intDiv(number, 400)) + toIntervalHour(intDiv(number, 4) % 24)`;
  await store.query(`INSERT INTO activity (run_id, id, endpoint_id, revision, type, target, script_id, user_name, attributes, count, rows, bytes_out, first_seen, last_seen)
    SELECT ${run}, number % 4 + 1, toUUID('00000000-0000-7000-8000-000000000001'), 1,
      if(number % 4 = 3, 'http.request', 'db.query'), 'x',
      concat('script-', toString(intDiv(number, 4) % 10)), concat('user-', toString(intDiv(number, 4) % 5)),
      if(number % 4 = 3, map('server.address', if(intDiv(number, 4) % 10 = 0, 'content.dropbox.com', 'erp.internal'), 'http.request.method', 'POST', 'url.scheme', 'https'),
        map('db.system.name', 'postgresql', 'db.operation.name', if(number % 4 = 1, 'UPDATE', 'SELECT'))),
      1, if(number % 4 = 0, 6000, 0), if(number % 4 = 3, 10, 0), ${time}, ${time}
    FROM numbers(1200)`);
  await store.query(`INSERT INTO run (id, endpoint_id, revision, script_id, script_path, started_at)
    SELECT DISTINCT run_id, endpoint_id, 1, script_id, if(script_id = 'script-3', '/srv/hr/pay.py', '/home/x.py'), first_seen FROM activity`);
});
after(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

function policy(statements: readonly object[], more: object = {}): CompiledPolicy {
  const { compiled, faults } = readPolicy(
    JSON.stringify({
      id: 'p',
      version: 1,
      title: 'P',
      ...more,
      statements: statements.map((statement, at) => ({ id: `s${at}`, effect: 'warn', explain: 'x', ...statement })),
    }),
  );
  assert.deepEqual(faults, []);
  assert.ok(compiled);
  return compiled;
}

const range = { fromMs: FROM_MS, toMs: FROM_MS + 3 * DAY_MS, timeZone: 'UTC' };

test('says what each statement would have hit: activities, runs, scripts, users, endpoints', async () => {
  const shares: number[] = [];
  const { activities, isComplete, statements } = await simulatePolicies(
    store,
    [
      policy(
        [
          { activity: 'http.request', when: 'server.address.under("dropbox.com") && http.request.method == "POST"' },
          { activity: 'db.query', when: 'run.sum("db.query", "rows") > 5000 && db.operation.name == "UPDATE"' },
          { activity: 'db.query', when: 'script.path.glob("/srv/hr/**")' },
          { activity: 'db.query', when: '!hours("office")' },
          { activity: 'db.query', when: 'script.approval != "approved"' },
          { activity: 'db.query', when: 'activity.rows > 6000' },
        ],
        {
          calendars: {
            office: { days: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'], from: '08:00', to: '18:00' },
          },
        },
      ),
    ],
    { ...range, onProgress: (share) => shares.push(share) },
  );
  assert.equal(activities, 1200);
  assert.equal(isComplete, true);
  assert.deepEqual(shares, [1 / 3, 2 / 3, 1]);
  assert.deepEqual(
    statements.map(({ statementId, hits, runs }) => [statementId, hits, runs]),
    [
      ['s0', 30, 30],
      ['s1', 300, 300],
      ['s2', 90, 30],
      // Of each day's 100 runs, numbered on, those whose hour is not 8 to 17.
      ['s3', 3 * countRuns((hour) => hour < 8 || hour >= 18), countRuns((hour) => hour < 8 || hour >= 18)],
      ['s4', 0, 0],
      ['s5', 0, 0],
    ],
  );
  assert.deepEqual(statements[0]?.scripts, [{ name: 'script-0', hits: 30, runs: 30 }]);
  assert.deepEqual(statements[0]?.users, [{ name: 'user-0', hits: 30, runs: 30 }]);
  assert.deepEqual(statements[0]?.departments, []);
  assert.equal(statements[0]?.runIds.length, 20);
});

function countRuns(isWanted: (hour: number) => boolean): number {
  return Array.from({ length: 300 }, (_, run) => run % 24).filter(isWanted).length;
}

test('judges hours by the time zone that is asked for', async () => {
  const night = policy([{ activity: 'http.request', when: 'time.minute < 60' }]);
  const hits = async (timeZone: string) =>
    (await simulatePolicies(store, [night], { ...range, timeZone })).statements[0]?.hits;
  assert.equal(
    await hits('UTC'),
    countRuns((hour) => hour === 0),
  );
  assert.equal(
    await hits('Asia/Tokyo'),
    countRuns((hour) => hour === 15),
  );
});

test('knows approvals as they stand, where they are given', async () => {
  const unapproved = policy([{ activity: 'db.query', when: 'script.approval != "approved"' }]);
  const hitsWith = async (approvals: ReadonlyMap<string, string>) =>
    (await simulatePolicies(store, [unapproved], { ...range, known: { approvals } })).statements[0]?.hits;

  const all = await hitsWith(new Map());
  assert.ok((all ?? 0) > 0);
  assert.equal(await hitsWith(new Map([['f'.repeat(64), 'approved']])), all);
  assert.equal(await hitsWith(new Map([["x' OR 1", 'approved']])), all);
});

test('ends when asked, and says that it is not complete', async () => {
  const stop = new AbortController();
  const { activities, isComplete } = await simulatePolicies(store, [policy([{ activity: 'db.query' }])], {
    ...range,
    signal: stop.signal,
    onProgress: () => stop.abort(),
  });
  assert.deepEqual([activities, isComplete], [400, false]);
});

test('takes every policy of the starter library', async () => {
  const all = readdirSync(LIBRARY).map((name) => {
    const { compiled } = readPolicy(readFileSync(join(LIBRARY, name), 'utf8'));
    assert.ok(compiled, name);
    return compiled;
  });
  const { statements } = await simulatePolicies(store, all, range);
  assert.deepEqual(
    statements
      .filter(({ hits }) => hits > 0)
      .map(({ policyId, statementId, hits }) => `${policyId}/${statementId} ${hits}`),
    ['database-writes/write 300', 'personal-cloud-upload/upload 30'],
  );
});
