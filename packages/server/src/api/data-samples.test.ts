import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '@sentinel/client';
import type { Run, SampledFile } from '@sentinel/protocol';
import { DAY_MS } from '../store/store-time.ts';
import { ago, makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { startTestServer, type TestAgent, type TestServer, until } from '../testing/test-server.ts';

let server: TestServer;
let agent: TestAgent;
let client: Client;

const EXPORT = '/home/ann/exports/members.csv';

before(async () => {
  server = await startTestServer();
  agent = await server.enrol();
  ({ client } = await server.signIn());
  await client.importCompany({
    body: {
      source: 'test',
      places: [{ kind: 'path', match: '**/exports/known/**', labels: ['customer'] }],
      settings: { sampling: { files: ['/home/*/exports/**'] } },
    },
  });
});
after(() => server.close());

const IBANS: SampledFile['kinds'] = [
  { kind: 'email', ground: 'content', count: 1, columnCount: 0 },
  { kind: 'iban', ground: 'both', count: 40, columnCount: 1 },
];

async function judged(): Promise<void> {
  await until(async () => (await client.getBoardAnswer({ params: { category: 'any' } })).coverage.runsWaiting === 0);
}

/** A run that reads a file and writes what it read into another one. */
async function copyRun(from: string, to: string, over: Partial<Run> = {}): Promise<Run> {
  const run = makeRun({
    status: 'ended',
    endedAt: ago(100),
    exitRoute: 'finished',
    script: { id: 'd'.repeat(32), kind: 'file', name: 'copy.py', path: '/home/ann/copy.py' },
    ...over,
  });
  const startedMs = Date.parse(run.startedAt);
  const at = (ms: number) => new Date(startedMs + ms).toISOString();
  const file = (id: number, path: string, operation: 'read' | 'write') =>
    makeActivity(run.id, id, {
      attributes: { 'file.path': path, 'sentinel.file.operation': operation },
      ...(operation === 'read' ? { bytesIn: 50_000 } : { bytesOut: 50_000 }),
      firstSeen: at(id * 10),
      lastSeen: at(id * 10 + 5),
    });
  await agent.client.sendBatch({
    body: makeBatch({ runs: [run], activities: [file(1, from, 'read'), file(2, to, 'write')] }),
  });
  await judged();
  return run;
}

const titlesOf = async (run: Run) =>
  (await client.listFindings({ query: { q: run.script.name } })).items
    .map(({ ruleId, severity }) => `${ruleId} ${severity}`)
    .sort();

test('lets an endpoint look only into files that the company named and knows no labels of', async () => {
  const { wanted } = await agent.client.askDataSamples({
    body: { paths: [EXPORT, '/home/ann/exports/known/list.csv', '/home/ann/private/diary.txt'] },
  });
  assert.deepEqual(wanted, [EXPORT]);
});

test('labels a file by what was found in it, judges its runs again and follows the label into the copy', async () => {
  const run = await copyRun(EXPORT, '/home/ann/work/members-copy.csv');
  assert.deepEqual(await titlesOf(run), []);

  const sent = await agent.client.sendDataSamples({
    body: {
      files: [
        { path: EXPORT, sizeBytes: 50_000, kinds: IBANS, runIds: [run.id] },
        { path: '/home/ann/private/diary.txt', sizeBytes: 10, kinds: IBANS, runIds: [run.id] },
      ],
    },
  });
  await judged();

  assert.deepEqual(sent, { labelled: 1 });
  assert.deepEqual(await titlesOf(run), [
    'script-unreviewed low',
    'sensitive-copy-left medium',
    'sensitive-file-read low',
  ]);
  const { items } = await client.listLabelledFiles();
  assert.deepEqual(
    items.map(({ path, labels }) => [path, labels]),
    [['/home/ann/work/members-copy.csv', ['iban']]],
  );
  assert.deepEqual((await agent.client.askDataSamples({ body: { paths: [EXPORT] } })).wanted, []);
});

test('judges no run of another endpoint again', async () => {
  const other = await server.enrol('desk-2');
  const run = await copyRun('/home/ann/exports/other.csv', '/home/ann/work/other-copy.csv', {
    script: { id: 'e'.repeat(32), kind: 'file', name: 'other.py', path: '/home/ann/other.py' },
  });
  await other.client.sendDataSamples({
    body: { files: [{ path: '/home/ann/exports/other.csv', sizeBytes: 1, kinds: IBANS, runIds: [run.id] }] },
  });
  await judged();
  assert.deepEqual(await titlesOf(run), []);
});

test('a copy that still lies there after the days that the company set is a finding without any further run', async () => {
  const path = '/home/ann/work/old-copy.csv';
  const run = await copyRun(EXPORT, path, {
    script: { id: 'f'.repeat(32), kind: 'file', name: 'old.py', path: '/home/ann/old.py' },
    startedAt: ago(9 * DAY_MS),
    endedAt: ago(9 * DAY_MS - 1000),
  });
  const before = await titlesOf(run);
  const { paths } = await agent.client.listLeftFiles();
  const { judged: again } = await agent.client.tellLeftFiles({ body: { there: paths, gone: [] } });
  await judged();

  assert.deepEqual([before.includes('sensitive-copy-left high'), paths, again], [false, [path], 1]);
  assert.ok((await titlesOf(run)).includes('sensitive-copy-left high'));
  assert.deepEqual((await agent.client.listLeftFiles()).paths, []);
});

test('a copy that is gone is no longer looked for, and judging its run again does not bring it back', async () => {
  const path = '/home/ann/work/gone-copy.csv';
  const run = await copyRun(EXPORT, path, {
    script: { id: 'b'.repeat(32), kind: 'file', name: 'gone.py', path: '/home/ann/gone.py' },
    startedAt: ago(20 * DAY_MS),
    endedAt: ago(20 * DAY_MS - 1000),
  });
  assert.deepEqual((await agent.client.listLeftFiles()).paths, [path]);
  await agent.client.tellLeftFiles({ body: { there: [], gone: [path] } });
  await client.replayRuns({ body: { since: ago(30 * DAY_MS) } });
  await judged();

  assert.deepEqual((await agent.client.listLeftFiles()).paths, []);
  assert.ok(!(await titlesOf(run)).includes('sensitive-copy-left high'));
});
