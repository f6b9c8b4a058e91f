import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { gzipSync } from 'node:zlib';
import { agentWithKey, makeEndpointKey } from '@sentinel/client';
import { MAX_BATCH_BYTES, type Problem, SentinelError } from '@sentinel/protocol';
import { listSetAside } from '../store/quarantine.ts';
import { ago, library, makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { postBatch, startTestServer, type TestAgent, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let agent: TestAgent;
let person: Awaited<ReturnType<TestServer['signIn']>>['client'];

before(async () => {
  server = await startTestServer();
  agent = await server.enrol();
  person = (await server.signIn()).client;
});
after(() => server.close());

test('stores a batch and gives its rows back as they were sent', async () => {
  const run = makeRun({
    workingDirectory: '/home/ann',
    argumentCount: 2,
    argumentShape: 'flag path',
    peakMemoryBytes: 1024,
  });
  const activity = makeActivity(run.id, 1, {
    type: 'net.connect',
    attributes: { 'server.address': 'api.example.com', 'server.port': 443, 'network.transport': 'tcp' },
    bytesIn: 9007199254740991,
    decision: { effect: 'warn', disposition: 'logged', policyId: 'p', statementId: 's', reason: 'why' },
  });
  const batch = makeBatch({ runs: [run], activities: [activity] });

  const acknowledgement = await agent.client.sendBatch({ body: batch });

  assert.deepEqual(acknowledgement, {
    spoolId: batch.spoolId,
    sequence: 1,
    status: 'stored',
    rowsStored: 2,
    rowsSetAside: 0,
  });
  const { totals, children, ...stored } = await person.getRun({ params: { runId: run.id } });
  assert.deepEqual(stored, { ...run, endpointId: agent.endpointId });
  assert.deepEqual(children, []);
  assert.equal(totals.bytesIn, 9007199254740991);
  const { items, total } = await person.listRunActivities({ params: { runId: run.id } });
  assert.deepEqual({ items, total }, { items: [activity], total: 1 });
});

test('takes a gzip body', async () => {
  const run = makeRun();
  const body = gzipSync(JSON.stringify(makeBatch({ runs: [run] })));

  const response = await postBatch(server.url, agent, body, { 'content-encoding': 'gzip' });

  assert.equal(response.status, 200);
  assert.equal((await person.getRun({ params: { runId: run.id } })).id, run.id);
});

test('answers the same batch again as a duplicate and stores nothing twice', async () => {
  const run = makeRun();
  const batch = makeBatch({ runs: [run], activities: [makeActivity(run.id, 1)] });
  await agent.client.sendBatch({ body: batch });

  const again = await agent.client.sendBatch({ body: batch });

  assert.equal(again.status, 'duplicate');
  assert.equal((await person.getRun({ params: { runId: run.id } })).totals.activities, 1);
});

test('stores one of two copies that arrive together and answers both', async () => {
  const run = makeRun();
  const batch = makeBatch({ runs: [run], activities: [makeActivity(run.id, 1)] });

  const answers = await Promise.all([1, 2, 3].map(() => agent.client.sendBatch({ body: batch })));

  assert.deepEqual(answers.map(({ status }) => status).sort(), ['duplicate', 'duplicate', 'stored']);
  assert.equal((await person.getRun({ params: { runId: run.id } })).totals.activities, 1);
});

test('lets the later revision win, whichever arrives first', async () => {
  const run = makeRun();
  const early = makeBatch({ runs: [run], activities: [makeActivity(run.id, 1, { count: 3 })] });
  const ended = {
    ...run,
    revision: 2,
    status: 'ended' as const,
    exitRoute: 'finished' as const,
    exitCode: 0,
    endedAt: ago(0),
    durationMs: 7,
  };
  const late = makeBatch({
    spoolId: early.spoolId,
    sequence: 2,
    runs: [ended],
    activities: [makeActivity(run.id, 1, { revision: 2, count: 9, firstSeen: early.activities[0]?.firstSeen ?? '' })],
  });

  await agent.client.sendBatch({ body: late });
  await agent.client.sendBatch({ body: early });

  const { totals, children: _, ...stored } = await person.getRun({ params: { runId: run.id } });
  assert.deepEqual(stored, { ...ended, endpointId: agent.endpointId });
  assert.equal(totals.activities, 1);
  assert.equal((await person.listRunActivities({ params: { runId: run.id } })).items[0]?.count, 9);
});

test('finds what a script touched even if its activities came before its run', async () => {
  const run = makeRun({ script: { id: 'b'.repeat(32), kind: 'file', name: 'late.py' } });
  await agent.client.sendBatch({
    body: makeBatch({
      activities: [makeActivity(run.id, 1, { type: 'module.import', attributes: library('early-lib') })],
    }),
  });
  await agent.client.sendBatch({ body: makeBatch({ runs: [run] }) });

  const script = await person.getScript({ params: { scriptId: 'b'.repeat(32) } });

  assert.deepEqual(
    script.touched.map(({ target, runs }) => ({ target, runs })),
    [{ target: 'early-lib', runs: 1 }],
  );
});

test('refuses what is no batch and keeps it in quarantine with its reason', async () => {
  for (const body of [
    '',
    '{"protocolVersion":1',
    '[]',
    'null',
    '{"protocolVersion":1,"runs":5}',
    Buffer.from([0x22, 0xff, 0x22]),
  ]) {
    const response = await postBatch(server.url, agent, body);
    assert.equal(response.status, 400, String(body));
    assert.equal(((await response.json()) as Problem).code, 'malformed-batch', String(body));
  }
  const gzip = await postBatch(server.url, agent, 'no gzip', { 'content-encoding': 'gzip' });
  assert.equal(((await gzip.json()) as Problem).code, 'malformed-batch');

  const kept = await listSetAside(server.server.services.control, 100);
  assert.ok(
    kept.some(({ kind, body, reason }) => kind === 'batch' && Buffer.from(body).toString() === '[]' && reason !== ''),
  );
  assert.ok(kept.every(({ endpoint_id }) => endpoint_id === agent.endpointId));
});

test('refuses a protocol that it does not speak', async () => {
  const response = await postBatch(
    server.url,
    agent,
    JSON.stringify({ ...makeBatch(), protocolVersion: 2, runs: 'other' }),
  );

  assert.equal(response.status, 400);
  assert.equal(((await response.json()) as Problem).code, 'unsupported-protocol');
});

test('sets malformed rows aside, counts them and stores the good ones', async () => {
  const run = makeRun();
  const good = makeActivity(run.id, 1);
  const bad = [
    { ...good, id: 0 },
    { ...good, count: -1 },
    { ...good, attributes: { 'file.path': { deep: true } } },
    7,
    null,
  ];
  const body = JSON.stringify({ ...makeBatch(), runs: [run, { ...run, pid: 'x' }], activities: [good, ...bad] });

  const acknowledgement = (await (await postBatch(server.url, agent, body)).json()) as Record<string, unknown>;

  assert.equal(acknowledgement['rowsStored'], 2);
  assert.equal(acknowledgement['rowsSetAside'], 6);
  const reasons = (await listSetAside(server.server.services.control, 100))
    .filter(({ kind }) => kind === 'row')
    .map(({ reason }) => reason);
  assert.ok(
    reasons.some((reason) => reason.startsWith('pid: ')),
    reasons.join('; '),
  );
});

test('sets rows with absurd times aside instead of failing the insert', async () => {
  const run = makeRun();
  const rows = [
    '1970-01-01T00:00:00.000Z',
    '2299-12-31T00:00:00.000Z',
    '0000-01-01T00:00:00.000Z',
    '9999-12-31T23:59:59.999Z',
  ];
  const batch = makeBatch({
    runs: [run, ...rows.map((startedAt) => makeRun({ startedAt }))],
    activities: [
      ...rows.map((firstSeen, index) => makeActivity(run.id, index + 1, { firstSeen })),
      ...rows.map((lastSeen, index) => makeActivity(run.id, index + 10, { lastSeen })),
    ],
  });

  const acknowledgement = await agent.client.sendBatch({ body: batch });

  // 1970 is a time that the store can hold where it makes no partition.
  assert.deepEqual([acknowledgement.rowsStored, acknowledgement.rowsSetAside], [2, 11]);
});

test('takes rows of a hundred and fifty different days at once', async () => {
  const run = makeRun();
  const day = 24 * 60 * 60 * 1000;
  const activities = Array.from({ length: 150 }, (_, index) =>
    makeActivity(run.id, index + 1, { firstSeen: ago(index * day) }),
  );

  const acknowledgement = await agent.client.sendBatch({ body: makeBatch({ runs: [run], activities }) });

  assert.equal(acknowledgement.rowsStored, 151);
});

test('keeps hostile text as it is', async () => {
  const run = makeRun();
  const paths = ['a\u0000b', 'q\'uo"te\\', 'line\nfeed\ttab', '😀é', '{x:String}', '\\N', '%_\\%'];
  const activities = paths.map((path, index) =>
    makeActivity(run.id, index + 1, { attributes: { 'file.path': path, 'sentinel.file.operation': 'read' } }),
  );
  const lone = makeActivity(run.id, 90, { attributes: { 'file.path': 'x\ud800y', 'sentinel.file.operation': 'read' } });

  const acknowledgement = await agent.client.sendBatch({
    body: makeBatch({ runs: [run], activities: [...activities, lone] }),
  });

  assert.equal(acknowledgement.rowsSetAside, 0);
  const { items } = await person.listRunActivities({ params: { runId: run.id } });
  assert.deepEqual(
    items.slice(0, paths.length).map(({ attributes }) => attributes['file.path']),
    paths,
  );
});

test('moves attributes that the dictionary does not know to unmapped', async () => {
  const run = makeRun();
  const attributes = { 'file.path': '/x', 'sentinel.file.operation': 'read', 'acme.colour': 'red', 'acme.n': 5 };

  await agent.client.sendBatch({
    body: makeBatch({ runs: [run], activities: [makeActivity(run.id, 1, { attributes })] }),
  });

  const [stored] = (await person.listRunActivities({ params: { runId: run.id } })).items;
  assert.deepEqual(stored?.attributes, { 'file.path': '/x', 'sentinel.file.operation': 'read' });
  assert.deepEqual(stored?.unmapped, { 'acme.colour': 'red', 'acme.n': 5 });
});

test('refuses a body that is too large, plain or inflated', async () => {
  const plain = await postBatch(server.url, agent, 'x'.repeat(MAX_BATCH_BYTES + 1));
  const bomb = await postBatch(server.url, agent, gzipSync(Buffer.alloc(MAX_BATCH_BYTES * 20)), {
    'content-encoding': 'gzip',
  });

  for (const response of [plain, bomb]) {
    assert.equal(response.status, 413);
    assert.equal(((await response.json()) as Problem).code, 'too-large');
  }
});

test('refuses an encoding and a content type that it does not take', async () => {
  const brotli = await postBatch(server.url, agent, '{}', { 'content-encoding': 'br' });
  const text = await postBatch(server.url, agent, '{}', { 'content-type': 'text/plain' });

  assert.deepEqual([brotli.status, text.status], [415, 415]);
});

test('refuses another content under a number that was stored, and keeps it', async () => {
  const batch = makeBatch({ runs: [makeRun()] });
  await agent.client.sendBatch({ body: batch });

  const forged = agent.client.sendBatch({ body: { ...batch, runs: [makeRun()] } });

  await assert.rejects(forged, (error) => error instanceof SentinelError && error.code === 'batch-conflict');
  const kept = await listSetAside(server.server.services.control, 100);
  assert.ok(kept.some(({ spool_id, sequence }) => spool_id === batch.spoolId && sequence === 1));
});

test('never lets one endpoint replace the run of another', async () => {
  const other = await server.enrol('desk-2');
  const run = makeRun({ startedAt: ago(5_000) });
  await agent.client.sendBatch({ body: makeBatch({ runs: [run] }) });

  await other.client.sendBatch({
    body: makeBatch({ runs: [{ ...run, revision: 99, startedAt: ago(4_000), hostName: 'forged' }] }),
  });

  const stored = await person.getRun({ params: { runId: run.id } });
  assert.deepEqual([stored.endpointId, stored.hostName, stored.revision], [agent.endpointId, 'desk-1', 1]);
});

test('settles who it is before it reads the body', async () => {
  const foreign = agentWithKey({
    baseUrl: server.url,
    endpointId: agent.endpointId,
    key: await makeEndpointKey(),
    bootId: randomUUID(),
  });
  const response = await postBatch(server.url, foreign, gzipSync(Buffer.alloc(1024)), { 'content-encoding': 'gzip' });

  assert.equal(response.status, 401);
});

test('takes many batches at once in few groups', async () => {
  const before = await groups();
  const batches = Array.from({ length: 40 }, (_, index) => {
    const run = makeRun({ pid: index });
    return makeBatch({ spoolId: randomUUID(), runs: [run], activities: [makeActivity(run.id, 1)] });
  });

  const answers = await Promise.all(batches.map((body) => agent.client.sendBatch({ body })));

  assert.ok(answers.every(({ status, rowsStored }) => status === 'stored' && rowsStored === 2));
  assert.ok((await groups()) - before <= 20);
});

test('says that it has too much to do when the memory for batches is full', async () => {
  const small = await startTestServer({ ingestMemoryMb: 16 });
  try {
    const smallAgent = await small.enrol();
    const padding = 'x'.repeat(7 * 1024 * 1024);
    const bodies = Array.from({ length: 6 }, () => JSON.stringify({ ...makeBatch({ runs: [makeRun()] }), padding }));

    const responses = await Promise.all(bodies.map((body) => postBatch(small.url, smallAgent, body)));

    const refused = responses.filter(({ status }) => status === 503);
    assert.ok(refused.length > 0, responses.map(({ status }) => status).join());
    assert.ok(responses.some(({ status }) => status === 200));
    assert.ok(refused.every(({ headers }) => Number(headers.get('retry-after')) > 0));
    for (const response of refused) assert.equal(((await response.json()) as Problem).code, 'overloaded');
    const afterwards = await postBatch(small.url, smallAgent, bodies[0] ?? '');
    assert.equal(afterwards.status, 200);
  } finally {
    await small.close();
  }
});

async function groups(): Promise<number> {
  const text = await (await fetch(`${server.url}/metrics`)).text();
  return Number(/^sentinel_group_rows_count (\d+)/m.exec(text)?.[1] ?? 0);
}
