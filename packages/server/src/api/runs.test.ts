import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '@sentinel/client';
import { type Activity, type Run, type RunQuery, SentinelError } from '@sentinel/protocol';
import { ago, library, makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { startTestServer, type TestAgent, type TestServer } from '../testing/test-server.ts';
import { newUuidV7 } from '../uuid-v7.ts';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

let server: TestServer;
let agent: TestAgent;
let other: TestAgent;
let person: Client;

const sales = {
  id: '1'.repeat(32),
  kind: 'file',
  name: 'Sales_Report.py',
  path: '/home/ann/100%/Sales_Report.py',
} as const;
const sync = { id: '2'.repeat(32), kind: 'module', name: 'tools.sync' } as const;
const failed = makeRun({
  script: sales,
  startedAt: ago(3 * HOUR),
  endedAt: ago(2 * HOUR),
  status: 'ended',
  exitRoute: 'exception',
  exitCode: 1,
  durationMs: HOUR,
});
const going = makeRun({ script: sync, startedAt: ago(10 * MINUTE), user: { name: 'bob' } });
const killed = makeRun({
  script: sync,
  startedAt: ago(2 * HOUR),
  endedAt: ago(HOUR),
  status: 'ended',
  exitRoute: 'signal',
  exitSignal: 'SIGKILL',
});
const child = makeRun({
  script: sync,
  startedAt: ago(150 * MINUTE),
  parentRunId: failed.id,
  startKind: 'fork',
  status: 'ended',
  exitRoute: 'finished',
  exitCode: 0,
});
const old = makeRun({
  id: uuidAt(Date.now() - 60 * 24 * HOUR),
  script: sales,
  startedAt: ago(60 * 24 * HOUR),
  status: 'ended',
  exitRoute: 'vanished',
});

before(async () => {
  server = await startTestServer();
  agent = await server.enrol('desk-1');
  other = await server.enrol('desk-2');
  person = (await server.signIn()).client;
  await agent.client.sendBatch({
    body: makeBatch({ runs: [failed, going, child, old], activities: activitiesOf(failed) }),
  });
  await other.client.sendBatch({ body: makeBatch({ runs: [killed] }) });
});
after(() => server.close());

test('lists runs newest first, with what their activities add up to', async () => {
  const { items, total } = await person.listRuns();

  assert.equal(total, 4);
  assert.deepEqual(
    items.map(({ id }) => id),
    [going.id, killed.id, child.id, failed.id],
  );
  const { totals, ...row } = items[3] ?? assert.fail();
  assert.deepEqual(row, { ...failed, endpointId: agent.endpointId });
  assert.deepEqual(totals, {
    activities: 11,
    libraries: 2,
    filesRead: 1,
    filesWritten: 1,
    hosts: 2,
    databases: 1,
    programs: 1,
    bytesIn: 130,
    bytesOut: 260,
    rows: 40,
  });
});

test('filters runs', async () => {
  const cases: [string, RunQuery, Run[]][] = [
    ['text in the name, whatever its case', { q: 'sales_rep' }, [failed]],
    ['a wildcard taken as it is', { q: '100%/' }, [failed]],
    ['a wildcard that is no character of any', { q: 'sales%rep' }, []],
    ['endpoint', { endpointId: other.endpointId }, [killed]],
    ['script', { scriptId: sync.id }, [going, killed, child]],
    ['account', { userName: 'bob' }, [going]],
    ['status', { status: 'running' }, [going]],
    ['exit route', { exitRoute: 'signal' }, [killed]],
    ['outcome', { outcome: 'failed' }, [killed, failed]],
    ['text in a target', { target: 'EXAMPLE.com' }, [failed]],
    ['a target with a wildcard taken as it is', { target: 'b_%' }, [failed]],
    ['a short target', { target: '/b' }, [failed]],
    ['distribution', { library: 'Pandas' }, [failed]],
    ['part of a distribution', { library: 'panda' }, []],
    ['module', { library: 'json' }, [failed]],
    ['since', { since: ago(15 * MINUTE) }, [going]],
    ['until', { until: ago(155 * MINUTE) }, [failed]],
    ['a longer window', { since: ago(90 * 24 * HOUR), q: 'sales' }, [failed, old]],
    ['a time that no store holds', { since: '9999-12-31T00:00:00Z' }, []],
    ['hostile text', { q: "'; DROP TABLE run; --" }, []],
    ['several at once', { scriptId: sync.id, status: 'ended', endpointId: agent.endpointId }, [child]],
  ];
  for (const [name, query, expected] of cases) {
    const { items, total } = await person.listRuns({ query });
    assert.deepEqual(
      items.map(({ id }) => id),
      expected.map(({ id }) => id),
      name,
    );
    assert.equal(total, expected.length, name);
  }
});

test('pages through runs, each once, though several started at the same moment', async () => {
  const startedAt = ago(20 * 24 * HOUR);
  const script = { id: '3'.repeat(32), kind: 'file', name: 'many.py' } as const;
  const runs = Array.from({ length: 25 }, (_, index) =>
    makeRun({ script, startedAt: index < 20 ? startedAt : ago(21 * 24 * HOUR) }),
  );
  await agent.client.sendBatch({ body: makeBatch({ runs }) });

  const seen: string[] = [];
  const sizes: number[] = [];
  let cursor: string | undefined;
  do {
    const page = await person.listRuns({ query: { scriptId: script.id, limit: 10, cursor } });
    assert.equal(page.total, 25);
    seen.push(...page.items.map(({ id }) => id));
    sizes.push(page.items.length);
    cursor = page.nextCursor;
  } while (cursor !== undefined);

  assert.deepEqual(sizes, [10, 10, 5]);
  assert.deepEqual(seen.sort(), runs.map(({ id }) => id).sort());
});

test('refuses a cursor that is not its own', async () => {
  for (const cursor of [
    'x',
    'bnVsbA',
    Buffer.from('[1,"a","b"]').toString('base64url'),
    Buffer.from('["x","0","1"]').toString('base64url'),
  ]) {
    await assert.rejects(
      person.listRuns({ query: { cursor } }),
      (error) => error instanceof SentinelError && error.code === 'bad-request',
    );
  }
});

test('gives one run with the runs that it forked', async () => {
  const run = await person.getRun({ params: { runId: failed.id.toUpperCase() } });

  assert.deepEqual(run.children, [{ ...child, endpointId: agent.endpointId }]);
  assert.equal(run.totals.activities, 11);
});

test('finds a run whose id tells no time, or a wrong one', async () => {
  const plain = makeRun({ id: 'f47ac10b-58cc-4372-a567-0e02b2c3d479', startedAt: ago(100 * 24 * HOUR) });
  const wrong = makeRun({ id: uuidAt(Date.UTC(2021, 0, 1)), startedAt: ago(HOUR) });
  await agent.client.sendBatch({ body: makeBatch({ runs: [plain, wrong] }) });

  for (const { id } of [plain, wrong]) assert.equal((await person.getRun({ params: { runId: id } })).id, id);
});

test('says not-found for a run that is not there', async () => {
  for (const ask of [
    () => person.getRun({ params: { runId: newUuidV7() } }),
    () => person.listRunActivities({ params: { runId: newUuidV7() } }),
  ]) {
    await assert.rejects(ask(), (error) => error instanceof SentinelError && error.code === 'not-found');
  }
});

test('lists activities in the order of first sight, by type, and from a place on', async () => {
  const params = { runId: failed.id };

  const all = await person.listRunActivities({ params });
  const files = await person.listRunActivities({ params, query: { type: 'file.open' } });
  const rest = await person.listRunActivities({ params, query: { after: 8, limit: 2 } });

  assert.deepEqual(all.items, activitiesOf(failed));
  assert.deepEqual([files.items.map(({ id }) => id), files.total], [[4, 5], 2]);
  assert.deepEqual([rest.items.map(({ id }) => id), rest.total], [[9, 10], 11]);
});

function activitiesOf(run: Run): Activity[] {
  const at = { firstSeen: run.startedAt, lastSeen: run.startedAt };
  const rows: Partial<Activity>[] = [
    { type: 'module.import', attributes: library('pandas', '2.2.0') },
    { type: 'module.import', attributes: library('requests') },
    { type: 'module.import', attributes: { 'sentinel.module.name': 'json', 'sentinel.module.kind': 'stdlib' } },
    { attributes: { 'file.path': '/a/b_%.csv', 'sentinel.file.operation': 'read' }, bytesIn: 5000 },
    { attributes: { 'file.path': '/a/out.csv', 'sentinel.file.operation': 'write' }, bytesOut: 5000 },
    {
      type: 'net.connect',
      attributes: { 'server.address': 'api.example.com', 'server.port': 443, 'network.transport': 'tcp' },
      bytesIn: 120,
      bytesOut: 240,
    },
    {
      type: 'http.request',
      attributes: { 'server.address': 'api.example.com', 'http.request.method': 'POST', 'url.scheme': 'https' },
      bytesIn: 100,
      bytesOut: 200,
    },
    {
      type: 'http.request',
      attributes: { 'server.address': 'cdn.example.com', 'http.request.method': 'GET', 'url.scheme': 'https' },
      bytesIn: 10,
      bytesOut: 20,
    },
    { type: 'db.connect', attributes: { 'db.system.name': 'sqlite', 'db.namespace': '/a/shop.db' } },
    {
      type: 'db.query',
      attributes: {
        'db.system.name': 'sqlite',
        'db.namespace': '/a/shop.db',
        'db.operation.name': 'SELECT',
        'db.collection.name': 'orders',
      },
      rows: 40,
    },
    {
      type: 'process.spawn',
      attributes: {
        'process.executable.name': 'git',
        'sentinel.process.launcher': 'subprocess.Popen',
        'sentinel.process.shell': false,
      },
    },
  ];
  return rows.map((row, index) => makeActivity(run.id, index + 1, { ...at, ...row }));
}

function uuidAt(timeMs: number): string {
  const hex = timeMs.toString(16).padStart(12, '0');
  return `${hex.slice(0, 8)}-${hex.slice(8)}-7abc-8def-0123456789ab`;
}
