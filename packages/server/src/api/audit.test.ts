import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import type { Client } from '@sentinel/client';
import { type ChainedAuditRecord, SentinelError } from '@sentinel/protocol';
import { AuditTrail, FIRST_PREVIOUS, leafHash } from '../audit/audit-trail.ts';
import { library, makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let owner: Client;
const run = makeRun({ user: { name: 'ann' } });

before(async () => {
  server = await startTestServer();
  owner = (await server.signIn()).client;
  const agent = await server.enrol('desk-7');
  await agent.client.sendBatch({
    body: makeBatch({
      runs: [run],
      activities: [
        makeActivity(run.id, 1, {
          attributes: { 'file.path': '/srv/Payroll/2026.csv', 'sentinel.file.operation': 'read' },
          count: 3,
          bytesIn: 4_096,
        }),
        makeActivity(run.id, 2, { type: 'module.import', attributes: library('payroll-tools') }),
        makeActivity(run.id, 3, {
          type: 'db.query',
          attributes: { 'db.namespace': 'hr', 'db.collection.name': 'payroll', 'db.operation.name': 'SELECT' },
          rows: 15_000,
        }),
      ],
    }),
  });
});
after(() => server.close());

test('keeps who, from where, what, and nothing that is named like a secret', async () => {
  await owner.createPerson({ body: { userName: 'eve', roles: ['viewer'] } });
  const [record] = (await owner.listAuditRecords({ query: { action: 'account.create', limit: 1 } })).items;

  assert.ok(record !== undefined);
  const { at: _at, hash: _hash, number: _number, object, origin, ...rest } = record;
  const { requestId, session, ...where } = origin;
  assert.deepEqual(rest, {
    actor: { id: rest.actor.id, name: 'owner', role: 'owner' },
    action: 'account.create',
    after: { userName: 'eve', kind: 'person', roles: ['viewer'], departments: [], osUsers: [], isActive: true },
  });
  assert.deepEqual(where, { address: '127.0.0.1', client: 'node' });
  assert.equal(object.kind, 'account');
  assert.match(`${requestId} ${session}`, /^[0-9a-f-]{36} [0-9a-f-]{36}$/);

  const { audit } = server.server.services;
  const system = { accountId: 'system', userName: 'system' };
  const object2 = { kind: 'x', id: 'secrets' };
  await audit.record(system, { action: 'x.y', object: object2, after: { list: [{ token: 'sntl_abc', port: 1 }] } });
  const [made] = (await owner.listAuditRecords({ query: { objectId: 'secrets' } })).items;
  assert.deepEqual(made?.after, { list: [{ token: 'left out', port: 1 }] });
});

test('binds each record to the one before it, also when several servers append at once', async () => {
  const { control } = server.server.services;
  const trails = Array.from({ length: 4 }, () => new AuditTrail(control));
  const system = { accountId: 'system', userName: 'system' };
  await Promise.all(
    Array.from({ length: 100 }, (_, index) =>
      (trails[index % 4] ?? assert.fail()).record(system, {
        action: 'test.append',
        object: { kind: 'test', id: String(index) },
      }),
    ),
  );

  const chain: ChainedAuditRecord[] = [];
  for await (const record of owner.exportAuditRecords()) chain.push(record);

  let previous = FIRST_PREVIOUS;
  for (const [index, { number, content, hash }] of chain.entries()) {
    const parsed = JSON.parse(content) as { number: number; previous: string };
    assert.deepEqual([number, parsed.number, parsed.previous], [index + 1, index + 1, previous]);
    assert.equal(hash, leafHash(content));
    previous = hash;
  }
  assert.ok(chain.length > 100);
  const { number, hash } = await owner.getAuditHead();
  assert.deepEqual([number, hash], [chain.length, previous]);
});

test('answers who touched a thing, from scripts and from people, and keeps the question', async () => {
  const answer = await owner.answerAudit({ query: { what: 'PAYROLL' } });

  assert.deepEqual(
    answer.items.map(({ source, who, how, detail, what, hostName, count, bytesIn, rows }) => ({
      source,
      who,
      how,
      detail,
      what,
      hostName,
      count,
      bytesIn,
      rows,
    })),
    [
      {
        source: 'activity',
        who: 'ann',
        how: 'db.query',
        detail: 'SELECT',
        what: 'payroll',
        hostName: 'desk-1',
        count: 1,
        bytesIn: 0,
        rows: 15_000,
      },
      {
        source: 'activity',
        who: 'ann',
        how: 'module.import',
        detail: '1.0',
        what: 'payroll-tools',
        hostName: 'desk-1',
        count: 1,
        bytesIn: 0,
        rows: 0,
      },
      {
        source: 'activity',
        who: 'ann',
        how: 'file.open',
        detail: 'read',
        what: '/srv/Payroll/2026.csv',
        hostName: 'desk-1',
        count: 3,
        bytesIn: 4_096,
        rows: 0,
      },
    ],
  );
  assert.deepEqual([answer.total, answer.coverage.endpoints], [3, 1]);
  const narrowed = await owner.answerAudit({ query: { who: 'ann', kind: 'file', script: 'report' } });
  assert.deepEqual(
    narrowed.items.map(({ what }) => what),
    ['/srv/Payroll/2026.csv'],
  );
  const [asked] = (await owner.listAuditRecords({ query: { action: 'audit.answer', limit: 1 } })).items;
  assert.deepEqual((asked?.after as { script: string } | undefined)?.script, 'report');
});

test('answers what a person did', async () => {
  const { items } = await owner.answerAudit({ query: { who: 'owner' } });

  assert.ok(items.every(({ source, who }) => source === 'act' && who === 'owner'));
  assert.ok(items.some(({ how }) => how === 'account.create'));
});

test('answers no question without a subject', async () => {
  await assert.rejects(
    owner.answerAudit({ query: {} }),
    (error) => error instanceof SentinelError && error.code === 'bad-request',
  );
});

test('pages through records, newest first, and filters by the beginning of an action', async () => {
  const first = await owner.listAuditRecords({ query: { limit: 2, action: 'test' } });
  const second = await owner.listAuditRecords({ query: { limit: 2, action: 'test', cursor: first.nextCursor } });

  const numbers = [...first.items, ...second.items].map(({ number }) => number);
  assert.deepEqual(
    numbers,
    [...numbers].sort((a, b) => b - a),
  );
  assert.equal(new Set(numbers).size, 4);
  assert.equal(first.total, 100);
});
