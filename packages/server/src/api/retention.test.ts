import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { after, before, describe, test } from 'node:test';
import type { Client } from '@sentinel/client';
import { SentinelError } from '@sentinel/protocol';
import { canonicalJson } from '../audit/canonical-json.ts';
import { RETENTION_CLASSES } from '../retention/retention-classes.ts';
import { DAY_MS } from '../store/store-time.ts';
import { ago, makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { startTestServer, type TestAgent, type TestServer } from '../testing/test-server.ts';

let server: TestServer;
let agent: TestAgent;
let person: Client;

/** What is stored: three days of three accounts, one run each, with two activities. */
const DAYS_AGO = [1, 100, 200];
const USERS = ['ann', 'bob', 'cem'];
const dayOf = (daysAgo: number) => new Date(Date.now() - daysAgo * DAY_MS).toISOString().slice(0, 10);

before(async () => {
  server = await startTestServer();
  agent = await server.enrol();
  person = (await server.signIn()).client;
  const runs = DAYS_AGO.flatMap((days) =>
    USERS.map((name) => makeRun({ startedAt: ago(days * DAY_MS), user: { name, id: 1 } })),
  );
  const activities = runs.flatMap((run) =>
    [1, 2].map((id) => makeActivity(run.id, id, { firstSeen: run.startedAt, lastSeen: run.startedAt })),
  );
  await agent.client.sendBatch({ body: makeBatch({ runs, activities }) });
});
after(() => server.close());

async function storedActivities(): Promise<{ day: string; user: string; rows: number }[]> {
  return server.server.services.events.query(
    `SELECT toString(toDate(first_seen)) AS day, user_name AS user, count() AS rows
     FROM activity FINAL GROUP BY day, user ORDER BY day, user`,
  );
}

describe('retention', () => {
  test('says how long every class is kept, and that nobody has changed it', async () => {
    const { rules } = await person.getRetention();
    assert.deepEqual(
      rules.map(({ class: name, keepDays, isDefault }) => [name, keepDays, isDefault]),
      Object.entries(RETENTION_CLASSES).map(([name, { defaultDays }]) => [name, defaultDays, true]),
    );
  });

  test('previews, disposes of what no hold keeps, and proves it in a chain of hashes', async () => {
    const hold = await person.createLegalHold({ body: { name: 'Case 7', reason: 'a claim', userName: 'bob' } });
    const preview = await person.previewDisposal({ params: { class: 'activities' }, query: {} });
    assert.deepEqual(preview.days, [
      { day: dayOf(200), rows: 4, held: 2 },
      { day: dayOf(100), rows: 4, held: 2 },
    ]);
    assert.deepEqual([preview.rows, preview.held], [8, 4]);

    const first = (await person.disposeNow({ params: { class: 'activities' }, body: { reason: 'due' } })).disposal;
    assert.deepEqual(first?.days, preview.days);
    assert.deepEqual(await storedActivities(), [
      { day: dayOf(200), user: 'bob', rows: 2 },
      { day: dayOf(100), user: 'bob', rows: 2 },
      ...USERS.map((user) => ({ day: dayOf(1), user, rows: 2 })),
    ]);

    assert.deepEqual(await person.disposeNow({ params: { class: 'activities' }, body: { reason: 'again' } }), {});
    await person.releaseLegalHold({ params: { holdId: hold.id }, body: { reason: 'settled' } });
    const second = (await person.disposeNow({ params: { class: 'activities' }, body: { reason: 'due' } })).disposal;
    assert.deepEqual([second?.removed, second?.held, second?.previous], [4, 0, first?.hash]);
    assert.deepEqual(
      await storedActivities(),
      USERS.map((user) => ({ day: dayOf(1), user, rows: 2 })),
    );

    const proofs = await server.server.services.control.selectFrom('disposal').selectAll().execute();
    for (const { hash, ...content } of proofs)
      assert.equal(createHash('sha256').update(canonicalJson(content)).digest('hex'), hash);
    assert.deepEqual(
      (await person.listDisposals()).items.map(({ hash }) => hash),
      [second?.hash, first?.hash],
    );
  });

  test('keeps what a hold names by endpoint, script and time', async () => {
    const holds = [
      { endpointId: agent.endpointId, scriptId: 'a'.repeat(32) },
      { from: ago(210 * DAY_MS), to: ago(190 * DAY_MS) },
    ];
    const rows = [];
    for (const hold of holds) {
      const { id } = await person.createLegalHold({ body: { name: 'one', reason: 'why', ...hold } });
      const { days } = await person.previewDisposal({ params: { class: 'runs' }, query: { keepDays: 50 } });
      rows.push(days.map((day) => [day.rows, day.held]));
      await person.releaseLegalHold({ params: { holdId: id }, body: { reason: 'done' } });
    }
    assert.deepEqual(rows, [
      [
        [0, 3],
        [0, 3],
      ],
      [
        [0, 3],
        [3, 0],
      ],
    ]);
  });

  test('changes with a reason that the audit trail keeps, and never below the shortest time', async () => {
    const rule = await person.setRetention({
      params: { class: 'runs' },
      body: { keepDays: 150, reason: 'works council' },
    });
    assert.deepEqual([rule.keepDays, rule.isDefault, rule.changedBy], [150, false, 'owner']);
    const { disposal } = await person.disposeNow({ params: { class: 'runs' }, body: { reason: 'due' } });
    assert.deepEqual(
      disposal?.days.map(({ day, rows }) => [day, rows]),
      [[dayOf(200), 3]],
    );
    await assert.rejects(
      person.setRetention({ params: { class: 'audit' }, body: { keepDays: 30, reason: 'no' } }),
      (error) => error instanceof SentinelError && error.code === 'bad-request',
    );
    const records = await server.server.services.control
      .selectFrom('audit_record')
      .select(['action', 'object_id'])
      .where('action', '=', 'retention.set')
      .execute();
    assert.deepEqual(records, [{ action: 'retention.set', object_id: 'runs' }]);
  });

  test('of the audit trail takes its beginning only, and names where the chain goes on', async () => {
    const { control } = server.server.services;
    const all = await control.selectFrom('audit_record').selectAll().orderBy('number').execute();
    const old = all.slice(0, 3).map(({ number }) => number);
    await control
      .updateTable('audit_record')
      .set({ at: Date.now() - 500 * DAY_MS })
      .where('number', 'in', old)
      .execute();
    await person.setRetention({ params: { class: 'audit' }, body: { keepDays: 400, reason: 'enough' } });

    const { disposal } = await person.disposeNow({ params: { class: 'audit' }, body: { reason: 'due' } });

    assert.equal(disposal?.removed, 3);
    const [first] = await control.selectFrom('audit_record').selectAll().orderBy('number').limit(1).execute();
    assert.equal(first?.number, 4);
    assert.match(first?.content ?? '', new RegExp(`"previous":"${all[2]?.hash}"`));
    const proof = await control.selectFrom('disposal').select('days').where('class', '=', 'audit').executeTakeFirst();
    assert.deepEqual((JSON.parse(proof?.days ?? '{}') as { notes: string[] }).notes, [
      `audit record 3 ${all[2]?.hash}`,
    ]);
  });

  test('knows every table of the event store that holds what somebody did', async () => {
    const tables = await server.server.services.events.query<{ name: string }>(
      `SELECT name FROM system.tables
       WHERE database = currentDatabase() AND engine LIKE '%MergeTree' ORDER BY name`,
    );
    // Times of scripts and the migrations name no person; sums of days and places go with the rows they are made of.
    assert.deepEqual(
      tables.map(({ name }) => name),
      ['activity', 'rollup_day', 'run', 'schema_version', 'script_day', 'script_place', 'script_seen', 'touch_day'],
    );
  });
});
