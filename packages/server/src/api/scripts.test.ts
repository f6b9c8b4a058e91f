import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '@sentinel/client';
import { type Run, type ScriptQuery, SentinelError } from '@sentinel/protocol';
import { ago, library, makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { startTestServer, type TestAgent, type TestServer } from '../testing/test-server.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const alpha = {
  id: 'a'.repeat(32),
  kind: 'file',
  name: 'alpha.py',
  path: '/home/ann/alpha.py',
  sha256: '0'.repeat(64),
  sizeBytes: 90,
} as const;
const beta = { id: 'b'.repeat(32), kind: 'module', name: 'Beta' } as const;
const ended = { status: 'ended', exitRoute: 'finished', exitCode: 0 } as const;

let server: TestServer;
let first: TestAgent;
let second: TestAgent;
let person: Client;

const oldest = makeRun({ ...ended, script: alpha, startedAt: ago(50 * DAY), durationMs: 100 });
const failing = makeRun({ ...ended, script: alpha, startedAt: ago(3 * DAY), exitCode: 2, durationMs: 300 });
const moved = makeRun({
  ...ended,
  script: { ...alpha, path: '/tmp/alpha.py' },
  startedAt: ago(2 * HOUR),
  user: { name: 'bob' },
  durationMs: 500,
  interpreter: { path: '/opt/py/bin/python', implementation: 'cpython', version: '3.13.1', basePrefix: '/opt/py' },
});
const running = makeRun({ script: beta, startedAt: ago(HOUR) });

before(async () => {
  server = await startTestServer();
  first = await server.enrol('desk-1');
  second = await server.enrol('desk-2');
  person = (await server.signIn()).client;
  const requests = (run: Run, id: number) =>
    makeActivity(run.id, id, { type: 'module.import', attributes: library('requests', '2.0'), ...seen(run) });
  const host = (run: Run, id: number, count: number) =>
    makeActivity(run.id, id, {
      type: 'net.connect',
      attributes: { 'server.address': 'api.example.com', 'server.port': 443, 'network.transport': 'tcp' },
      count,
      bytesOut: 7,
      ...seen(run),
    });
  await first.client.sendBatch({
    body: makeBatch({
      runs: [oldest, failing, running],
      activities: [
        requests(oldest, 1),
        host(oldest, 2, 5),
        requests(failing, 1),
        host(failing, 2, 2),
        requests(running, 1),
      ],
    }),
  });
  await second.client.sendBatch({
    body: makeBatch({ runs: [{ ...moved, hostName: 'desk-2' }], activities: [host(moved, 1, 1)] }),
  });
});
after(() => server.close());

test('adds up the runs of each script within the window', async () => {
  const { items, total } = await person.listScripts();

  assert.equal(total, 2);
  assert.deepEqual(items[1], {
    ...alpha,
    path: '/tmp/alpha.py',
    paths: ['/home/ann/alpha.py', '/tmp/alpha.py'],
    runs: 2,
    running: 0,
    failures: 1,
    endpoints: 2,
    users: ['ann', 'bob'],
    firstRunAt: oldest.startedAt,
    lastRunAt: moved.startedAt,
    medianDurationMs: 400,
  });
  assert.deepEqual([items[0]?.name, items[0]?.running, items[0]?.medianDurationMs], ['Beta', 1, undefined]);
});

