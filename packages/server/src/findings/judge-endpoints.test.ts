import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { storeSignals } from '../store/endpoint-signal.ts';
import { startTestServer, type TestServer, until } from '../testing/test-server.ts';
import { judgeEndpoints } from './judge-endpoints.ts';

let server: TestServer;

before(async () => {
  server = await startTestServer();
});
after(() => server.close());

test('makes findings of what endpoints told, by itself, each signal once', async () => {
  const { services } = server.server;
  const agent = await server.enrol('desk-9');
  const { client } = await server.signIn();
  const told = (kind: 'probe-damaged' | 'cloned') => ({ kind, count: 1, detail: '/usr/bin/python3' });

  await storeSignals(services.control, agent.endpointId, [told('probe-damaged'), told('cloned')], Date.now());
  await until(async () => (await client.listFindings({ query: {} })).items.length === 2, 30_000);
  await storeSignals(services.control, agent.endpointId, [told('cloned')], Date.now());
  await until(async () => (await judgeEndpoints(services, Date.now())) === 0, 30_000);

  const { items } = await client.listFindings({ query: {} });
  assert.deepEqual(
    items
      .map(({ ruleId, severity, hostName, occurrences, state }) => [ruleId, severity, hostName, occurrences, state])
      .toSorted((left, right) => Number(left[3]) - Number(right[3])),
    [
      ['endpoint-tampering', 'high', 'desk-9', 1, 'open'],
      ['endpoint-tampering', 'high', 'desk-9', 2, 'open'],
    ],
  );
});
