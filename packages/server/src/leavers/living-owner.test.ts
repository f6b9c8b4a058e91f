import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { judgeDueRuns } from '../findings/judge-runs.ts';
import { leaversJob } from '../jobs/leavers.ts';
import { ago, makeBatch, makeRun } from '../testing/rows.ts';
import { startTestServer, type TestServer, until } from '../testing/test-server.ts';

let server: TestServer;
const SCRIPT = { id: 'a'.repeat(32), kind: 'file', name: 'reconcile.py', path: '/home/ann/reconcile.py' } as const;
const signal = new AbortController().signal;

before(async () => {
  server = await startTestServer();
  const agent = await server.enrol('desk-1');
  const runs = [1, 2].map((days) =>
    makeRun({
      script: SCRIPT,
      user: { name: 'CORP\\ann' },
      status: 'ended',
      endedAt: ago(1000),
      startedAt: ago(days * 86_400_000),
    }),
  );
  await agent.client.sendBatch({ body: makeBatch({ runs }) });
});
after(() => server.close());

test('a script is found to be without a living owner when the only one who ran it leaves, and settled when handed over', async () => {
  const { services } = server.server;
  const { control } = services;
  const states = async () =>
    (
      await control
        .selectFrom('finding')
        .select(['rule_id', 'state'])
        .where('rule_id', 'like', '%living-owner')
        .orderBy('rule_id')
        .execute()
    ).map(({ rule_id, state }) => [rule_id, state]);
  await until(async () => {
    await judgeDueRuns(services, signal);
    return (await control.selectFrom('judged_run').select('run_id').execute()).length === 2;
  });
  assert.deepEqual(await states(), [], 'she works here');
  const { client } = await server.signIn();

  const ann = await client.savePerson({ params: { userName: 'ann' }, body: { leftAt: '2026-11-13T00:00:00.000Z' } });
  await leaversJob.run({ services, signal });
  await judgeDueRuns(services, signal);
  assert.deepEqual(await states(), [['script-without-living-owner', 'open']]);

  await client.decideLeaverScript({
    params: { personId: ann.id },
    body: { scriptId: SCRIPT.id, measure: 'hand-over', custodian: 'bo' },
  });
  assert.deepEqual(await states(), [['script-without-living-owner', 'fixed']]);
  const family = await control.selectFrom('family').select(['owner', 'sanction']).executeTakeFirstOrThrow();
  assert.deepEqual({ ...family }, { owner: 'bo', sanction: null });
});
