import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Client } from '@sentinel/client';
import type { Activity, Finding, FindingRow, Run } from '@sentinel/protocol';
import { endAcceptances, recordFindings } from '../store/finding.ts';
import { listFindingPage } from '../store/finding-list.ts';
import { ago, makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { startTestServer, type TestAgent, type TestServer, until } from '../testing/test-server.ts';

let server: TestServer;
let agent: TestAgent;
let client: Client;
let sequence = 0;

before(async () => {
  server = await startTestServer();
  agent = await server.enrol();
  ({ client } = await server.signIn());
  await client.importCompany({
    body: {
      source: 'test',
      departments: [{ id: 'clinic', name: 'Clinic' }],
      responsibilities: [
        { kind: 'path', match: '**/clinic/**', departmentId: 'clinic', owner: 'Ada', sanction: 'monitored' },
      ],
      places: [{ kind: 'table', match: 'patients', labels: ['customer', 'health'], name: 'the patient table' }],
    },
  });
});
after(() => server.close());

/** A run that reads patients and leaves a copy of them in a file. */
function exportRun(over: Partial<Run> = {}): { run: Run; activities: Activity[] } {
  const run = makeRun({
    status: 'ended',
    endedAt: ago(100),
    exitRoute: 'finished',
    script: { id: 'c'.repeat(32), kind: 'file', name: 'export.py', path: '/home/ann/clinic/export.py' },
    ...over,
  });
  const query = makeActivity(run.id, 1, {
    type: 'db.query',
    attributes: {
      'db.system.name': 'postgresql',
      'db.operation.name': 'SELECT',
      'db.collection.name': ['patients'],
      'db.namespace': 'clinic',
      'server.address': 'db.corp',
    },
    rows: 24_000,
  });
  const copy = makeActivity(run.id, 2, {
    attributes: { 'file.path': '/home/ann/clinic/out/patients.csv', 'sentinel.file.operation': 'write' },
    bytesOut: 900_000,
    firstSeen: ago(700),
    lastSeen: ago(600),
  });
  return { run, activities: [query, copy] };
}

async function send(...sent: readonly { run: Run; activities: readonly Activity[] }[]): Promise<void> {
  sequence += 1;
  await agent.client.sendBatch({
    body: makeBatch({
      spoolId: '6a1c3c0e-8b7e-4a70-9d2e-0d3b2b1f0a11',
      sequence,
      runs: sent.map(({ run }) => run),
      activities: sent.flatMap(({ activities }) => activities),
    }),
  });
}

async function judged(): Promise<void> {
  await until(async () => (await client.getBoardAnswer({ params: { category: 'any' } })).coverage.runsWaiting === 0);
}

const rules = async (query: object = {}) =>
  (await client.listFindings({ query })).items.map(({ ruleId, occurrences }) => [ruleId, occurrences]);

test('judges a run once it has ended, with the labels of the company', async () => {
  const { run, activities } = exportRun();

  await send({ run, activities });
  await judged();

  const page = await client.listFindings();
  assert.deepEqual(
    page.items.map(({ ruleId, severity, state, scriptName, departmentId, lastRunId }) => ({
      ruleId,
      severity,
      state,
      scriptName,
      departmentId,
      lastRunId,
    })),
    [
      ['bulk-read', 'high'],
      ['sensitive-copy-left', 'medium'],
      ['database-direct-query', 'low'],
    ].map(([ruleId, severity]) => ({
      ruleId,
      severity,
      state: 'open',
      scriptName: 'export.py',
      departmentId: 'clinic',
      lastRunId: run.id,
    })),
  );
});

test('counts a further run as an occurrence, and judging a run again changes nothing', async () => {
  const { run, activities } = exportRun();
  await send({ run, activities });
  await judged();
  const once = await rules();

  await send({ run: { ...run, revision: 9 }, activities });
  await judged();

  assert.deepEqual(await rules(), once);
  assert.deepEqual(once, [
    ['bulk-read', 2],
    ['sensitive-copy-left', 2],
    ['database-direct-query', 2],
  ]);
  assert.equal((await client.listNotifications()).items.length, 3, 'one a finding and day');
});

test('withdraws what a later look at the same run no longer shows', async () => {
  const { run, activities } = exportRun({
    script: { id: 'd'.repeat(32), kind: 'file', name: 'tidy.py', path: '/home/ann/clinic/tidy.py' },
  });
  await send({ run, activities });
  await judged();
  const before = await rules({ q: 'tidy.py' });
  const gone = makeActivity(run.id, 3, {
    type: 'file.change',
    attributes: { 'file.path': '/home/ann/clinic/out/patients.csv', 'sentinel.file.operation': 'delete' },
  });

  await send({ run: { ...run, revision: 9 }, activities: [gone] });
  await judged();

  assert.deepEqual(
    before.map(([rule]) => rule),
    ['bulk-read', 'sensitive-copy-left', 'database-direct-query'],
  );
  assert.deepEqual(
    (await rules({ q: 'tidy.py' })).map(([rule]) => rule),
    ['bulk-read', 'database-direct-query'],
  );
});

test('takes a risk only until a date and for a reason, and says so in the history', async () => {
  const [finding] = (await client.listFindings({ query: { ruleId: 'bulk-read', q: 'export.py' } })).items;
  assert.ok(finding);
  const params = { findingId: finding.id };
  const until = new Date(Date.now() + 9 * 86_400_000).toISOString().slice(0, 10);
  for (const body of [
    { state: 'accepted' as const },
    { state: 'accepted' as const, acceptedUntil: until },
    { state: 'accepted' as const, acceptedUntil: '2020-01-01', reason: 'agreed with the clinic' },
    { state: 'accepted' as const, acceptedUntil: '2099-01-01', reason: 'agreed with the clinic' },
    { state: 'fixed' as const, acceptedUntil: until },
  ])
    await assert.rejects(client.updateFinding({ params, body }), { code: 'bad-request' });

  const accepted = await client.updateFinding({
    params,
    body: { state: 'accepted', acceptedUntil: until, reason: 'agreed with the clinic', owner: 'Ada' },
  });

  assert.deepEqual(
    [accepted.state, accepted.acceptedUntil, accepted.owner],
    ['accepted', `${until}T23:59:59.999Z`, 'Ada'],
  );
  assert.deepEqual(await rules({ ruleId: 'bulk-read', q: 'export.py' }), [], 'it no longer waits for anybody');
  const { history, runs, misses } = await client.getFinding({ params });
  assert.deepEqual(
    history.map(({ who, kind }) => [who, kind]),
    [
      ['owner', 'accepted'],
      ['sentinel', 'found'],
    ],
  );
  assert.equal(runs.length, 2);
  assert.ok(runs.every(({ evidence }) => evidence.every(({ activityId }) => activityId === 1)));
  assert.ok(misses !== undefined && misses.length > 0);
});

test('opens an accepted finding again when its date is over', async () => {
  const { control } = server.server.services;
  await control
    .updateTable('finding')
    .set({ accepted_until: Date.now() - 1 })
    .where('state', '=', 'accepted')
    .execute();

  assert.equal((await endAcceptances(control, Date.now())).length, 1);

  const [finding] = (await client.listFindings({ query: { ruleId: 'bulk-read', q: 'export.py' } })).items;
  assert.deepEqual([finding?.state, finding?.acceptedUntil], ['open', undefined]);
});

test('tells of a finding that comes back after it was fixed', async () => {
  const [finding] = (await client.listFindings({ query: { ruleId: 'sensitive-copy-left', q: 'export.py' } })).items;
  assert.ok(finding);
  await client.updateFinding({ params: { findingId: finding.id }, body: { state: 'fixed', note: 'the file is gone' } });
  const { run, activities } = exportRun({ startedAt: ago(0), endedAt: new Date(Date.now() + 1000).toISOString() });

  await send({ run, activities });
  await judged();

  const { state, lastRunId } = await client.getFinding({ params: { findingId: finding.id } });
  assert.deepEqual([state, lastRunId], ['regressed', run.id]);
});

test('tells of one finding at most once a day, and again on a later day when it comes back', async () => {
  const { control } = server.server.services;
  const [row] = (await client.listFindings({ query: { ruleId: 'sensitive-copy-left', q: 'export.py' } })).items;
  const told = async () =>
    (await client.listNotifications({ query: { limit: 200 } })).items
      .filter(({ findingId }) => findingId === row?.id)
      .map(({ kind, at }) => `${kind} ${at.slice(0, 10)}`);
  const day = (ms: number) => new Date(ms).toISOString().slice(0, 10);
  const tomorrowMs = Date.now() + 86_400_000;
  assert.equal((await told()).length, 1, 'new and back on one day is one');

  for (const atMs of [tomorrowMs, tomorrowMs + 1]) {
    const stored = await control
      .selectFrom('finding')
      .selectAll()
      .where('id', '=', row?.id ?? '')
      .executeTakeFirstOrThrow();
    await client.updateFinding({ params: { findingId: stored.id }, body: { state: 'fixed' } });
    const { run, activities } = exportRun({
      startedAt: new Date(atMs).toISOString(),
      endedAt: new Date(atMs + 1000).toISOString(),
    });
    const news = await recordFindings(
      control,
      [
        {
          ...(row as FindingRow),
          id: stored.id,
          runId: run.id,
          endpointId: stored.endpoint_id,
          ruleVersion: 1,
          evidence: [{ activityId: activities[0]?.id, note: 'read' }],
          seenAt: new Date(atMs).toISOString(),
        } as unknown as Finding,
      ],
      {
        runId: run.id,
        endpointId: stored.endpoint_id,
        familyId: stored.family_id,
        scriptId: stored.script_id,
        scriptName: stored.script_name,
        userName: stored.user_name,
        hostName: stored.host_name,
        departmentId: stored.department_id,
      },
      atMs,
    );
    assert.deepEqual(
      news.map(({ kind }) => kind),
      ['regressed'],
    );
  }

  assert.deepEqual(await told(), [`regressed ${day(tomorrowMs)}`, `new ${day(Date.now())}`]);
});

test('decides about many at once, and says which are not there', async () => {
  const { items } = await client.listFindings({ query: { q: 'tidy.py' } });
  const stranger = '01890000-0000-7000-8000-000000000000';

  const answer = await client.updateFindings({
    body: { ids: [...items.map(({ id }) => id), stranger], change: { state: 'fixed' } },
  });

  assert.deepEqual(answer, { changed: 2, missing: [stranger] });
  assert.deepEqual(await rules({ q: 'tidy.py', state: 'fixed' }), [
    ['bulk-read', 1],
    ['database-direct-query', 1],
  ]);
});

test('pages through findings in one order and exports them all with a hash', async () => {
  const all = (await client.listFindings({ query: { state: 'all', limit: 200 } })).items.map(({ id }) => id);
  const paged: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listFindings({
      query: { state: 'all', limit: 2, ...(cursor === undefined ? {} : { cursor }) },
    });
    assert.equal(page.total, all.length);
    paged.push(...page.items.map(({ id }) => id));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  const hash = createHash('sha256');
  const exported: string[] = [];
  let end: unknown;
  for await (const event of client.exportFindings({ query: { state: 'all' } })) {
    if (event.kind === 'end') end = event;
    else {
      exported.push(event.finding.id);
      hash.update(`${JSON.stringify(event.finding)}\n`);
    }
  }

  assert.deepEqual(paged, all);
  assert.deepEqual(exported, all);
  assert.deepEqual(end, { kind: 'end', count: all.length, sha256: hash.digest('hex') });
});

test('carries labels through a file into the run of another script', async () => {
  const run = makeRun({
    status: 'ended',
    endedAt: ago(0),
    script: { id: 'e'.repeat(32), kind: 'file', name: 'send.py', path: '/home/ann/send.py' },
  });
  const read = makeActivity(run.id, 1, {
    attributes: { 'file.path': '/home/ann/clinic/out/patients.csv', 'sentinel.file.operation': 'read' },
    bytesIn: 900_000,
  });
  const post = makeActivity(run.id, 2, {
    type: 'http.request',
    attributes: { 'server.address': 'content.dropboxapi.com', 'http.request.method': 'POST' },
    bytesOut: 900_000,
    firstSeen: ago(500),
    lastSeen: ago(400),
  });

  await send({ run, activities: [read, post] });
  await judged();

  const found = (await client.listFindings({ query: { q: 'send.py' } })).items.map(({ ruleId }) => ruleId);
  assert.ok(found.includes('sensitive-data-to-personal-cloud'), found.join());
  const flows = (await client.listDataFlows({ query: { label: 'customer' } })).items;
  assert.deepEqual(
    flows
      .filter(({ scriptName }) => scriptName === 'send.py')
      .map(({ direction, kind, name, labels, bytes }) => ({ direction, kind, name, labels, bytes })),
    [
      { direction: 'read', kind: 'file', name: '/home/ann/clinic/out', labels: ['customer', 'health'], bytes: 900_000 },
      {
        direction: 'sent',
        kind: 'personal-cloud',
        name: 'content.dropboxapi.com',
        labels: ['customer', 'health'],
        bytes: 900_000,
      },
    ],
  );
  const touches = await client.listDataTouches({ query: { name: 'content.dropboxapi.com' } });
  assert.deepEqual(
    touches.items.map(({ runId, userName, scriptName }) => ({ runId, userName, scriptName })),
    [{ runId: run.id, userName: 'ann', scriptName: 'send.py' }],
  );
  const { items: files } = await client.listLabelledFiles({ query: { label: 'customer' } });
  assert.deepEqual(
    files.map(({ path, labels, scriptName, goneAt }) => ({ path, labels, scriptName, goneAt })),
    [
      {
        path: '/home/ann/clinic/out/patients.csv',
        labels: ['customer', 'health'],
        scriptName: 'export.py',
        goneAt: undefined,
      },
    ],
  );
});

test('judges stored runs again from a point on, with the labels of now', async () => {
  await client.addDataPlace({ body: { kind: 'path', match: '/data/**', labels: ['financial'], place: 'share' } });
  const run = makeRun({
    status: 'ended',
    endedAt: ago(0),
    script: { id: 'f'.repeat(32), kind: 'file', name: 'books.py', path: '/home/ann/books.py' },
  });
  await send({ run, activities: [makeActivity(run.id, 1, { bytesIn: 50_000 })] });
  await judged();
  const before = (await rules({ q: 'books.py' })).map(([rule]) => rule);
  for (const { id, match } of (await client.listDataPlaces()).items)
    if (match === '/data/**') await client.deleteDataPlace({ params: { placeId: id } });

  const { runs } = await client.replayRuns({ body: { since: ago(3_600_000) } });
  await judged();

  assert.ok(before.includes('sensitive-file-read'), before.join());
  assert.deepEqual(await rules({ q: 'books.py' }), []);
  assert.ok(runs >= 5);
});

test('shows nobody what lies outside their scope', async () => {
  const { control } = server.server.services;
  const scope = { isAll: false, departments: [], endpointIds: [], osUsers: ['somebody else'] };
  const { items, total } = await listFindingPage(control, { state: 'all', limit: 50 }, scope);

  assert.deepEqual([items, total], [[], 0]);
});
