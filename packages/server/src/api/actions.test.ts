import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { type Client, type EnrolledAgent, enrolAgent } from '@sentinel/client';
import type { ChannelEvent } from '@sentinel/protocol';
import { makeOperator, signedAction, signedBundle } from '../testing/operators.ts';
import { facts, startTestServer, type TestServer, until } from '../testing/test-server.ts';

const operator = makeOperator();
let server: TestServer;
let person: Client;
let finance: EnrolledAgent;
let sales: EnrolledAgent;

before(async () => {
  server = await startTestServer();
  person = (await server.signIn()).client;
  finance = await enrol('finance');
  sales = await enrol('sales');
});
after(() => server.close());

async function enrol(group: string): Promise<EnrolledAgent> {
  const token = await server.server.createLocalEnrolmentToken();
  return enrolAgent({ baseUrl: server.url, token, endpoint: { ...facts, hostName: group, groups: [group] } });
}

/** Holds the channel of an agent open. */
function listen({ client }: EnrolledAgent): { events: ChannelEvent[]; end: () => void } {
  const ending = new AbortController();
  const events: ChannelEvent[] = [];
  void (async () => {
    for await (const event of client.openChannel({ signal: ending.signal })) events.push(event);
  })().catch(() => undefined);
  return { events, end: () => ending.abort() };
}

test('a bundle comes on the channels of its groups, at once or at the next opening, and nowhere else', async () => {
  const [here, there] = [listen(finance), listen(sales)];
  await until(() => here.events.length === 1 && there.events.length === 1);
  const signed = signedBundle(operator, { version: 3, groups: ['finance'] });

  const published = await person.publishBundle({ body: signed });

  await until(() => here.events.length === 2);
  assert.deepEqual(here.events, [{ kind: 'open' }, { kind: 'policy', version: 3, spreadMs: 4, shares: [], signed }]);
  assert.deepEqual(there.events, [{ kind: 'open' }]);
  assert.deepEqual([published.version, published.signers, published.publishedBy], [3, [operator.key], 'owner']);
  assert.deepEqual(await finance.client.getBundle({ query: { above: 0 } }), { signed });
  assert.deepEqual(await finance.client.getBundle({ query: { above: 3 } }), {});
  assert.deepEqual(await sales.client.getBundle(), {});
  here.end();
  const again = listen(finance);
  await until(() => again.events.length === 2);
  assert.deepEqual(again.events[1], { kind: 'policy', version: 3, spreadMs: 4, shares: [] });
  again.end();
  there.end();
  await until(() => server.server.services.channels.open === 0);
});

test('a bundle that no endpoint would take is not published', async () => {
  const good = signedBundle(operator, { version: 9 });
  const refused: [string, Parameters<Client['publishBundle']>[0]['body']][] = [
    ['conflict', signedBundle(operator, { version: 3 })],
    ['conflict', signedBundle(operator, { version: 2 })],
    ['conflict', signedBundle(operator, { version: 9, organisation: 'fabrikam' })],
    ['bad-request', { ...good, signatures: [] }],
    ['bad-request', { ...good, payload: signedBundle(operator, { version: 10 }).payload }],
    ['bad-request', signedBundle(operator, { version: 9, notAfter: new Date(Date.now() - 1000).toISOString() })],
    ['bad-request', signedBundle(operator, { version: -1 })],
  ];
  for (const [code, body] of refused) await assert.rejects(person.publishBundle({ body }), { code });
  assert.deepEqual(
    (await person.listBundles()).items.map(({ version }) => version),
    [3],
  );
});

test('an action goes from asked to sent to done, and only its endpoint says so', async () => {
  const { action, signed } = signedAction(operator, { target: { endpoints: [sales.endpointId], groups: ['finance'] } });
  const channel = listen(finance);
  await until(() => channel.events.length >= 1);

  const made = await person.createAction({ body: signed });

  assert.deepEqual(
    made.endpoints.map(({ hostName }) => hostName),
    ['finance', 'sales'],
  );
  await until(() => channel.events.some(({ kind }) => kind === 'action'));
  assert.deepEqual(channel.events.at(-1), { kind: 'action', signed });
  channel.end();
  const params = { actionId: action.id };
  await until(async () => (await person.getAction({ params })).states.sent === 1);
  assert.deepEqual((await person.getAction({ params })).states, { asked: 1, sent: 1 });
  assert.deepEqual(await sales.client.listOpenActions(), { items: [signed] });
  await sales.client.reportAction({ params, body: { state: 'failed', detail: 'no room' } });
  await sales.client.reportAction({ params, body: { state: 'done', detail: 'the first word counts' } });
  const stranger = await enrol('stranger');
  await assert.rejects(stranger.client.reportAction({ params, body: { state: 'done', detail: '' } }), {
    code: 'not-found',
  });

  const { endpoints, states } = await person.getAction({ params });

  assert.deepEqual(states, { sent: 1, failed: 1 });
  assert.deepEqual(
    endpoints.map(({ hostName, state, detail }) => ({ hostName, state, detail })),
    [
      { hostName: 'finance', state: 'sent', detail: undefined },
      { hostName: 'sales', state: 'failed', detail: 'no room' },
    ],
  );
  const found = await server.server.services.control
    .selectFrom('audit_record')
    .select(['action', 'object_id'])
    .where('action', '=', 'action.send')
    .execute();
  assert.deepEqual(found, [{ action: 'action.send', object_id: action.id }]);
});

