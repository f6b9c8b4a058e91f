import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { type Client, enrolAgent } from '@sentinel/client';
import type { ActionOrder } from '@sentinel/protocol';
import { makeOperator, signedAction } from '../testing/operators.ts';
import { facts, startTestServer, type TestServer } from '../testing/test-server.ts';

const [ada, bob] = [makeOperator(), makeOperator()];
const SHA256 = 'a'.repeat(64);
const QUARANTINE = { kind: 'quarantine-script', sha256: SHA256, endsRuns: false } as const;
const FINANCE = { endpoints: [], groups: ['finance'] };
let server: TestServer;
let person: Client;

before(async () => {
  server = await startTestServer();
  person = (await server.signIn()).client;
  await enrol('finance');
});
after(() => server.close());

async function enrol(group: string) {
  const token = await server.server.createLocalEnrolmentToken();
  return enrolAgent({ baseUrl: server.url, token, endpoint: { ...facts, hostName: group, groups: [group] } });
}

async function waiting(): Promise<ActionOrder[]> {
  return (await person.listActionRequests({ query: { state: 'waiting' } })).items.map(({ order }) => order);
}

test('a request waits until an operator has signed exactly that, and is then an action of the same id', async () => {
  const body = { order: QUARANTINE, target: FINANCE, reason: 'sends rows abroad', about: 'sender.py' };
  const asked = await person.createActionRequest({ body });
  const again = await person.createActionRequest({ body: { ...body, reason: 'the same once more' } });

  assert.equal(again.id, asked.id, 'one for the same thing is not made twice');
  assert.deepEqual(await waiting(), [QUARANTINE]);
  const same = { id: asked.id, target: FINANCE, reason: body.reason };
  const other = signedAction(ada, { ...same, order: { ...QUARANTINE, endsRuns: true } });
  await assert.rejects(person.createAction({ body: other.signed }), { code: 'bad-request' });
  await assert.rejects(person.keepActionSignature({ params: { requestId: asked.id }, body: other.signed }), {
    code: 'bad-request',
  });
  const { signed, action } = signedAction(ada, { ...same, order: QUARANTINE });
  const kept = await person.keepActionSignature({ params: { requestId: asked.id }, body: signed });
  assert.deepEqual(kept.signed, signed);
  const sent = await person.createAction({ body: signed });
  assert.deepEqual([sent.id, sent.order, sent.states], [action.id, QUARANTINE, { asked: 1 }]);
  assert.deepEqual(await waiting(), []);
  await assert.rejects(person.createAction({ body: signed }), { code: 'conflict' });
  const { items } = await person.listAuditRecords({ query: { limit: 50 } });
  const records = items
    .filter((record) => record.action.startsWith('action.'))
    .map((record) => ({ action: record.action, reason: record.reason }))
    .toReversed();
  assert.deepEqual(records, [
    { action: 'action.request', reason: 'sends rows abroad' },
    { action: 'action.sign', reason: undefined },
    { action: 'action.send', reason: 'sends rows abroad' },
  ]);
});

test('an order that stands also reaches a computer that comes later, until it is lifted', async () => {
  const late = await enrol('finance');
  const other = await enrol('sales');

  const { items } = await late.client.listOpenActions();
  assert.equal(items.length, 1);
  assert.deepEqual((await other.client.listOpenActions()).items, []);
  const [standing] = (await person.listActions({ query: { kind: 'quarantine-script' } })).items;
  assert.ok(standing);
  const { action } = signedAction(bob);
  const lift = signedAction(bob, {
    id: action.id,
    target: FINANCE,
    order: { kind: 'lift', actionId: standing.id },
  });
  await person.createAction({ body: lift.signed });
  assert.equal((await person.getAction({ params: { actionId: standing.id } })).liftedBy, action.id);
  const latest = await enrol('finance');
  assert.deepEqual((await latest.client.listOpenActions()).items, []);
});

test('a request that was withdrawn is not sent any more, and says by whom', async () => {
  const order = { kind: 'isolate-destination', destination: 'files.example.net' } as const;
  const asked = await person.createActionRequest({ body: { order, target: FINANCE, reason: 'leak' } });
  const params = { requestId: asked.id };

  const withdrawn = await person.withdrawActionRequest({ params, body: { reason: 'wrong host' } });

  assert.deepEqual([withdrawn.state, withdrawn.closedBy], ['withdrawn', 'owner']);
  const { signed } = signedAction(ada, { id: asked.id, target: FINANCE, order, reason: 'leak' });
  await assert.rejects(person.createAction({ body: signed }), { code: 'conflict' });
  await assert.rejects(person.withdrawActionRequest({ params, body: { reason: 'again' } }), { code: 'conflict' });
});

test('a destination that no endpoint understands is not even asked for', async () => {
  for (const destination of [
    '',
    'exa mple.org',
    'https://example.org',
    'example.org"',
    '*.example.org',
    '1.2.3',
    'a..b',
  ])
    await assert.rejects(
      person.createActionRequest({
        body: { order: { kind: 'isolate-destination', destination }, target: FINANCE, reason: 'a test' },
      }),
      { code: 'bad-request' },
      destination,
    );
});
