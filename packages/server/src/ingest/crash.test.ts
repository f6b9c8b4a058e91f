import assert from 'node:assert/strict';
import { type ChildProcess, fork } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { agentWithKey, enrolAgent } from '@sentinel/client';
import { type Batch, SentinelError } from '@sentinel/protocol';
import { ChdbEventStore } from '../store/chdb-event-store.ts';
import { ready } from '../testing/ready.ts';
import { makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { facts, makeFolder, postJson, startTestServer, until, withCookie } from '../testing/test-server.ts';

const MAIN = join(import.meta.dirname, '../main.ts');

interface Child {
  readonly process: ChildProcess;
  readonly url: string;
  readonly signInUrl: string;
  readonly enrolmentToken: string;
}

test('has every acknowledged row once after being killed again and again', async (t) => {
  const data = makeFolder();
  let child: Child | undefined;
  t.after(() => {
    child?.process.kill('SIGKILL');
    rmSync(data, { recursive: true, force: true });
  });
  child = await startChild(data);
  const { endpointId, key } = await enrolAgent({
    baseUrl: child.url,
    token: child.enrolmentToken,
    endpoint: facts,
  });
  const bootId = randomUUID();
  const acknowledged = new Set<string>();
  let sequence = 0;
  const spoolId = makeBatch().spoolId;
  let unanswered: Batch[] = [];

  for (let round = 0; round < 5; round++) {
    const current = child;
    const { client } = agentWithKey({ baseUrl: current.url, endpointId, key, bootId });
    const batches: Batch[] = [...unanswered];
    while (batches.length < 40) {
      const run = makeRun();
      batches.push(
        makeBatch({
          spoolId,
          sequence: ++sequence,
          runs: [run],
          activities: [1, 2, 3].map((id) => makeActivity(run.id, id)),
        }),
      );
    }
    unanswered = [];
    setTimeout(() => current.process.kill('SIGKILL'), 40 + round * 37);
    await inParallel(batches, 4, async (batch) => {
      try {
        await client.sendBatch({ body: batch });
        for (const { id } of batch.runs) acknowledged.add(id);
      } catch {
        unanswered.push(batch);
      }
    });
    if (current.process.exitCode === null && current.process.signalCode === null) await once(current.process, 'exit');
    child = await startChild(data);
  }
  const { client: last } = agentWithKey({ baseUrl: child.url, endpointId, key, bootId });
  const repeated = await Promise.all(unanswered.map((body) => last.sendBatch({ body })));
  assert.ok(repeated.length > 0, 'no batch was under way when the server was killed');
  for (const { runs } of unanswered) for (const { id } of runs) acknowledged.add(id);

  const token = new URL(child.signInUrl).hash.replace('#token=', '');
  const cookie =
    (await postJson(`${child.url}/api/v1/session/link`, { token })).headers.get('set-cookie')?.split(';')[0] ?? '';
  const person = withCookie(child.url, cookie);
  const found: string[] = [];
  let activities = 0;
  let cursor: string | undefined;
  do {
    const page = await person.listRuns({ query: { limit: 200, cursor } });
    found.push(...page.items.map(({ id }) => id));
    for (const { totals } of page.items) activities += totals.activities;
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  assert.deepEqual(found.sort(), [...acknowledged].sort());
  assert.equal(activities, acknowledged.size * 3);
  child.process.kill('SIGTERM');
  assert.deepEqual(await once(child.process, 'exit'), [0, null]);
});

test('outlives its engine: refuses meanwhile, says degraded, then takes the same batch', async (t) => {
  const server = await startTestServer();
  t.after(() => server.close());
  const events = server.server.services.events as ChdbEventStore;
  const { client } = await server.enrol();
  const run = makeRun();
  await client.sendBatch({ body: makeBatch({ runs: [run] }) });
  const pid = events.enginePid;
  assert.ok(pid !== undefined);
  const batch = makeBatch({ runs: [makeRun()] });

  const underWay = client.sendBatch({ body: batch });
  process.kill(pid, 'SIGKILL');

  await assert.rejects(underWay, (error) => error instanceof SentinelError && error.code === 'store-unavailable');
  const health = await server.anyone.getHealth();
  assert.deepEqual(health.stores, { control: 'ok', event: 'unavailable' });
  assert.equal(health.status, 'degraded');
  await until(async () => (await server.anyone.getHealth()).status === 'ok');
  assert.equal((await client.sendBatch({ body: batch })).status, 'stored');
  const { client: person } = await server.signIn();
  assert.equal((await person.listRuns()).total, 2);
  assert.equal(events.restarts, 1);
});

async function startChild(data: string): Promise<Child> {
  const child = fork(MAIN, ['--data', data, '--port', '0'], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
  return { process: child, ...(await ready(child)) };
}

async function inParallel<T>(items: readonly T[], width: number, work: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  await Promise.all(
    Array.from({ length: width }, async () => {
      for (let item = queue.shift(); item !== undefined; item = queue.shift()) await work(item);
    }),
  );
}
