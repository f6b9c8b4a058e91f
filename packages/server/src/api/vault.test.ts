import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { CollectedScript } from '@sentinel/protocol';
import { vaultRecipesJob } from '../jobs/vault-recipes.ts';
import { findVersion } from '../store/vault-version.ts';
import { ago, library, makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { startTestServer, type TestAgent, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let agent: TestAgent;

const TEXT = 'import tabulate\nkey = "SENTINEL_SECRET_0123456789ab"\nprint(tabulate.tabulate([[1, 2]]))\n';
const SHA256 = createHash('sha256').update('as it ran').digest('hex');
const SCRIPT_ID = 'b'.repeat(32);

function collected(over: Partial<CollectedScript> = {}): CollectedScript {
  return {
    sha256: SHA256,
    scriptId: SCRIPT_ID,
    name: 'report.py',
    kind: 'file',
    path: '/home/ann/my report.py',
    sizeBytes: 61,
    text: TEXT,
    references: [
      {
        reference: 'SENTINEL_SECRET_0123456789ab',
        ruleId: 'secret-assigned',
        title: 'Credential in an assignment',
        fingerprint: 'c'.repeat(64),
        name: 'key',
        line: 2,
      },
    ],
    collectedAt: '2026-11-20T10:00:00.000Z',
    ...over,
  };
}

before(async () => {
  server = await startTestServer();
  agent = await server.enrol('desk-1');
});
after(() => server.close());

test('asks for what it lacks, and for libraries only where that is set', async () => {
  const other = 'd'.repeat(64);
  const ask = () =>
    agent.client.listWantedScripts({
      body: {
        candidates: [
          { sha256: SHA256, isLibrary: false },
          { sha256: other, isLibrary: true },
          { sha256: 'e'.repeat(64), isLibrary: false, sizeBytes: 2_000_000 },
        ],
      },
    });

  const first = await ask();
  assert.deepEqual(first.wanted, [SHA256]);
  assert.equal(Buffer.from(first.fingerprintKey, 'base64').byteLength, 32);
  assert.deepEqual(await agent.client.storeScript({ body: collected() }), { outcome: 'stored' });
  assert.deepEqual(await agent.client.storeScript({ body: collected({ text: 'another' }) }), { outcome: 'duplicate' });

  const second = await ask();
  assert.deepEqual(second.wanted, []);
  assert.equal(second.fingerprintKey, first.fingerprintKey);
});

test('keeps nothing of a source in readable form', async () => {
  const row = await findVersion(server.server.services.control, SHA256);

  assert.ok(row !== undefined);
  const bytes = Buffer.from(row.content);
  for (const part of ['tabulate', 'import', TEXT]) assert.equal(bytes.includes(part), false, part);
  assert.ok(row.stored_bytes < 400);
});

test('gives back a version with what its runs needed, and a folder to run it in', async () => {
  const script = {
    id: SCRIPT_ID,
    kind: 'file',
    name: 'report.py',
    path: '/home/ann/my report.py',
    sha256: SHA256,
  } as const;
  const run = makeRun({
    script,
    status: 'ended',
    endedAt: ago(500),
    argumentCount: 2,
    argumentShape: 'flag path',
    workingDirectory: '/home/ann',
    startedAt: ago(2_000),
  });
  await agent.client.sendBatch({
    body: makeBatch({
      runs: [run],
      activities: [
        makeActivity(run.id, 1, { type: 'module.import', attributes: library('tabulate', '0.9.0') }),
        makeActivity(run.id, 2, {
          attributes: { 'file.path': '/data/in.csv', 'sentinel.file.operation': 'read' },
          bytesIn: 7,
        }),
        makeActivity(run.id, 3, {
          attributes: { 'file.path': '/data/out.txt', 'sentinel.file.operation': 'write' },
          bytesOut: 9,
        }),
      ],
    }),
  });
  const { client } = await server.signIn();

  const entry = await client.getVaultEntry({ params: { sha256: SHA256 } });
  assert.equal(entry.text, TEXT);
  assert.equal(entry.secrets, 1);
  const { madeAt: _madeAt, firstRunAt, lastRunAt, ...recipe } = entry.recipe;
  const lastSeenAt = run.startedAt;
  assert.deepEqual([firstRunAt, lastRunAt], [run.startedAt, run.startedAt]);
  assert.deepEqual(recipe, {
    runs: 1,
    users: ['ann'],
    machines: [{ endpointId: agent.endpointId, hostName: 'desk-1', runs: 1 }],
    interpreters: [{ implementation: 'cpython', version: '3.11.2', runs: 1, lastSeenAt }],
    packages: [
      {
        name: 'tabulate',
        version: '0.9.0',
        runs: 1,
        lastSeenAt: entry.recipe.packages[0]?.lastSeenAt,
        otherVersions: [],
      },
    ],
    arguments: [{ count: 2, shape: 'flag path', runs: 1, lastSeenAt }],
    workingDirectories: [{ path: '/home/ann', runs: 1, lastSeenAt }],
    schedules: [],
    sources: [{ type: 'file.open', target: '/data/in.csv', detail: 'read', database: '', runs: 1, rows: 0, bytes: 7 }],
    destinations: [
      { type: 'file.open', target: '/data/out.txt', detail: 'write', database: '', runs: 1, rows: 0, bytes: 9 },
    ],
    programs: [],
  });

  const { files } = await client.restoreVaultEntry({ params: { sha256: SHA256 }, body: { reason: 'hand over' } });
  const byPath = new Map(files.map(({ path, text }) => [path, text]));
  assert.deepEqual([...byPath.keys()], ['my report.py', 'requirements.lock', 'README.md', 'recipe.json']);
  assert.equal(byPath.get('my report.py'), TEXT);
  assert.match(byPath.get('requirements.lock') ?? '', /^tabulate==0\.9\.0$/m);
  const readme = byPath.get('README.md') ?? '';
  for (const part of [
    'python3.11 -m venv',
    '"my report.py"',
    '`SENTINEL_SECRET_0123456789ab` in line 2',
    '/data/in.csv',
    '/data/out.txt',
  ])
    assert.ok(readme.includes(part), part);
  const listed = await client.listVault({ query: { q: SHA256.slice(0, 10) } });
  assert.deepEqual(
    listed.items.map(({ restores, runs, users }) => ({ restores, runs, users })),
    [{ restores: 1, runs: 1, users: ['ann'] }],
  );
});

test('keeps in the audit log who looked and who restored, and why', async () => {
  const records = await server.server.services.control
    .selectFrom('audit_record')
    .select(['action', 'object_id', 'content'])
    .where('object_kind', '=', 'vault-entry')
    .orderBy('number')
    .execute();

  assert.deepEqual(
    records.map(({ action, object_id }) => [action, object_id]),
    [
      ['vault.view', SHA256],
      ['vault.restore', SHA256],
    ],
  );
  assert.match(records[1]?.content ?? '', /hand over/);
});

test('writes the recipe down, so that it outlives the activities', async () => {
  const { services } = server.server;
  await vaultRecipesJob.run({ services, signal: new AbortController().signal });

  const row = await findVersion(services.control, SHA256);
  assert.deepEqual((JSON.parse(row?.recipe ?? '{}') as { users?: string[] }).users, ['ann']);
});

test('pages through versions and says what it does not have', async () => {
  for (const [at, letter] of ['1', '2', '3'].entries())
    await agent.client.storeScript({
      body: collected({
        sha256: letter.repeat(64),
        name: `n${letter}.py`,
        collectedAt: `2026-11-1${at}T00:00:00.000Z`,
      }),
    });
  const { client } = await server.signIn();

  const names: string[] = [];
  let cursor: string | undefined;
  do {
    const page = await client.listVault({ query: { limit: 2, ...(cursor === undefined ? {} : { cursor }) } });
    assert.equal(page.total, 4);
    names.push(...page.items.map(({ name }) => name));
    cursor = page.nextCursor;
  } while (cursor !== undefined);

  assert.deepEqual(names, ['report.py', 'n3.py', 'n2.py', 'n1.py']);
  await assert.rejects(client.getVaultEntry({ params: { sha256: 'f'.repeat(64) } }), { code: 'not-found' });
  await assert.rejects(client.listVault({ query: { cursor: 'nonsense' } }), { code: 'bad-request' });
});