test('a heartbeat tells an agent without a channel what waits for it', async () => {
  const agent = await enrol('laptops');
  const { signed } = signedAction(operator, { target: { endpoints: [agent.endpointId], groups: [] } });
  await person.createAction({ body: signed });
  const counters = {
    runsSeen: 0,
    runsOpen: 0,
    recordsMalformed: 0,
    activitiesDropped: 0,
    batchesSpooled: 0,
    batchesShipped: 0,
    batchesQuarantined: 0,
    spoolBatches: 0,
    spoolBytes: 0,
  };
  const trust = {
    keyMadeAt: new Date().toISOString(),
    policyVersion: 3,
    isPolicyStale: false,
    mode: 'enforce',
    hasOperatorKeys: true,
    bundlesRefused: 0,
    actionsRefused: 2,
    lastRefusal: 'action: unknown-key: nobody we know',
    canariesMissed: 0,
    probesDamaged: 1,
    recordGaps: 0,
  } as const;
  const beat = { endpoint: { ...facts, groups: ['finance'] }, counters, trust, sentAt: new Date().toISOString() };

  const { openActions, policyVersion } = await agent.client.sendHeartbeat({ body: beat });

  assert.deepEqual([openActions, policyVersion], [1, 3]);
  await agent.client.sendHeartbeat({ body: beat });
  await agent.client.sendHeartbeat({ body: { ...beat, trust: { ...trust, policyVersion: 2, actionsRefused: 5 } } });
  const { endpointId } = agent;
  const { items, total } = await person.listEndpointSignals({ query: { endpointId } });
  const signals = items.map(({ kind, count, detail }) => ({ kind, count, detail }));
  const first = await person.listEndpointSignals({ query: { endpointId, limit: 3 } });
  const rest = await person.listEndpointSignals({ query: { endpointId, limit: 3, cursor: first.nextCursor } });
  assert.deepEqual([...first.items, ...rest.items], items);
  assert.equal(total, 4);
  signals.sort((left, right) => left.kind.localeCompare(right.kind) || left.count - right.count);
  assert.deepEqual(signals, [
    { kind: 'action-refused', count: 2, detail: 'action: unknown-key: nobody we know' },
    { kind: 'action-refused', count: 3, detail: 'action: unknown-key: nobody we know' },
    { kind: 'policy-went-back', count: 1, detail: 'version 3 was in force, now 2' },
    { kind: 'probe-damaged', count: 1, detail: 'probe-damaged 1' },
  ]);
});

test('an action that no endpoint could do is not sent, and one that nobody did in time is expired', async () => {
  const good = signedAction(operator, { target: { endpoints: [finance.endpointId], groups: [] } });
  const refused: [string, Parameters<Client['createAction']>[0]['body']][] = [
    ['bad-request', { ...good.signed, signatures: [] }],
    ['bad-request', { ...good.signed, payload: signedAction(operator).signed.payload }],
    ['bad-request', signedAction(operator, { order: { kind: 'run-shell' } as never }).signed],
    ['bad-request', signedAction(operator, { notAfter: new Date(Date.now() - 1000).toISOString() }).signed],
    ['not-found', signedAction(operator, { target: { endpoints: [randomUUID()], groups: ['nobody'] } }).signed],
  ];
  for (const [code, body] of refused) await assert.rejects(person.createAction({ body }), { code });
  await person.createAction({ body: good.signed });
  await assert.rejects(person.createAction({ body: good.signed }), { code: 'conflict' });
  await server.server.services.control
    .updateTable('agent_action')
    .set({ not_after: Date.now() - 1 })
    .where('id', '=', good.action.id)
    .execute();

  const { items, nextCursor } = await person.listActions({ query: { limit: 1 } });

  assert.deepEqual(items[0]?.states, { expired: 1 });
  const rest = await person.listActions({ query: { limit: 10, cursor: nextCursor } });
  assert.deepEqual([rest.items.length, rest.total, rest.nextCursor], [2, 3, undefined]);
  const own = await person.listActions({ query: { endpointId: sales.endpointId } });
  assert.equal(own.total, 1);
});
