import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import { enrolAgent } from '@sentinel/client';
import { type EndpointCoverage, SentinelError } from '@sentinel/protocol';
import { createEnrolmentToken } from '../store/enrolment-token.ts';
import { facts, startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;

before(async () => {
  server = await startTestServer();
});
after(() => server.close());

test('enrols as many endpoints as a token has uses, even at once', async () => {
  const { client } = await server.signIn();
  const made = await client.createEnrolmentToken({ body: { uses: 2, expiresInHours: 1 } });
  assert.equal(made.usesLeft, 2);
  const token = made.token ?? '';

  const outcomes = await Promise.allSettled(
    [1, 2, 3, 4].map(() => enrolAgent({ baseUrl: server.url, token, endpoint: facts })),
  );

  assert.deepEqual(outcomes.map(({ status }) => status).sort(), ['fulfilled', 'fulfilled', 'rejected', 'rejected']);
  const ids = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value.endpointId] : []));
  assert.equal(new Set(ids).size, 2);
});

test('refuses an unknown and an expired token', async () => {
  const { token } = await createEnrolmentToken(server.server.services.control, {
    lifeMs: 1_000,
    uses: 5,
    nowMs: Date.now() - 2_000,
  });

  for (const wrong of ['enr_unknown', token]) {
    const attempt = enrolAgent({ baseUrl: server.url, token: wrong, endpoint: facts });
    await assert.rejects(attempt, (error) => error instanceof SentinelError && error.code === 'enrolment-refused');
  }
});

test('knows an agent by its signature and keeps what its heartbeat says', async () => {
  const { client: agent, endpointId, key } = await server.enrol('desk-7');
  const counters = {
    runsSeen: 5,
    runsOpen: 1,
    recordsMalformed: 0,
    activitiesDropped: 0,
    batchesSpooled: 3,
    batchesShipped: 2,
    batchesQuarantined: 0,
    spoolBatches: 1,
    spoolBytes: 512,
  };
  const counts = {
    observed: 4,
    eligible: 3,
    instrumented: 2,
    pending: 0,
    coverage: 2 / 3,
    misses: { 'no-site': 1, unknown: 1 },
  };
  const coverage: EndpointCoverage = {
    ...counts,
    since: '2026-11-20T10:00:00.000Z',
    at: '2026-11-20T11:00:00.000Z',
    sensor: { kind: 'kernel', execs: 9, lost: 0, unread: 1 },
    unobserved: 0,
    isTrusted: true,
    interpreters: [{ ...counts, executable: '/usr/bin/python3.12' }],
  };
  const { serverTime } = await agent.sendHeartbeat({
    body: {
      endpoint: { ...facts, hostName: 'desk-7', agentVersion: '0.2.0' },
      counters,
      coverage,
      sentAt: new Date().toISOString(),
    },
  });

  assert.ok(Math.abs(Date.parse(serverTime) - Date.now()) < 5_000);
  const { client } = await server.signIn();
  const { items, total } = await client.listEndpoints({ query: { q: 'DESK-7' } });
  assert.equal(total, 1);
  const { enrolledAt, lastSeenAt, trust, ...rest } = items[0] ?? assert.fail();
  assert.ok(Date.parse(lastSeenAt ?? '') >= Date.parse(enrolledAt));
  assert.deepEqual(
    { ...trust, keyExpiresAt: undefined },
    {
      keyFingerprint: createHash('sha256').update(Buffer.from(key.publicKey, 'base64')).digest('hex'),
      keyExpiresAt: undefined,
      isCloned: false,
      clones: [],
    },
  );
  assert.deepEqual(rest, {
    ...facts,
    id: endpointId,
    hostName: 'desk-7',
    agentVersion: '0.2.0',
    counters,
    coverage,
    reporting: true,
    runs24h: 0,
    running: 0,
    scripts: 0,
    interpreters: [],
  });
});
