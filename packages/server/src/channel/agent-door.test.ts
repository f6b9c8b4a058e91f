import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { agentWithKey, makeEndpointKey, proveKey, RequestSigner } from '@sentinel/client';
import { Problem } from '@sentinel/protocol';
import { facts, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;

before(async () => {
  server = await startTestServer();
});
after(() => server.close());

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
const beat = { endpoint: facts, counters, sentAt: new Date().toISOString() };

test('refuses whatever is changed on a signed request, with one answer for all', async () => {
  const { endpointId, key } = await server.enrol();
  const other = await server.enrol();
  const url = `${server.url}/api/v1/heartbeats`;
  const body = new TextEncoder().encode(JSON.stringify(beat));
  const signer = new RequestSigner({ endpointId, privateKey: key.privateKey, bootId: randomUUID() });
  const stranger = await makeEndpointKey();
  const send = async (change: {
    url?: string;
    method?: string;
    body?: string;
    headers?: (signed: Record<string, string>) => Record<string, string>;
    signer?: RequestSigner;
  }) => {
    const signed = await (change.signer ?? signer).headers({ method: 'POST', url, body });
    const response = await fetch(change.url ?? url, {
      method: change.method ?? 'POST',
      headers: { 'content-type': 'application/json', ...(change.headers?.(signed) ?? signed) },
      ...(change.method === 'GET' ? {} : { body: change.body ?? body }),
    });
    return { status: response.status, text: await response.text() };
  };
  assert.equal((await send({})).status, 200);

  const replaced = (name: string, value: string) => (signed: Record<string, string>) => ({ ...signed, [name]: value });
  const cases: Record<string, Parameters<typeof send>[0]> = {
    'no signature': { headers: () => ({}) },
    'another body': { body: JSON.stringify({ ...beat, sentAt: '2020-01-01T00:00:00.000Z' }) },
    'another digest': { headers: replaced('content-digest', `sha-256=:${'A'.repeat(43)}=:`) },
    'another path': { url: `${server.url}/api/v1/endpoint-key` },
    'a query': { url: `${url}?x=1` },
    'another method': { url: `${server.url}/api/v1/open-actions`, method: 'GET' },
    'another number': { headers: replaced('sentinel-sequence', '99') },
    'a number that is none': { headers: replaced('sentinel-sequence', '1e3') },
    'another boot': { headers: replaced('sentinel-boot', randomUUID()) },
    'another endpoint': {
      headers: (signed) => ({
        ...signed,
        'signature-input': String(signed['signature-input']).replace(endpointId, other.endpointId),
      }),
    },
    'an unknown endpoint': {
      signer: new RequestSigner({ endpointId: randomUUID(), privateKey: key.privateKey, bootId: randomUUID() }),
    },
    'the key of another': {
      signer: new RequestSigner({ endpointId, privateKey: stranger.privateKey, bootId: randomUUID() }),
    },
    'fewer components': {
      headers: (signed) => ({
        ...signed,
        'signature-input': String(signed['signature-input']).replace(' "content-digest"', ''),
      }),
    },
    'a bearer token': { headers: () => ({ authorization: 'Bearer agt_something' }) },
  };
  const details = new Set<string>();
  for (const [name, change] of Object.entries(cases)) {
    const { status, text } = await send(change);
    assert.equal(status, 401, name);
    details.add(Problem.parse(JSON.parse(text)).detail);
  }
  assert.equal(details.size, 1);
});

test('takes a request once, and tells whoever signed it which number is free', async () => {
  const { endpointId, key } = await server.enrol();
  const signer = new RequestSigner({ endpointId, privateKey: key.privateKey, bootId: randomUUID() });
  const url = `${server.url}/api/v1/open-actions`;
  const headers = await signer.headers({ method: 'GET', url, body: new Uint8Array() });
  assert.equal((await fetch(url, { headers })).status, 200);

  const replayed = await fetch(url, { headers });

  assert.equal(replayed.status, 401);
  assert.equal(Problem.parse(await replayed.json()).code, 'sequence-used');
  assert.equal(replayed.headers.get('sentinel-sequence'), '2');
});

test('takes a new key that the old one vouches for, and the old one no more', async () => {
  const agent = await server.enrol();
  const key = await makeEndpointKey();
  const wrong = await proveKey(key, 'renewal', randomUUID());
  await assert.rejects(agent.client.renewKey({ body: { publicKey: key.publicKey, proof: wrong } }), {
    code: 'bad-request',
  });
  const proof = await proveKey(key, 'renewal', agent.endpointId);

  await agent.client.renewKey({ body: { publicKey: key.publicKey, proof } });

  const { endpointId } = agent;
  const renewed = agentWithKey({ baseUrl: server.url, endpointId, key, bootId: randomUUID() });
  assert.deepEqual(await renewed.client.listOpenActions(), { items: [] });
  await assert.rejects(agent.client.listOpenActions(), { code: 'not-signed-in' });
});

test('a key that is over can only be renewed', async () => {
  const agent = await server.enrol();
  const key = await makeEndpointKey();
  await server.server.services.control
    .updateTable('endpoint')
    .set({ key_expires_at: Date.now() - 1000 })
    .where('id', '=', agent.endpointId)
    .execute();

  await assert.rejects(agent.client.listOpenActions(), { code: 'not-signed-in' });

  const { keyExpiresAt } = await agent.client.renewKey({
    body: { publicKey: key.publicKey, proof: await proveKey(key, 'renewal', agent.endpointId) },
  });
  assert.ok(Date.parse(keyExpiresAt) > Date.now());
});

test('two agents that live with one key are both shown, and a new key ends it', async () => {
  const first = await server.enrol('original');
  const { endpointId, key } = first;
  const { client } = await server.signIn();
  const trustOf = async () =>
    (await client.listEndpoints({ query: {} })).items.find(({ id }) => id === endpointId)?.trust;
  const copy = agentWithKey({ baseUrl: server.url, endpointId, key, bootId: randomUUID() });
  const copied = { ...beat, endpoint: { ...facts, hostName: 'copy' } };
  const signals: string[] = [];
  server.server.services.signals.subscribe('endpoint', (body) => signals.push(body));

  await first.client.sendHeartbeat({ body: { ...beat, endpoint: { ...facts, hostName: 'original' } } });
  await copy.client.sendHeartbeat({ body: copied });
  assert.equal((await trustOf())?.isCloned, false, 'a restart looks like this');
  // Later than anything that was still on its way when the other one began.
  const { control } = server.server.services;
  const { boots } = await control
    .selectFrom('endpoint')
    .select('boots')
    .where('id', '=', endpointId)
    .executeTakeFirstOrThrow();
  const earlier = (JSON.parse(boots) as { firstMs: number }[]).map((boot) => ({
    ...boot,
    firstMs: boot.firstMs - 5000,
  }));
  await control
    .updateTable('endpoint')
    .set({ boots: JSON.stringify(earlier) })
    .where('id', '=', endpointId)
    .execute();
  await first.client.sendHeartbeat({ body: { ...beat, endpoint: { ...facts, hostName: 'original' } } });

  const trust = await trustOf();
  assert.equal(trust?.isCloned, true);
  assert.deepEqual(trust.clones.map(({ hostName }) => hostName).sort(), ['copy', 'original']);
  assert.deepEqual(
    signals.map((body) => JSON.parse(body) as unknown),
    [{ endpointId, kind: 'cloned', count: 1 }],
  );

  const renewed = await makeEndpointKey();
  const proof = await proveKey(renewed, 'renewal', endpointId);
  await first.client.renewKey({ body: { publicKey: renewed.publicKey, proof } });
  assert.equal((await trustOf())?.isCloned, false);
  await assert.rejects(copy.client.sendHeartbeat({ body: copied }), { code: 'not-signed-in' });
});
