import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '@sentinel/client';
import type { streamRuns } from '@sentinel/protocol';
import type { z } from 'zod';
import { makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { startTestServer, type TestAgent, type TestServer, until } from '../testing/test-server.ts';

type StreamEvent = z.infer<(typeof streamRuns)['response']>;

let server: TestServer;
let agent: TestAgent;
let person: Client;

before(async () => {
  server = await startTestServer();
  agent = await server.enrol();
  person = (await server.signIn()).client;
});
after(() => server.close());

test('tells of new and changed runs with their totals', async () => {
  const viewer = watch({});
  await until(() => server.server.services.hub.viewers === 1);
  const run = makeRun();
  const batch = makeBatch({ runs: [run] });

  await agent.client.sendBatch({ body: batch });
  await until(() => viewer.events.length === 1);
  await agent.client.sendBatch({ body: { ...batch, sequence: 2, runs: [], activities: [makeActivity(run.id, 1)] } });
  await until(() => viewer.events.length === 2);

  const told = viewer.events.map((event) =>
    event.kind === 'run' ? [event.run.id, event.run.totals.activities] : event,
  );
  assert.deepEqual(told, [
    [run.id, 0],
    [run.id, 1],
  ]);
  await viewer.stop();
  await until(() => server.server.services.hub.viewers === 0);
});

test('tells each viewer of the runs that it asked for', async () => {
  const bob = watch({ userName: 'bob' });
  const text = watch({ q: 'NIGHTLY' });
  await until(() => server.server.services.hub.viewers === 2);
  const ofBob = makeRun({ user: { name: 'bob' } });
  const nightly = makeRun({ script: { id: '9'.repeat(32), kind: 'file', name: 'nightly.py' } });

  await agent.client.sendBatch({ body: makeBatch({ runs: [ofBob, nightly, makeRun()] }) });
  await until(() => bob.events.length === 1 && text.events.length === 1);

  assert.deepEqual(idsOf(bob.events), [ofBob.id]);
  assert.deepEqual(idsOf(text.events), [nightly.id]);
  await Promise.all([bob.stop(), text.stop()]);
});

test('leaves out what is too much for a viewer, and says how much', async () => {
  const viewer = watch({});
  await until(() => server.server.services.hub.viewers === 1);

  await agent.client.sendBatch({ body: makeBatch({ runs: Array.from({ length: 700 }, () => makeRun()) }) });
  await until(() => viewer.events.some(({ kind }) => kind === 'dropped'));

  const shown = idsOf(viewer.events).length;
  const dropped = viewer.events.reduce((sum, event) => sum + (event.kind === 'dropped' ? event.count : 0), 0);
  assert.deepEqual([shown, dropped], [200, 500]);
  await viewer.stop();
});

test('ends the streams when the server stops', async () => {
  const own = await startTestServer();
  const { client } = await own.signIn();
  const events = client.streamRuns();
  const ended = events.next();
  await until(() => own.server.services.hub.viewers === 1);

  await own.close();

  assert.equal((await ended).done, true);
});

function watch(query: { q?: string; userName?: string }): { events: StreamEvent[]; stop: () => Promise<void> } {
  const events: StreamEvent[] = [];
  const controller = new AbortController();
  const reading = (async () => {
    try {
      for await (const event of person.streamRuns({ query, signal: controller.signal })) events.push(event);
    } catch (error) {
      if (!controller.signal.aborted) throw error;
    }
  })();
  return {
    events,
    async stop() {
      controller.abort();
      await reading;
    },
  };
}

function idsOf(events: readonly StreamEvent[]): string[] {
  return events.flatMap((event) => (event.kind === 'run' ? [event.run.id] : []));
}