test('filters and sorts scripts', async () => {
  const cases: [string, Partial<ScriptQuery>, string[]][] = [
    ['text', { q: 'ALPHA' }, ['alpha.py']],
    ['endpoint', { endpointId: second.endpointId }, ['alpha.py']],
    ['account', { userName: 'bob' }, ['alpha.py']],
    ['target', { target: 'api.example' }, ['alpha.py']],
    ['library', { library: 'requests' }, ['Beta', 'alpha.py']],
    ['since', { since: ago(90 * 60_000) }, ['Beta']],
    ['first run', { newSince: ago(DAY) }, ['Beta']],
    ['first run, long ago', { newSince: ago(60 * DAY) }, ['Beta', 'alpha.py']],
    ['by runs', { sort: 'runs' }, ['alpha.py', 'Beta']],
    ['by endpoints', { sort: 'endpoints' }, ['alpha.py', 'Beta']],
    ['by name, whatever its case', { sort: 'name' }, ['alpha.py', 'Beta']],
  ];
  for (const [what, query, expected] of cases) {
    const { items, total } = await person.listScripts({ query });
    assert.deepEqual(
      items.map(({ name }) => name),
      expected,
      what,
    );
    assert.equal(total, expected.length, what);
  }
});

test('pages through scripts', async () => {
  const page = await person.listScripts({ query: { limit: 1 } });
  const next = await person.listScripts({ query: { limit: 1, cursor: page.nextCursor } });

  assert.deepEqual([page.items[0]?.name, next.items[0]?.name, next.nextCursor], ['Beta', 'alpha.py', undefined]);
  await assert.rejects(
    person.listScripts({ query: { cursor: 'zz' } }),
    (error) => error instanceof SentinelError && error.code === 'bad-request',
  );
});

test('gives one script over its whole life with all that it touched', async () => {
  const script = await person.getScript({ params: { scriptId: alpha.id } });

  assert.deepEqual(
    [script.runs, script.failures, script.firstRunAt, script.medianDurationMs],
    [3, 1, oldest.startedAt, 300],
  );
  assert.equal(script.touchedTotal, 2);
  assert.deepEqual(script.touched, [
    touched('module.import', 'requests', '2.0', { runs: 2, count: 2 }, oldest, failing),
    touched('net.connect', 'api.example.com', '443', { runs: 3, count: 8, bytesOut: 21 }, oldest, moved),
  ]);
  assert.deepEqual(script.interpreters, [
    { path: '/usr/bin/python3', version: '3.11.2', runs: 2 },
    { path: '/opt/py/bin/python', version: '3.13.1', runs: 1 },
  ]);
  assert.deepEqual(script.machines, [
    { endpointId: second.endpointId, hostName: 'desk-2', runs: 1, lastRunAt: moved.startedAt },
    { endpointId: first.endpointId, hostName: 'desk-1', runs: 2, lastRunAt: failing.startedAt },
  ]);
});

test('gives every type its share of a script that touched too much', async () => {
  const run = makeRun({ script: { id: 'd'.repeat(32), kind: 'file', name: 'crawler.py' } });
  const files = Array.from({ length: 700 }, (_, index) => makeActivity(run.id, index + 1, { count: 10 }));
  const library_ = makeActivity(run.id, 900, { type: 'module.import', attributes: library('scrapy') });
  await first.client.sendBatch({ body: makeBatch({ runs: [run], activities: [...files, library_] }) });

  const { touched, touchedTotal } = await person.getScript({ params: { scriptId: 'd'.repeat(32) } });

  assert.deepEqual([touched.length, touchedTotal], [500, 701]);
  assert.ok(touched.some(({ target }) => target === 'scrapy'));
});

test('says not-found for a script that never ran', async () => {
  await assert.rejects(
    person.getScript({ params: { scriptId: 'e'.repeat(32) } }),
    (error) => error instanceof SentinelError && error.code === 'not-found',
  );
});

function seen(run: Run): { firstSeen: string; lastSeen: string } {
  return { firstSeen: run.startedAt, lastSeen: run.startedAt };
}

function touched(
  type: string,
  target: string,
  detail: string,
  counts: Record<string, number>,
  from: Run,
  to: Run,
): Record<string, unknown> {
  return {
    type,
    target,
    detail,
    bytesIn: 0,
    bytesOut: 0,
    rows: 0,
    ...counts,
    firstSeen: from.startedAt,
    lastSeen: to.startedAt,
  };
}
