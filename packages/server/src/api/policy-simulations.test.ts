import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { ago, makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { signInAs } from '../testing/sign-in-as.ts';
import { startTestServer } from '../testing/test-server.ts';

const SOURCE = `
id: data
version: 1
title: Data
statements:
  - id: read
    activity: file.open
    effect: warn
    when: file.path.startsWith("/data/") && script.path.glob("/home/**")
    explain: because
`;

test('plays a policy over what agents sent, and says who was hit', async () => {
  const server = await startTestServer();
  try {
    const agent = await server.enrol();
    const { client } = await server.signIn();
    const run = makeRun();
    await agent.client.sendBatch({
      body: makeBatch({
        runs: [run],
        activities: [
          makeActivity(run.id, 1),
          makeActivity(run.id, 2, { attributes: { 'file.path': '/tmp/x', 'sentinel.file.operation': 'read' } }),
        ],
      }),
    });
    const department = { params: { endpointId: agent.endpointId }, body: { department: 'finance' } };
    await client.setEndpointDepartment(department);
    const body = { sources: [SOURCE], from: ago(86_400_000), to: new Date(Date.now() + 1000).toISOString() };

    let simulation = await client.startSimulation({ body });
    for (let round = 0; round < 200 && simulation.status === 'running'; round += 1) {
      await sleep(50);
      simulation = await client.getSimulation({ params: { simulationId: simulation.id } });
    }

    assert.equal(simulation.status, 'done');
    assert.equal(simulation.activities, 2);
    assert.deepEqual(simulation.statements, [
      {
        policyId: 'data',
        statementId: 'read',
        effect: 'warn',
        hits: 1,
        runs: 1,
        scripts: [{ name: run.script.id, label: 'report.py', hits: 1, runs: 1 }],
        users: [{ name: 'ann', hits: 1, runs: 1 }],
        endpoints: [{ name: agent.endpointId, label: 'desk-1', hits: 1, runs: 1 }],
        departments: [{ name: 'finance', hits: 1, runs: 1 }],
        runIds: [run.id],
      },
    ]);
    assert.equal((await client.cancelSimulation({ params: { simulationId: simulation.id } })).status, 'done');
  } finally {
    await server.close();
  }
});

test('plays what policies ask about approvals by those that hold', async () => {
  const server = await startTestServer();
  try {
    const agent = await server.enrol();
    const { client } = await server.signIn();
    const approver = await signInAs(server, 'bob', 'approver');
    const sha = (letter: string) => letter.repeat(64);
    const runs = ['a', 'b'].map((letter) =>
      makeRun({ script: { id: letter.repeat(32), kind: 'file', name: `${letter}.py`, sha256: sha(letter) } }),
    );
    await agent.client.sendBatch({
      body: makeBatch({ runs, activities: runs.map(({ id }) => makeActivity(id, 1)) }),
    });
    const body = { sha256: sha('a'), scriptName: 'a.py', reason: 'daily report' };
    const { id } = await client.requestApproval({ body });
    await approver.client.decideApproval({
      params: { approvalId: id },
      body: { isApproved: true, reason: 'read it' },
    });
    const source = SOURCE.replace('script.path.glob("/home/**")', 'script.approval != "approved"');

    let simulation = await client.startSimulation({
      body: { sources: [source], from: ago(86_400_000), to: ago(-1000) },
    });
    while (simulation.status === 'running') {
      await sleep(50);
      simulation = await client.getSimulation({ params: { simulationId: simulation.id } });
    }

    assert.deepEqual(
      simulation.statements.map(({ scripts }) => scripts.map(({ label }) => label)),
      [['b.py']],
    );
  } finally {
    await server.close();
  }
});

test('refuses a policy with faults, a history that ends before it begins, and a time zone that is none', async () => {
  const server = await startTestServer();
  try {
    const { client } = await server.signIn();
    const body = { sources: [SOURCE], from: ago(1000), to: ago(0) };
    await assert.rejects(
      client.startSimulation({ body: { ...body, sources: [SOURCE.replace('startsWith', 'begins')] } }),
      /Policy 1, line 9: \.begins\(\) is not known/,
    );
    await assert.rejects(
      client.startSimulation({ body: { ...body, sources: [SOURCE, SOURCE] } }),
      /Two policies have the id data/,
    );
    await assert.rejects(
      client.startSimulation({ body: { ...body, from: ago(0), to: ago(5000) } }),
      /begin before it ends/,
    );
    await assert.rejects(client.startSimulation({ body: { ...body, timeZone: "x' OR 1" } }), /no time zone/);
  } finally {
    await server.close();
  }
});
