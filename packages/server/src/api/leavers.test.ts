import assert from 'node:assert/strict';
import { createHash, randomUUID } from 'node:crypto';
import { after, before, test } from 'node:test';
import type { Client } from '@sentinel/client';
import type { DirectoryPerson, InventoryUpload } from '@sentinel/protocol';
import { canonicalJson } from '../audit/canonical-json.ts';
import { makeInventory } from '../testing/make-inventory.ts';
import { ago, makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { startTestServer, type TestAgent, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let agent: TestAgent;
let client: Client;
let ann: DirectoryPerson;

const DAY_MS = 24 * 60 * 60 * 1000;
const ONLY_ANN = {
  id: 'a'.repeat(32),
  kind: 'file',
  name: 'reconcile.py',
  path: '/home/ann/reconcile.py',
  sha256: '1'.repeat(64),
} as const;
const SHARED = { id: 'b'.repeat(32), kind: 'file', name: 'shared.py', path: '/srv/shared.py' } as const;
const BO_ALONE = { id: 'c'.repeat(32), kind: 'file', name: 'bo.py', path: '/home/bo/bo.py' } as const;
const FINGERPRINT = 'f'.repeat(64);

before(async () => {
  server = await startTestServer();
  agent = await server.enrol('desk-1');
  client = (await server.signIn()).client;
  const ended = { status: 'ended', endedAt: ago(1000) } as const;
  const first = makeRun({ ...ended, script: ONLY_ANN, user: { name: 'CORP\\ann' }, startedAt: ago(3 * DAY_MS) });
  const runs = [
    first,
    makeRun({ ...ended, script: SHARED, user: { name: 'ann' }, startedAt: ago(5 * DAY_MS) }),
    makeRun({ ...ended, script: SHARED, user: { name: 'bo' }, startedAt: ago(2 * DAY_MS) }),
    makeRun({ ...ended, script: BO_ALONE, user: { name: 'bo' }, startedAt: ago(DAY_MS) }),
  ];
  const seen = { firstSeen: ago(3 * DAY_MS), lastSeen: ago(3 * DAY_MS) };
  const activities = [
    makeActivity(first.id, 1, {
      ...seen,
      type: 'db.query',
      rows: 420,
      attributes: {
        'db.system.name': 'postgresql',
        'db.namespace': 'erp',
        'server.address': 'erp.example',
        'db.operation.name': 'SELECT',
        'db.collection.name': 'ledger',
        'sentinel.db.user': 'svc_recon',
      },
    }),
  ];
  await agent.client.sendBatch({ body: makeBatch({ runs, activities }) });
  await agent.client.storeScript({
    body: {
      sha256: ONLY_ANN.sha256,
      scriptId: ONLY_ANN.id,
      name: ONLY_ANN.name,
      kind: 'file',
      path: ONLY_ANN.path,
      sizeBytes: 10,
      text: 'x = 1\n',
      references: [
        {
          reference: 'SENTINEL_SECRET_ffffffffffff',
          ruleId: 'secret-assigned',
          title: 'Password',
          fingerprint: FINGERPRINT,
          name: 'password',
          line: 1,
        },
      ],
      collectedAt: ago(3 * DAY_MS),
    },
  });
  await agent.client.uploadInventory({ body: inventory() });
});
after(() => server.close());

test('learns from a list that somebody left', async () => {
  const { result, second } = {
    result: await client.importPersons({
      body: { csv: 'login,name,department,lastDay\nann,Ann Meyer,Finance,2026-11-13\nbo,Bo,Finance,\n' },
    }),
    second: await client.importPersons({
      body: { csv: 'login,name,department,lastDay\nANN,Ann Meyer,Finance,2026-11-13\n,nobody,,\n' },
    }),
  };

  assert.deepEqual(result, { added: 2, changed: 0, unchanged: 0, left: ['ann'], rejected: [] });
  assert.deepEqual(second, {
    added: 0,
    changed: 0,
    unchanged: 1,
    left: [],
    rejected: [{ line: 3, reason: 'there is no user name' }],
  });
  const { items } = await client.listPersons({ query: { status: 'left' } });
  assert.deepEqual(
    items.map(({ userName, displayName, accounts, leftAt }) => ({ userName, displayName, accounts, leftAt })),
    [{ userName: 'ann', displayName: 'Ann Meyer', accounts: ['ann'], leftAt: '2026-11-13T23:59:59.999Z' }],
  );
  ann = items[0] as DirectoryPerson;
});

test('shows what hangs on a person: scripts, schedules, credentials, data', async () => {
  const report = await client.getLeaver({ params: { personId: ann.id } });

  const schedule = {
    hostName: 'desk-1',
    kind: 'cron',
    when: '0 6 * * *',
    source: '/etc/cron.d/recon',
    user: 'root',
    script: '/home/ann/reconcile.py',
  };
  assert.deepEqual(
    report.scripts.map(({ lastRunAt: _lastRunAt, ...rest }) => rest),
    [
      {
        scriptId: ONLY_ANN.id,
        name: 'reconcile.py',
        path: '/home/ann/reconcile.py',
        sha256: ONLY_ANN.sha256,
        runs: 1,
        runsByPerson: 1,
        otherUsers: [],
        machines: ['desk-1'],
        isOwner: false,
        isOnlyTheirs: true,
        isInVault: true,
        schedules: [schedule],
      },
      {
        scriptId: SHARED.id,
        name: 'shared.py',
        path: '/srv/shared.py',
        runs: 2,
        runsByPerson: 1,
        otherUsers: ['bo'],
        machines: ['desk-1'],
        isOwner: false,
        isOnlyTheirs: false,
        isInVault: false,
        schedules: [],
      },
    ],
  );
  assert.deepEqual(report.schedules, [
    schedule,
    { ...schedule, when: '@reboot', source: '/var/spool/cron/ann', user: 'ann', script: 'other.module' },
  ]);
  assert.deepEqual(report.secrets, [
    { subject: FINGERPRINT, kind: 'credential', title: 'Password: password', scripts: ['reconcile.py'] },
    {
      subject: 'db:postgresql:erp.example:svc_recon',
      kind: 'database-account',
      title: 'svc_recon on erp.example (postgresql)',
      scripts: [ONLY_ANN.id],
    },
  ]);
  assert.deepEqual(
    report.reach.map(({ type, target, database, rows }) => ({ type, target, database, rows })),
    [{ type: 'db.query', target: 'ledger', database: 'erp', rows: 420 }],
  );
  assert.deepEqual([report.undecided, report.notRotated, report.reachTotal], [2, 2, 1]);
});

test('certifies only when every script was decided on', async () => {
  const params = { personId: ann.id };
  await assert.rejects(client.issueLeaverCertificate({ params }), { code: 'conflict' });
  await assert.rejects(client.decideLeaverScript({ params, body: { scriptId: ONLY_ANN.id, measure: 'hand-over' } }), {
    code: 'bad-request',
  });
  await client.decideLeaverScript({
    params,
    body: { scriptId: ONLY_ANN.id, measure: 'hand-over', custodian: 'bo', note: 'knows the ledger' },
  });
  await client.decideLeaverScript({ params, body: { scriptId: SHARED.id, measure: 'retire' } });
  await client.markRotated({ params, body: { subject: FINGERPRINT } });

  const certificate = await client.issueLeaverCertificate({ params });

  assert.deepEqual(
    certificate.report.scripts.map(({ name, decision }) => [name, decision?.measure, decision?.custodian]),
    [
      ['reconcile.py', 'hand-over', 'bo'],
      ['shared.py', 'retire', undefined],
    ],
  );
  assert.deepEqual([certificate.report.undecided, certificate.report.notRotated], [0, 1]);
  const { sha256, ...rest } = certificate;
  assert.equal(sha256, createHash('sha256').update(canonicalJson(rest)).digest('hex'));
  const kept = await client.getLeaverCertificate({ params });
  assert.deepEqual(kept.certificate, certificate);
  const pdf = Buffer.from(kept.pdf, 'base64');
  assert.equal(pdf.subarray(0, 5).toString(), '%PDF-');
  assert.ok(pdf.byteLength > 1500);
});

test('a measure goes over to all copies of the script, and takes nothing away', async () => {
  const states = async () =>
    (await client.listFamilies()).items
      .filter(({ name }) => name !== BO_ALONE.name)
      .toSorted((one, other) => (one.name < other.name ? -1 : 1))
      .map(({ name, sanction, owner }) => [name, sanction, owner]);
  assert.deepEqual(await states(), [
    ['reconcile.py', 'unreviewed', 'bo'],
    ['shared.py', 'retired', undefined],
  ]);
  assert.equal((await client.getVaultEntry({ params: { sha256: ONLY_ANN.sha256 } })).text, 'x = 1\n');
});

test('lists who left with what is open, and keeps every act in the audit log', async () => {
  const { items } = await client.listLeavers();
  assert.deepEqual(
    items.map(({ person, scripts, undecided, certificateAt }) => [
      person.userName,
      scripts,
      undecided,
      certificateAt !== undefined,
    ]),
    [['ann', 2, 0, true]],
  );

  const records = await server.server.services.control
    .selectFrom('audit_record')
    .select('action')
    .where((row) => row.or([row('action', 'like', 'leaver.%'), row('action', 'like', 'directory.%')]))
    .orderBy('number')
    .execute();
  assert.deepEqual(
    records.map(({ action }) => action),
    [
      'directory.import',
      'directory.import',
      'leaver.view',
      'leaver.hand-over',
      'leaver.retire',
      'leaver.rotated',
      'leaver.certify',
    ],
  );
});

test('takes a departure by hand, and a return', async () => {
  const gone = await client.savePerson({
    params: { userName: 'cy' },
    body: { displayName: 'Cy', accounts: ['CORP\\Cyrus'], leftAt: '2026-11-01T00:00:00.000Z' },
  });
  assert.deepEqual([gone.status, gone.leftAt, gone.accounts], ['left', '2026-11-01T00:00:00.000Z', ['cyrus']]);

  const back = await client.savePerson({ params: { userName: 'CY' }, body: { status: 'active' } });
  assert.deepEqual([back.id, back.status, back.leftAt, back.displayName], [gone.id, 'active', undefined, 'Cy']);
  await assert.rejects(client.issueLeaverCertificate({ params: { personId: back.id } }), { code: 'conflict' });
  await assert.rejects(client.getLeaver({ params: { personId: randomUUID() } }), { code: 'not-found' });
});

function inventory(): InventoryUpload {
  const command = (script: string | undefined, module?: string) => ({
    program: 'python3',
    ...(script === undefined ? {} : { script }),
    ...(module === undefined ? {} : { module }),
    isInline: false,
    argumentCount: 0,
  });
  return makeInventory('desk-1', {
    startedAt: '2026-11-20T00:00:00.000Z',
    inventory: {
      schedules: [
        { source: '/etc/cron.d/recon', kind: 'cron', when: '0 6 * * *', user: 'root', command: command(ONLY_ANN.path) },
        { source: '/etc/cron.d/other', kind: 'cron', when: '5 5 * * *', user: 'bo', command: command('/x/y.py') },
        {
          source: '/var/spool/cron/ann',
          kind: 'cron',
          when: '@reboot',
          user: 'ann',
          command: command(undefined, 'other.module'),
        },
      ],
    },
  });
}

test('what is frozen is forbidden, and asked to be refused on every endpoint, once', async () => {
  const params = { personId: ann.id };
  const freeze = { scriptId: ONLY_ANN.id, measure: 'freeze', note: 'nobody knows the ledger any more' } as const;
  await client.decideLeaverScript({ params, body: freeze });
  await client.decideLeaverScript({ params, body: freeze });

  const { items } = await client.listActionRequests({ query: { state: 'waiting' } });
  assert.deepEqual(
    items.map(({ order, target, reason, about }) => ({ order, target, reason, about })),
    [
      {
        order: { kind: 'quarantine-script', sha256: ONLY_ANN.sha256, endsRuns: false },
        target: { endpoints: [], groups: ['*'] },
        reason: 'nobody knows the ledger any more',
        about: ONLY_ANN.path,
      },
    ],
  );
  const family = (await client.listFamilies()).items.find(({ name }) => name === ONLY_ANN.name);
  assert.equal(family?.sanction, 'unsanctioned');
});
