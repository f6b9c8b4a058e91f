import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '@sentinel/client';
import { type InventoryUpload, SentinelError } from '@sentinel/protocol';
import { makeInventory } from '../testing/make-inventory.ts';
import { ago, library, makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { startTestServer, type TestAgent, type TestServer } from '../testing/test-server.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const SCANNED = '2026-02-01T00:00:00.000Z';
const script = {
  id: 'a'.repeat(32),
  kind: 'file',
  name: 'alpha.py',
  path: '/home/ann/alpha.py',
  sha256: '0'.repeat(64),
  sizeBytes: 90,
} as const;
const verdict = {
  kind: 'vulnerable',
  severity: 'high',
  advisories: ['CVE-2018-18074'],
  fixedIn: '2.20.0',
  isKnownExploited: false,
} as const;

let server: TestServer;
let agent: TestAgent;
let other: TestAgent;
let person: Client;
const run = makeRun({ script, status: 'ended', exitRoute: 'finished', exitCode: 0, startedAt: ago(2 * HOUR) });
const old = makeRun({ script, status: 'ended', exitRoute: 'finished', exitCode: 0, startedAt: ago(45 * DAY) });

before(async () => {
  server = await startTestServer();
  agent = await server.enrol('desk-1');
  other = await server.enrol('desk-2');
  person = (await server.signIn()).client;
  await agent.client.uploadInventory({
    body: inventoryOf('desk-1', [
      ['requests', '2.19.0'],
      ['pyyaml', '6.0.1'],
      ['six', '1.16.0'],
    ]),
  });
  await other.client.uploadInventory({ body: inventoryOf('desk-2', [['requests', '2.19.0']]) });
  const seen = (startedAt: string) => ({ firstSeen: startedAt, lastSeen: startedAt });
  await agent.client.sendBatch({
    body: makeBatch({
      runs: [run, old],
      activities: [
        makeActivity(run.id, 1, {
          type: 'module.import',
          attributes: library('requests', '2.19.0'),
          ...seen(run.startedAt),
        }),
        makeActivity(run.id, 2, {
          type: 'module.import',
          attributes: library('PyYAML', '6.0.1'),
          ...seen(run.startedAt),
        }),
        makeActivity(run.id, 3, { type: 'module.import', attributes: library('rich', '13.0'), ...seen(run.startedAt) }),
        makeActivity(old.id, 1, {
          type: 'module.import',
          attributes: library('six', '1.16.0'),
          ...seen(old.startedAt),
        }),
      ],
    }),
  });
});
after(() => server.close());

const used = { runs: 1, scripts: 1, endpoints: 1, lastImportedAt: run.startedAt };
const unused = { runs: 0, scripts: 0, endpoints: 0 };
const requests = { distribution: 'requests', version: '2.19.0', computers: 2, ...used, verdict };

test('lists what is installed with who imports it, what is wrong and used first', async () => {
  const { items, total, summary } = await person.listLibraries();
  assert.deepEqual(items, [
    requests,
    { distribution: 'pyyaml', version: '6.0.1', computers: 1, ...used },
    { distribution: 'rich', version: '13.0', computers: 0, ...used },
    { distribution: 'six', version: '1.16.0', computers: 1, ...unused },
  ]);
  assert.equal(total, 4);
  assert.deepEqual(summary, { libraries: 4, imported: 3, flagged: 1, flaggedImported: 1, inventories: 2 });
});

test('finds by name, advisory, verdict and use', async () => {
  const names = async (query: Parameters<Client['listLibraries']>[0]) =>
    (await person.listLibraries(query)).items.map(({ distribution }) => distribution);
  assert.deepEqual(await names({ query: { q: 'YAML' } }), ['pyyaml']);
  assert.deepEqual(await names({ query: { q: 'cve-2018' } }), ['requests']);
  assert.deepEqual(await names({ query: { verdict: 'any' } }), ['requests']);
  assert.deepEqual(await names({ query: { verdict: 'malicious' } }), []);
  assert.deepEqual(await names({ query: { use: 'unused' } }), ['six']);
  assert.deepEqual(await names({ query: { use: 'imported', sort: 'name' } }), ['pyyaml', 'requests', 'rich']);
});

test('gives the rows page after page, each once', async () => {
  const found: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await person.listLibraries({ query: { limit: 3, ...(cursor === undefined ? {} : { cursor }) } });
    found.push(...page.items.map(({ distribution }) => distribution));
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  assert.deepEqual(found, ['requests', 'pyyaml', 'rich', 'six']);
  await assert.rejects(
    person.listLibraries({ query: { cursor: 'x' } }),
    (error) => error instanceof SentinelError && error.code === 'bad-request',
  );
});

test('tells of one library its versions, computers and scripts, however its name is written', async () => {
  assert.deepEqual(await person.getLibrary({ params: { distribution: 'Requests' } }), {
    distribution: 'requests',
    versions: [requests],
    computers: [
      { hostName: 'desk-1', endpointId: agent.endpointId, version: '2.19.0', sites: ['/site'], scannedAt: SCANNED },
      { hostName: 'desk-2', endpointId: other.endpointId, version: '2.19.0', sites: ['/site'], scannedAt: SCANNED },
    ],
    scripts: [
      {
        scriptId: script.id,
        name: 'alpha.py',
        version: '2.19.0',
        runs: 1,
        endpoints: 1,
        lastImportedAt: run.startedAt,
      },
    ],
  });
  await assert.rejects(
    person.getLibrary({ params: { distribution: 'nothing-of-this-name' } }),
    (error) => error instanceof SentinelError && error.code === 'not-found',
  );
});

function inventoryOf(hostName: string, packages: readonly [string, string][]): InventoryUpload {
  return makeInventory(hostName, {
    startedAt: SCANNED,
    inventory: { packages: packages.map(([distribution, version]) => ({ distribution, version, site: '/site' })) },
    packageVerdicts: [
      {
        distribution: 'requests',
        version: '2.19.0',
        ...verdict,
        advisories: [...verdict.advisories],
        sites: ['/site'],
      },
    ],
  });
}
