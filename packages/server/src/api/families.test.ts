import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '@sentinel/client';
import type { Activity, Run, ScriptFacts } from '@sentinel/protocol';
import { judgeDueRuns } from '../findings/judge-runs.ts';
import { returnJob } from '../jobs/job-lease.ts';
import { keepRiskDay } from '../jobs/risk-days.ts';
import type { EventStore } from '../store/event-store.ts';
import { makeFoundScript, makeInventory } from '../testing/make-inventory.ts';
import { ago, makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { startTestServer, type TestAgent, type TestServer, until } from '../testing/test-server.ts';

const HASH_A = 'a'.repeat(64);
const HASH_B = 'b'.repeat(64);
const HASH_C = 'c'.repeat(64);
const FAMILY = `f1:${'1'.repeat(32)}`;
const OTHER = `f1:${'2'.repeat(32)}`;

let server: TestServer;
let ann: TestAgent;
let bob: TestAgent;
let client: Client;
const sequences = new Map<TestAgent, number>();

before(async () => {
  server = await startTestServer();
  ann = await server.enrol('desk-1');
  bob = await server.enrol('desk-2');
  ({ client } = await server.signIn());
  await client.importCompany({
    body: {
      source: 'test',
      departments: [{ id: 'sales', name: 'Sales', custodian: 'Head of sales' }],
      responsibilities: [{ kind: 'host', match: 'desk-2', departmentId: 'sales' }],
      places: [{ kind: 'table', match: 'customers', labels: ['customer'] }],
    },
  });
});
after(() => server.close());

function factsOf(sha256: string, familyHash: string): ScriptFacts {
  return {
    sha256,
    familyHash,
    author: 'ann',
    analysis: {
      path: '/home/ann/crm.py',
      sha256,
      language: 'python3',
      parse: 'clean',
      imports: ['requests'],
      capabilities: [{ id: 'network.http', evidence: [{ line: 3, endLine: 3 }], detail: [] }],
      flows: [],
      hosts: [],
      secrets: [
        {
          ruleId: 'secret-assigned',
          title: 'Password in the source',
          tier: 'high',
          score: 0.9,
          fingerprint: 'fp1',
          preview: 'ge…im',
          name: 'PASSWORD',
          place: { line: 2, endLine: 2 },
        },
      ],
      weaknesses: [],
      packages: [],
      verdicts: [],
      unresolved: { calls: 0, reasons: [] },
      failures: [],
    },
    secretUses: [],
    risk: {
      score: 60,
      band: 'high',
      method: 'sentinel-risk 1',
      shares: [
        { dimension: 'floor', ruleId: 'secret-assigned', reason: 'never below 60: Password in the source', points: 35 },
        { dimension: 'secrets', ruleId: 'secret-assigned', reason: 'Password in the source', points: 25 },
      ],
    },
  };
}

async function send(agent: TestAgent, run: Run, activities: readonly Activity[] = []): Promise<void> {
  const sequence = (sequences.get(agent) ?? 0) + 1;
  sequences.set(agent, sequence);
  await agent.client.sendBatch({
    body: makeBatch({
      spoolId: agent === ann ? '6a1c3c0e-8b7e-4a70-9d2e-0d3b2b1f0a11' : '6a1c3c0e-8b7e-4a70-9d2e-0d3b2b1f0a12',
      sequence,
      runs: [run],
      activities: [...activities],
    }),
  });
  await until(async () => (await client.getBoardAnswer({ params: { category: 'any' } })).coverage.runsWaiting === 0);
}

function runOf(id: string, sha256: string, path: string, over: Partial<Run> = {}): Run {
  return makeRun({
    status: 'ended',
    endedAt: ago(0),
    script: { id: id.repeat(32), kind: 'file', name: path.split('/').at(-1) ?? '', path, sha256 },
    ...over,
  });
}

test('links copies of one syntax over computers and people, and versions at one place', async () => {
  assert.deepEqual((await ann.client.askScriptFacts({ body: { sha256: [HASH_A, HASH_B] } })).wanted, [HASH_A, HASH_B]);
  await ann.client.sendScriptFacts({ body: { facts: [factsOf(HASH_A, FAMILY), factsOf(HASH_B, FAMILY)] } });
  await ann.client.sendScriptFacts({ body: { facts: [factsOf(HASH_C, OTHER)] } });

  await send(ann, runOf('1', HASH_A, '/home/ann/crm.py', { startedAt: ago(9000) }));
  // The same syntax with other values, on another computer and for another person.
  await send(
    bob,
    runOf('2', HASH_B, '/home/bob/my crm.py', { user: { name: 'bob' }, hostName: 'desk-2', startedAt: ago(8000) }),
  );
  // Another syntax where the first one lay.
  await send(ann, runOf('3', HASH_C, '/home/ann/crm.py', { startedAt: ago(7000) }));

  const { items, total } = await client.listFamilies();
  assert.deepEqual(
    [
      total,
      items.map(({ id, name, author, versions, copies, endpoints, users, sanction, isSanctionStated }) => ({
        id,
        name,
        author,
        versions,
        copies,
        endpoints,
        users,
        sanction,
        isSanctionStated,
      })),
    ],
    [
      1,
      [
        {
          id: FAMILY,
          name: 'crm.py',
          author: 'ann',
          versions: 3,
          copies: 2,
          endpoints: 2,
          users: 2,
          sanction: 'unreviewed',
          isSanctionStated: false,
        },
      ],
    ],
  );
  const family = await client.getFamily({ params: { familyId: FAMILY } });
  assert.deepEqual(
    family.versionList.map(({ sha256, secrets }) => [sha256, secrets]),
    [
      [HASH_C, 1],
      [HASH_B, 1],
      [HASH_A, 1],
    ],
  );
  const [secret] = (await client.listFindings({ query: { ruleId: 'hardcoded-credential' } })).items;
  assert.deepEqual([secret?.familyId, secret?.occurrences], [FAMILY, 3]);
});

test('links copies that scans found and nobody ran, by content and by syntax, and none where it was run', async () => {
  const [renamed, same, ran, foreign] = [
    '/srv/old/crm2.py',
    '/srv/crm.py',
    '/home/bob/my crm.py',
    '/srv/x.py',
  ] as const;
  const upload = makeInventory('desk-2', {
    inventory: {
      scripts: [
        makeFoundScript(renamed, 'd'.repeat(64)),
        makeFoundScript(same, HASH_B),
        makeFoundScript(ran, HASH_B),
        makeFoundScript(foreign, 'e'.repeat(64)),
      ],
    },
    risks: [
      { path: renamed, score: 10, band: 'low', familyHash: FAMILY },
      { path: foreign, score: 10, band: 'low', familyHash: `f1:${'9'.repeat(32)}` },
    ],
  });
  await bob.client.uploadInventory({ body: upload });

  const { foundList } = await client.getFamily({ params: { familyId: FAMILY } });

  const copy = (path: string) => ({
    inventoryId: upload.id,
    endpointId: bob.endpointId,
    hostName: 'desk-2',
    path,
    owner: 'ana',
    modifiedAt: '2026-01-02T03:04:05.000Z',
  });
  assert.deepEqual(foundList, [copy(renamed), copy(same)]);
});

test('keeps no part of a credential, whatever an agent sends', async () => {
  const { control } = server.server.services;
  const rows = await control.selectFrom('script_facts').select('facts').execute();

  assert.ok(rows.length === 3 && rows.every(({ facts }) => !facts.includes('ge…im')));
});

test('judges a run again when facts of its script come later', async () => {
  const late = 'd'.repeat(64);
  await send(ann, runOf('4', late, '/home/ann/late.py'));
  const before = (await client.listFindings({ query: { q: 'late.py' } })).items.map(({ ruleId }) => ruleId);

  await ann.client.sendScriptFacts({ body: { facts: [factsOf(late, `f1:${'4'.repeat(32)}`)] } });

  await until(async () => (await client.listFindings({ query: { q: 'late.py' } })).total === 1);
  const [finding] = (await client.listFindings({ query: { q: 'late.py' } })).items;
  assert.deepEqual([before, finding?.ruleId, finding?.occurrences], [[], 'hardcoded-credential', 1]);
});

test('keeps who decided what about a family, and judges by it', async () => {
  const params = { familyId: FAMILY };

  await client.updateFamily({ params, body: { owner: 'Ann', departmentId: 'sales', reason: 'asked her' } });
  const row = await client.updateFamily({ params, body: { sanction: 'sanctioned', reason: 'reviewed by IT' } });

  assert.deepEqual(
    [row.sanction, row.isSanctionStated, row.owner, row.departmentId],
    ['sanctioned', true, 'Ann', 'sales'],
  );
  const { history } = await client.getFamily({ params });
  assert.deepEqual(
    history.map(({ who, change }) => [who, change['after']]),
    [
      ['owner', { reason: 'reviewed by IT', sanction: 'sanctioned' }],
      ['owner', { reason: 'asked her', owner: 'Ann', departmentId: 'sales' }],
    ],
  );
  assert.deepEqual(
    (await client.listFamilies({ query: { sanction: 'sanctioned' } })).items.map(({ id }) => id),
    [FAMILY],
  );
  assert.deepEqual(
    (await client.listFamilies({ query: { isOwnerKnown: 'false' } })).items.map(({ name }) => name),
    ['late.py'],
  );
  await assert.rejects(client.updateFamily({ params: { familyId: 'f1:none' }, body: { owner: 'x', reason: 'none' } }), {
    code: 'not-found',
  });
});

test("answers the board's question, and every number stands for the list it names", async () => {
  const query = (runId: string) =>
    makeActivity(runId, 1, {
      type: 'db.query',
      attributes: { 'db.system.name': 'mysql', 'db.operation.name': 'SELECT', 'db.collection.name': ['customers'] },
      rows: 40,
    });
  const approved = runOf('2', HASH_B, '/home/bob/my crm.py', { user: { name: 'bob' }, hostName: 'desk-2' });
  await send(bob, approved, [query(approved.id)]);
  const running = makeRun({
    script: { id: '7'.repeat(32), kind: 'file', name: 'letters.py', path: '/home/ann/letters.py' },
  });
  await send(ann, running, [query(running.id)]);

  const answer = await client.getBoardAnswer({ params: { category: 'customer' } });

  const counts = ({ now, days30 }: typeof answer) =>
    [now, days30].map(({ scripts, approved, notApproved, machines, people }) => [
      scripts.count,
      approved.count,
      notApproved.count,
      machines,
      people,
    ]);
  assert.deepEqual(counts(answer), [
    [1, 0, 1, 1, 1],
    [2, 1, 1, 2, 2],
  ]);
  assert.deepEqual(answer.approvers, [{ who: 'owner', scripts: 1 }]);
  for (const { scripts, approved, notApproved } of [answer.now, answer.days30])
    for (const { count, list } of [scripts, approved, notApproved]) {
      const query = Object.fromEntries(new URL(list, 'http://console').searchParams);
      assert.equal((await client.listFamilies({ query })).total, count, list);
    }
});

test('adds risk up from shares, says what would lower it, and keeps a figure a day', async () => {
  await keepRiskDay(server.server.services.control, Date.now() - 86_400_000);
  await keepRiskDay(server.server.services.control, Date.now());

  const script = await client.getRisk({ params: { kind: 'script', subject: FAMILY } });
  const machine = await client.getRisk({ params: { kind: 'machine', subject: ann.endpointId } });
  const department = await client.getRisk({ params: { kind: 'department', subject: 'sales' } });
  const company = await client.getRisk({ params: { kind: 'company', subject: 'all' } });
  const [run] = (await client.listFindings({ query: { familyId: FAMILY } })).items;
  const ofRun = await client.getRisk({ params: { kind: 'run', subject: run?.lastRunId ?? '' } });

  for (const { score, shares, lowers } of [script, machine, department, company, ofRun]) {
    assert.equal(
      shares.reduce((sum, { points }) => sum + points, 0),
      score,
    );
    for (const lower of lowers) assert.equal(lower.score, score - lower.points);
  }
  assert.equal(script.score, 60, 'a live credential never falls below');
  assert.equal(script.lowers[0]?.what, 'Take the credentials out of the source and revoke them');
  assert.ok((script.lowers[0]?.score ?? 60) < 20);
  for (const { trend, score, kind } of [script, machine, department, company])
    assert.deepEqual(
      trend.map((day) => day.score),
      [score, score],
      kind,
    );
  assert.ok(company.score >= script.score);
  const { items } = await client.listRisks({ params: { kind: 'script' } });
  assert.equal(items[0]?.score, 60);
});

test('a script that is retired raises a finding with its next run, not with those before', async () => {
  const path = '/home/ann/old.py';
  await send(ann, runOf('8', '8'.repeat(64), path, { startedAt: ago(60_000), endedAt: ago(50_000) }));
  const [family] = (await client.listFamilies({ query: { q: 'old.py' } })).items;
  assert.ok(family);
  const raised = async () =>
    (await client.listFindings({ query: { familyId: family.id, ruleId: 'script-unreviewed' } })).items.map(
      ({ title, severity, occurrences }) => ({ title, severity, occurrences }),
    );

  await client.updateFamily({ params: { familyId: family.id }, body: { sanction: 'retired', reason: 'replaced' } });
  await until(async () => (await client.getBoardAnswer({ params: { category: 'any' } })).coverage.runsWaiting === 0);
  const before = await raised();
  const startedAt = new Date(Date.now() + 1000).toISOString();
  await send(ann, runOf('8', '8'.repeat(64), path, { startedAt, endedAt: startedAt }));

  assert.deepEqual(before, []);
  assert.deepEqual(await raised(), [
    {
      title: 'The script old.py, which was retired, still ran on the account of ann.',
      severity: 'high',
      occurrences: 1,
    },
  ]);
});

test('facts that come while a run is judged without them have it judged again', async () => {
  const late = 'e'.repeat(64);
  const { services } = server.server;
  const { control, events } = services;
  // No other judge comes between.
  await until(async () => {
    const { numUpdatedRows } = await control
      .updateTable('job_lease')
      .set({ holder: 'test', held_until: Date.now() + 60_000 })
      .where('name', '=', 'judge-runs')
      .where('held_until', '=', 0)
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  });
  const runs = [runOf('5', late, '/home/ann/later.py')];
  await ann.client.sendBatch({
    body: makeBatch({ spoolId: '6a1c3c0e-8b7e-4a70-9d2e-0d3b2b1f0a13', sequence: 1, runs, activities: [] }),
  });
  let queries = 0;
  const slow: EventStore = Object.assign(Object.create(events) as EventStore, {
    async query(...asked: Parameters<EventStore['query']>) {
      const rows = await events.query(...asked);
      queries += 1;
      // The activities are the last that is read.
      if (queries === 2) await ann.client.sendScriptFacts({ body: { facts: [factsOf(late, `f1:${'5'.repeat(32)}`)] } });
      return rows;
    },
  });
  const { signal } = new AbortController();

  const judged = await judgeDueRuns({ ...services, events: slow }, signal);
  await returnJob(control, 'judge-runs', 'test', 0);

  const found = (await client.listFindings({ query: { q: 'later.py' } })).items.map(({ ruleId }) => ruleId);
  assert.deepEqual([judged, found], [2, ['hardcoded-credential']]);
});
