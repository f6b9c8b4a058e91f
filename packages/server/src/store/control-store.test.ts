import assert from 'node:assert/strict';
import { randomBytes, randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { prune } from '../jobs/prune.ts';
import { isOnPostgres, makeTestControl, type TestControl } from '../testing/test-control.ts';
import { facts, makeFolder } from '../testing/test-server.ts';
import { ensureOwner } from './account.ts';
import { findMark, insertMarks, MARK_LIFE_MS } from './batch-mark.ts';
import { type ControlStore, openControlStore } from './control-store.ts';
import { enrolEndpoint } from './endpoint.ts';
import { createEnrolmentToken } from './enrolment-token.ts';
import { controlMigrations } from './migrations/control/all.ts';
import { eventMigrations } from './migrations/event/all.ts';
import { listSetAside, pruneQuarantine, setAside } from './quarantine.ts';
import { findPerson, startSession } from './session.ts';

let folder: string;
let control: TestControl;
let store: ControlStore;

before(async () => {
  folder = makeFolder();
  control = await makeTestControl(folder);
  store = await openControlStore(control.place);
});
after(async () => {
  await store.destroy();
  await control.drop();
  rmSync(folder, { recursive: true, force: true });
});

test('lists every migration of its folders, in order', () => {
  const files = (store: string) =>
    readdirSync(join(import.meta.dirname, 'migrations', store))
      .filter((name) => /^\d/.test(name))
      .map((name) => name.replace('.ts', ''))
      .sort();
  assert.deepEqual(Object.keys(controlMigrations), files('control'));
  assert.deepEqual(
    eventMigrations.map(({ name }) => name),
    files('event'),
  );
});

test('is durable, and waits instead of failing', { skip: isOnPostgres }, async () => {
  const read = async (pragma: string) =>
    Object.values((await sql<Record<string, unknown>>`${sql.raw(`PRAGMA ${pragma}`)}`.execute(store)).rows[0] ?? {})[0];

  assert.deepEqual(
    [await read('journal_mode'), await read('synchronous'), await read('foreign_keys'), await read('busy_timeout')],
    ['wal', 2, 1, 5000],
  );
});

test('keeps its references', async () => {
  const orphan = { token_hash: 'x', account_id: 'nobody', created_at: 0, expires_at: 0 };
  await assert.rejects(store.insertInto('session').values(orphan).execute(), /foreign key/i);
});

test('rolls a transaction back whole, and serves others afterwards', async () => {
  const failing = store.transaction().execute(async (transaction) => {
    await ensureOwner(transaction, Date.now());
    throw new Error('half way');
  });
  await assert.rejects(failing, /half way/);

  assert.deepEqual(await store.selectFrom('account').selectAll().execute(), []);
  const [first, second] = [await ensureOwner(store, Date.now()), await ensureOwner(store, Date.now())];
  assert.equal(first, second);
});

test('forgets what has expired and keeps the rest', async () => {
  const nowMs = Date.now();
  const owner = await ensureOwner(store, nowMs);
  const { token: fresh } = await startSession(store, owner, nowMs);
  await store
    .insertInto('session')
    .values({ token_hash: 'old', account_id: owner, created_at: 0, expires_at: nowMs - 1 })
    .execute();
  const endpointId = await enrolled(nowMs);
  const mark = { endpoint_id: endpointId, spool_id: randomUUID(), sha256: 'x', rows_stored: 1, rows_set_aside: 0 };
  await insertMarks(store, [
    { ...mark, sequence: 1, stored_at: nowMs - MARK_LIFE_MS - 1 },
    { ...mark, sequence: 2, stored_at: nowMs },
  ]);

  await prune(store, nowMs);

  assert.ok((await findPerson(store, fresh, nowMs)) !== undefined);
  assert.equal((await store.selectFrom('session').selectAll().execute()).length, 1);
  assert.equal(await findMark(store, endpointId, mark.spool_id, 1), undefined);
  assert.equal((await findMark(store, endpointId, mark.spool_id, 2))?.sha256, 'x');
  assert.deepEqual(await store.selectFrom('enrolment_token').selectAll().execute(), []);
});

test('keeps the newest of what was set aside, cut to size, and the same thing once', async () => {
  const endpointId = await enrolled(Date.now());
  const row = (text: string) => ({ endpointId, kind: 'row' as const, reason: 'why', body: Buffer.from(text) });
  await setAside(store, [row('a'), row('a'), row('x'.repeat(100_000))], 1_000);
  await setAside(store, [row('b')], 2_000);

  const kept = await listSetAside(store, 10);
  assert.deepEqual(kept.map(({ times, size_bytes, body }) => [times, size_bytes, body.byteLength].join()).sort(), [
    '1,1,1',
    '1,100000,65536',
    '2,1,1',
  ]);

  assert.equal(await pruneQuarantine(store, { batch: 0, row: 1 }), 2);
  assert.deepEqual(
    (await listSetAside(store, 10)).map(({ body }) => Buffer.from(body).toString()),
    ['b'],
  );
});

async function enrolled(nowMs: number): Promise<string> {
  const { token } = await createEnrolmentToken(store, { lifeMs: 1_000, uses: 1, nowMs });
  return (
    (await enrolEndpoint(store, { token, facts, publicKey: randomBytes(32).toString('base64') }, nowMs))?.endpointId ??
    assert.fail('not enrolled')
  );
}
