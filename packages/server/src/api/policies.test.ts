import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { isInRing } from '@sentinel/policy';
import { type PolicyBundle, type PolicyVersionRow, SentinelError } from '@sentinel/protocol';
import { watchRollouts } from '../jobs/policy-rollouts.ts';
import { RING_SOAK_MS, SHADOW_SOAK_MS } from '../policy/next-step.ts';
import { DAY_MS } from '../store/store-time.ts';
import { ago, makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { signInAs, type TestPerson } from '../testing/sign-in-as.ts';
import { startTestServer, type TestAgent, type TestServer, until } from '../testing/test-server.ts';

const source = (version: number, more = '') => `id: data
version: ${version}
title: Data of customers
mode: enforce
statements:
  - id: read
    activity: file.open
    effect: block
    when: file.path.startsWith("/data/")
    explain: Not by scripts.
    match: [{ facts: { file.path: /data/a } }]
    nomatch: [{ facts: { file.path: /tmp/a } }]
${more}`;

let server: TestServer;
let agent: TestAgent;
let author: TestPerson;
let second: TestPerson;

before(async () => {
  server = await startTestServer();
  agent = await server.enrol();
  author = await signInAs(server, 'ada', 'policy-author');
  second = await signInAs(server, 'bob', 'approver');
  const run = makeRun();
  await agent.client.sendBatch({
    body: makeBatch({ runs: [run], activities: [makeActivity(run.id, 1), makeActivity(run.id, 2)] }),
  });
});
after(() => server.close());

describe('a policy on the server', () => {
  it('is saved once however often it is applied, and refused with faults, failing examples or a number that is taken', async () => {
    const body = { source: source(1), reason: 'first draft', ticket: 'T-1' };

    const first = await author.client.savePolicy({ body });
    const again = await author.client.savePolicy({ body });

    assert.deepEqual([first.isNew, again.isNew, first.version.stage], [true, false, 'draft']);
    assert.deepEqual(again.version, first.version);
    await assert.rejects(
      author.client.savePolicy({ body: { ...body, source: `${source(2)}colour: red\n` } }),
      /colour/,
    );
    await assert.rejects(
      author.client.savePolicy({ body: { ...body, source: source(2).replace('/data/a }', '/x }') } }),
      /read: example 1 of match does not match/,
    );
    await assert.rejects(
      author.client.savePolicy({ body: { ...body, source: source(1).replace('Not by', 'Never by') } }),
      /version 1 with another text: write version: 2/,
    );
    await assert.rejects(second.client.savePolicy({ body }), (error) => codeOf(error) === 'not-allowed');
  });

  it('goes through simulation, a second person, shadow and rings, each behind its gate', async () => {
    const params = { policyId: 'data', version: 1 };
    const advance = (isEarly = false) =>
      author.client.advancePolicyVersion({ params, body: { reason: 'go on', isEarly } });

    await assert.rejects(advance(), /not been simulated/);
    await simulate(1);
    const simulated = await author.client.getPolicyVersion({ params });
    assert.equal(simulated.stage, 'simulated');
    assert.deepEqual(
      simulated.simulated.map(({ hits, endpoints }) => [hits, endpoints]),
      [[2, [{ name: agent.endpointId, label: 'desk-1', hits: 2, runs: 1 }]]],
    );
    assert.equal((await advance()).stage, 'shadow');
    await assert.rejects(advance(true), /second person must agree/);
    await assert.rejects(
      author.client.decidePolicyVersion({ params, body: { isApproved: true, reason: 'mine' } }),
      (error) => codeOf(error) === 'not-allowed',
    );
    const agreed = await second.client.decidePolicyVersion({
      params,
      body: { isApproved: true, reason: 'looks right' },
    });
    assert.deepEqual([agreed.approval?.by, agreed.approval?.isApproved], ['bob', true]);
    await assert.rejects(advance(), /watched for 72 more hours/);
    await shiftStage(1, SHADOW_SOAK_MS);
    assert.deepEqual(step(await advance()), ['rollout', 1]);
    await assert.rejects(advance(), /watched for 24 more hours/);
    for (const [stage, percent] of [
      ['rollout', 10],
      ['rollout', 50],
      ['rollout', 100],
      ['enforced', 100],
    ] as const) {
      await shiftStage(1, RING_SOAK_MS);
      assert.deepEqual(step(await advance()), [stage, percent]);
    }
  });

  it('never takes the author for the second person, whatever role they have', async () => {
    const owner = await signInAs(server, 'olga', 'owner');
    await owner.client.savePolicy({ body: { source: source(1).replace('id: data', 'id: own'), reason: 'mine' } });
    await simulate(1, 'own', owner);

    await assert.rejects(
      owner.client.decidePolicyVersion({
        params: { policyId: 'own', version: 1 },
        body: { isApproved: true, reason: 'I am the owner' },
      }),
      (error) => codeOf(error) === 'not-allowed',
    );
  });

  it('keeps the old version in force beside the new one, and says what operators would sign', async () => {
    const newer = source(2, '  - { id: more, activity: file.open, effect: observe, explain: x }\n');
    await author.client.savePolicy({ body: { source: newer, reason: 'look wider' } });
    await simulate(2);
    await author.client.advancePolicyVersion({ params: { policyId: 'data', version: 2 }, body: { reason: 'shadow' } });

    const shadow = await draft();
    assert.deepEqual(
      shadow.bundle.policies.map(({ id, version }) => [id, version]),
      [
        ['data', 1],
        ['data', 2],
      ],
    );
    assert.deepEqual(shadow.bundle.rollouts, [{ policyId: 'data', version: 2, percent: 0 }]);
    assert.deepEqual(JSON.parse(Buffer.from(shadow.payload, 'base64').toString()), shadow.bundle);
    await agree(2);
    await shiftStage(2, SHADOW_SOAK_MS);
    await author.client.advancePolicyVersion({ params: { policyId: 'data', version: 2 }, body: { reason: 'ring 1' } });
    assert.deepEqual((await draft()).bundle.rollouts, [{ policyId: 'data', version: 2, percent: 100 }]);
    const diff = await author.client.comparePolicyVersions({ params: { policyId: 'data', version: 2 } });
    assert.deepEqual(diff.statements, [{ id: 'more', change: 'added', toEffect: 'observe' }]);
    assert.equal(diff.fromVersion, 1);
  });

  it('steps back by itself when it hits more than was expected, and says why', async () => {
    await shiftStage(2, RING_SOAK_MS);
    const quiet = { from: ago(DAY_MS), to: ago(0), at: ago(0), activities: 9, hits: 1, runs: 1, hitsPerDay: 1 };
    await server.server.services.control
      .updateTable('policy_version')
      .set({ percent: 100, simulation: JSON.stringify(quiet) })
      .where('version', '=', 2)
      .where('policy_id', '=', 'data')
      .execute();
    await sendHits(20);

    await watchRollouts(server.server.services, Date.now());

    const { versions } = await author.client.getPolicy({ params: { policyId: 'data' } });
    const [now] = versions;
    assert.deepEqual([now?.version, now?.stage, now?.percent], [2, 'rollout', 50]);
    assert.equal(now?.health?.isHealthy, false);
    assert.match(now?.health?.breaches[0] ?? '', /It hit 20 times; at most 7 were expected/);
    const records = await server.server.services.control
      .selectFrom('audit_record')
      .select(['action', 'actor_name'])
      .where('action', '=', 'policy.step-back')
      .execute();
    assert.deepEqual(records, [{ action: 'policy.step-back', actor_name: 'system' }]);
  });

  it('rolls back to what was in force, and lists hits and stage', async () => {
    await server.server.services.control
      .updateTable('policy_version')
      .set({ stage: 'superseded' })
      .where('version', '=', 1)
      .where('policy_id', '=', 'data')
      .execute();

    const back = await author.client.rollBackPolicy({
      params: { policyId: 'data' },
      body: { version: 1, reason: 'the new one hits too much' },
    });

    assert.deepEqual(step(back), ['enforced', 100]);
    const { items } = await author.client.listPolicies({ query: { q: 'customers', stage: 'enforced' } });
    assert.deepEqual(
      items.map(({ id, live, newest, strictest, hits24h, stopped24h }) => [
        id,
        live?.version,
        newest.stage,
        strictest,
        hits24h,
        stopped24h,
      ]),
      [['data', 1, 'withdrawn', 'block', 20, 20]],
    );
    await assert.rejects(
      author.client.rollBackPolicy({ params: { policyId: 'data' }, body: { version: 2, reason: 'again' } }),
      /in force before/,
    );
  });

  it('plans what files would change, and plays new against present', async () => {
    const changed = source(3).replace('/data/', '/data/1');
    const plan = await author.client.planPolicies({
      body: {
        sources: [changed.replace('/data/a }', '/data/1a }'), source(1).replace('id: data', 'id: fresh')],
        from: ago(DAY_MS),
      },
    });

    assert.deepEqual(
      plan.changes.map(({ policyId, change, needsApproval }) => [policyId, change, needsApproval]),
      [
        ['data', 'changed', true],
        ['fresh', 'new', true],
      ],
    );
    assert.deepEqual(plan.changes[0]?.diff.statements, [
      { id: 'read', change: 'condition', fromEffect: 'block', toEffect: 'block' },
    ]);
    const { id } = plan.simulation ?? { id: '' };
    await until(async () => (await author.client.getSimulation({ params: { simulationId: id } })).status === 'done');
    const { statements } = await author.client.getSimulation({ params: { simulationId: id } });
    assert.deepEqual(
      statements.map(({ policyId, hits }) => [policyId, hits]),
      [
        ['data', 11],
        ['data@now', 22],
        ['fresh', 22],
      ],
    );
    const unchanged = await author.client.planPolicies({
      body: { sources: [source(1).replace('id: data', 'id: own')] },
    });
    assert.deepEqual([unchanged.changes.map(({ change }) => change), unchanged.absent], [['unchanged'], ['data']]);
  });

  it('counts objections of people once a run', async () => {
    const run = makeRun();
    await agent.client.sendBatch({ body: makeBatch({ runs: [run] }) });
    const body = { policyId: 'data', statementId: 'read', runId: run.id, reason: 'this is my own file' };
    const viewer = await signInAs(server, 'vic', 'viewer');

    const one = await viewer.client.objectToDecision({ body });
    const again = await viewer.client.objectToDecision({ body });

    assert.equal(one.id, again.id);
    await assert.rejects(
      viewer.client.objectToDecision({ body: { ...body, runId: '01900000-0000-7000-8000-000000000000' } }),
      (error) => codeOf(error) === 'not-found',
    );
  });
});

async function simulate(version: number, policyId = 'data', by = author): Promise<void> {
  const { id } = await by.client.simulatePolicyVersion({ params: { policyId, version }, body: { days: 1 } });
  await until(async () => (await by.client.getSimulation({ params: { simulationId: id } })).status === 'done');
}

async function agree(version: number): Promise<void> {
  const body = { isApproved: true, reason: 'looks right' };
  await second.client.decidePolicyVersion({ params: { policyId: 'data', version }, body });
}

/** Makes a version look as if it stood in its stage for so much longer. */
async function shiftStage(version: number, byMs: number): Promise<void> {
  await server.server.services.control
    .updateTable('policy_version')
    .set((row) => ({ stage_since: row('stage_since', '-', byMs) }))
    .where('policy_id', '=', 'data')
    .where('version', '=', version)
    .execute();
}

async function draft(): Promise<{ bundle: PolicyBundle; payload: string }> {
  return author.client.getBundleDraft({ query: { organisation: 'contoso' } });
}

async function sendHits(count: number): Promise<void> {
  assert.ok(isInRing('data', agent.endpointId, 100));
  const run = makeRun();
  const decision = {
    effect: 'block' as const,
    disposition: 'blocked' as const,
    policyId: 'data',
    statementId: 'read',
    reason: 'Not by scripts.',
  };
  const activities = Array.from({ length: count }, (_, at) => makeActivity(run.id, at + 2, { decision }));
  await agent.client.sendBatch({ body: makeBatch({ runs: [run], activities }) });
}

function step({ stage, percent }: PolicyVersionRow): [string, number] {
  return [stage, percent];
}

function codeOf(error: unknown): string {
  return error instanceof SentinelError ? error.code : String(error);
}
