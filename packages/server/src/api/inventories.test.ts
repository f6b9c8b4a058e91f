import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import { createClient } from '@sentinel/client';
import { type InventoryUpload, MAX_INVENTORY_BYTES, SentinelError } from '@sentinel/protocol';
import { createEnrolmentToken } from '../store/enrolment-token.ts';
import { makeFoundInterpreter, makeFoundScript, makeInventory } from '../testing/make-inventory.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;

before(async () => {
  server = await startTestServer();
});
after(() => server.close());

function inventoryOf(hostName: string, startedAt: string, packages: readonly [string, string][]): InventoryUpload {
  return makeInventory(hostName, {
    startedAt,
    inventory: {
      interpreters: [makeFoundInterpreter('/usr/bin/python3.11')],
      environments: [{ prefix: '/home/ana/.venv', kind: 'venv', version: '3.11.2', proof: '/x', owner: {} }],
      packages: packages.map(([distribution, version]) => ({ distribution, version, site: '/site' })),
      scripts: [makeFoundScript('/home/ana/a.py'), makeFoundScript('/home/ana/b.py')],
    },
    risks: [{ path: '/home/ana/b.py', score: 81, band: 'critical', reason: 'a key in the source' }],
    packageVerdicts: [
      {
        distribution: 'requests',
        version: '2.19.0',
        kind: 'vulnerable',
        advisories: ['CVE-2018-18074'],
        severity: 'high',
        isKnownExploited: false,
        sites: ['/site'],
      },
    ],
  });
}

async function tokenClient(uses: number) {
  const { token } = await createEnrolmentToken(server.server.services.control, {
    lifeMs: 60_000,
    uses,
    nowMs: Date.now(),
  });
  return createClient({ baseUrl: server.url, credential: token });
}

test('counts a computer without an agent like one that has one', async () => {
  const agent = await server.enrol('desk-1');
  const offline = await tokenClient(1);
  const first = inventoryOf('desk-1', '2026-02-01T00:00:00.000Z', [
    ['requests', '2.19.0'],
    ['six', '1.16.0'],
  ]);
  const second = inventoryOf('cellar', '2026-02-01T00:00:00.000Z', [['requests', '2.19.0']]);

  assert.deepEqual(await agent.client.uploadInventory({ body: first }), {
    id: first.id,
    outcome: 'stored',
    isCurrent: true,
    endpointId: agent.endpointId,
  });
  assert.deepEqual(await offline.uploadInventory({ body: second }), {
    id: second.id,
    outcome: 'stored',
    isCurrent: true,
  });

  const { client } = await server.signIn();
  const { items, total } = await client.listInventories();
  assert.deepEqual(
    [
      total,
      items.map(({ hostName, endpointId, packages, scripts, highRisk }) => [
        hostName,
        endpointId,
        packages,
        scripts,
        highRisk,
      ]),
    ],
    [
      2,
      [
        ['cellar', undefined, 1, 2, 1],
        ['desk-1', agent.endpointId, 2, 2, 1],
      ],
    ],
  );
  assert.deepEqual(await client.listInventoryPackages(), {
    items: [
      { name: 'requests', version: '2.19.0', count: 2, endpoints: 2, verdict: 'vulnerable' },
      { name: 'six', version: '1.16.0', count: 1, endpoints: 1 },
    ],
    total: 2,
  });
  assert.deepEqual((await client.listInventoryPackages({ query: { q: 'SIX' } })).total, 1);
  assert.deepEqual((await client.listInventoryInterpreters()).items, [
    { name: 'cpython', version: '3.11.2', kind: 'system', count: 2, endpoints: 2 },
  ]);
  assert.deepEqual((await client.listInventoryEnvironments()).items, [
    { name: 'venv', version: '3.11.2', count: 2, endpoints: 2 },
  ]);
  assert.deepEqual(await client.listInventoryScripts({ params: { inventoryId: second.id }, query: { limit: 1 } }), {
    items: [
      {
        path: '/home/ana/b.py',
        role: 'script',
        owner: 'ana',
        place: 'home',
        modifiedAt: '2026-01-02T03:04:05.000Z',
        reason: 'a key in the source',
        score: 81,
        band: 'critical',
      },
    ],
    total: 2,
  });
});

test('takes the same report twice as one, and spends one use of the token on it', async () => {
  const offline = await tokenClient(2);
  const body = inventoryOf('twice', '2026-02-01T00:00:00.000Z', []);

  const outcomes = [];
  for (let time = 0; time < 3; time += 1) outcomes.push((await offline.uploadInventory({ body })).outcome);
  assert.deepEqual(outcomes, ['stored', 'duplicate', 'duplicate']);
  assert.equal((await offline.uploadInventory({ body: { ...body, id: randomUUID() } })).outcome, 'stored');
  await assert.rejects(
    offline.uploadInventory({ body: { ...body, id: randomUUID() } }),
    (error) => error instanceof SentinelError && error.code === 'not-signed-in',
  );
});

test('keeps the newest inventory of a computer, whatever the order of arrival', async () => {
  const offline = await tokenClient(3);
  const { client } = await server.signIn();
  const packagesOf = async () =>
    (await client.listInventories({ query: { q: 'order' } })).items.map(({ packages }) => packages);

  await offline.uploadInventory({
    body: inventoryOf('Order', '2026-03-02T00:00:00.000Z', [
      ['a', '1'],
      ['b', '1'],
    ]),
  });
  const late = await offline.uploadInventory({ body: inventoryOf('order', '2026-03-01T00:00:00.000Z', [['a', '1']]) });
  assert.deepEqual([late.isCurrent, await packagesOf()], [false, [2]]);
  const newer = await offline.uploadInventory({ body: inventoryOf('order', '2026-03-03T00:00:00.000Z', [['c', '1']]) });
  assert.deepEqual([newer.isCurrent, await packagesOf()], [true, [1]]);
});

test('keeps what a token brings apart from the inventory of an enrolled computer of that name', async () => {
  const agent = await server.enrol('lab-7');
  const own = inventoryOf('lab-7', '2026-02-01T00:00:00.000Z', [['numpy', '2.0.0']]);
  await agent.client.uploadInventory({ body: own });
  const offline = await tokenClient(1);
  const forged = inventoryOf('LAB-7', '2026-02-02T00:00:00.000Z', []);

  assert.deepEqual(await offline.uploadInventory({ body: forged }), {
    id: forged.id,
    outcome: 'stored',
    isCurrent: true,
  });

  const { client } = await server.signIn();
  const { items } = await client.listInventories({ query: { q: 'lab-7' } });
  assert.deepEqual(
    new Map(items.map(({ id, endpointId, packages }) => [id, [endpointId, packages]])),
    new Map([
      [own.id, [agent.endpointId, 1]],
      [forged.id, [undefined, 0]],
    ]),
  );
});

test('refuses a body beyond the limit, and one that has not the shape', async () => {
  const { token } = await createEnrolmentToken(server.server.services.control, {
    lifeMs: 60_000,
    uses: 5,
    nowMs: Date.now(),
  });
  const send = (body: string) =>
    fetch(`${server.url}/api/v1/inventories`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${token}` },
      body,
    }).then(({ status }) => status);
  assert.equal(await send(`"${'x'.repeat(MAX_INVENTORY_BYTES)}"`), 413);
  assert.equal(await send('{}'), 400);
});
