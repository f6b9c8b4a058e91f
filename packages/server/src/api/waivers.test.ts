import assert from 'node:assert/strict';
import { after, before, describe, it } from 'node:test';
import { effectivePolicies, makeEvaluator } from '@sentinel/policy';
import { SentinelError } from '@sentinel/protocol';
import { lookAfterWaivers } from '../jobs/waiver-ends.ts';
import { DAY_MS } from '../store/store-time.ts';
import { makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { signInAs, type TestPerson } from '../testing/sign-in-as.ts';
import { startTestServer, type TestServer } from '../testing/test-server.ts';

const SOURCE = `id: data
version: 1
title: Data
mode: monitor
statements:
  - { id: read, activity: file.open, effect: block, when: 'file.path.startsWith("/data/")', explain: x, waiver: { by: [user.name], max_days: 60 } }
  - { id: hard, activity: file.open, effect: block, floor: true, when: 'file.path == "/etc/shadow"', explain: x }
`;

let server: TestServer;
let asker: TestPerson;
let approver: TestPerson;
let author: TestPerson;

before(async () => {
  server = await startTestServer();
  author = await signInAs(server, 'ada', 'policy-author');
  approver = await signInAs(server, 'bob', 'approver');
  asker = await signInAs(server, 'una', 'user');
  await author.client.savePolicy({ body: { source: SOURCE, reason: 'first' } });
  await server.server.services.control.updateTable('policy_version').set({ stage: 'enforced', percent: 100 }).execute();
});
after(() => server.close());

const body = {
  policyId: 'data',
  statementId: 'read',
  bound: { 'user.name': ['ann'] },
  owner: 'ann',
  reason: 'month end',
};

describe('a waiver', () => {
  it('is refused beyond what the author allows: other facts, floors, too long, unknown keys', async () => {
    const wrong: [Record<string, unknown>, RegExp][] = [
      [{ bound: { 'endpoint.id': ['x'] } }, /allows waivers by user.name, not by endpoint.id/],
      [{ statementId: 'hard' }, /hard is a floor/],
      [{ days: 61 }, /at most 60 for read/],
      [{ days: 366 }, /days/],
      [{ statementId: 'none' }, /no statement none/],
      [{ forEver: true }, /forEver/],
    ];
    for (const [over, expected] of wrong)
      await assert.rejects(asker.client.requestWaiver({ body: { ...body, ...over } }), expected);
  });

  it('takes a second person, goes into the bundle until its end, and is counted, warned of and ended', async () => {
    const asked = await asker.client.requestWaiver({ body: { ...body, days: 20 } });
    const params = { waiverId: asked.id };
    assert.deepEqual([asked.state, asked.until], ['asked', undefined]);
    assert.deepEqual((await draft()).waivers, []);
    const decide = (by: TestPerson) =>
      by.client.decideWaiver({ params, body: { isGranted: true, reason: 'agreed for the month end' } });
    await assert.rejects(decide(asker), (error) => codeOf(error) === 'not-allowed');

    const granted = await decide(approver);

    assert.deepEqual([granted.state, granted.decidedBy, granted.endsInDays], ['active', 'bob', 20]);
    const bundle = await draft();
    const effectFor = (userName: string) =>
      makeEvaluator(effectivePolicies(bundle, Date.now())).evaluate('file.open', {
        'file.path': '/data/a',
        'user.name': userName,
      }).effect;
    assert.deepEqual([effectFor('ann'), effectFor('bo')], ['allow', 'block']);

    await sendOpens();
    const { services } = server.server;
    const untilMs = Date.parse(granted.until ?? '');
    for (const days of [14, 13, 3, 2, 1, 0.5]) await lookAfterWaivers(services, untilMs - days * DAY_MS);
    const warned = await records('waiver.warn');
    assert.deepEqual(
      warned.map(({ after }) => [after.daysLeft, after.owner]),
      [
        [14, 'ann'],
        [3, 'ann'],
        [1, 'ann'],
      ],
    );
    await lookAfterWaivers(services, untilMs);
    const { items } = await approver.client.listWaivers({ query: { policyId: 'data' } });
    assert.deepEqual(
      items.map(({ state, uses }) => [state, uses]),
      [['expired', 2]],
    );
    assert.equal((await records('waiver.expire')).length, 1);
    assert.deepEqual((await draft()).waivers, []);
  });

  it('cannot be granted by its owner, and can be revoked', async () => {
    const asked = await asker.client.requestWaiver({ body: { ...body, owner: 'Bob' } });
    const params = { waiverId: asked.id };
    const decision = { isGranted: true, reason: 'mine' };
    await assert.rejects(
      approver.client.decideWaiver({ params, body: decision }),
      (error) => codeOf(error) === 'not-allowed',
    );
    const other = await signInAs(server, 'cy', 'approver');
    await other.client.decideWaiver({ params, body: decision });

    const revoked = await author.client.revokeWaiver({ params, body: { reason: 'not needed any more' } });

    assert.equal(revoked.state, 'revoked');
    await assert.rejects(author.client.revokeWaiver({ params, body: { reason: 'again' } }), /It is revoked/);
    const mine = await asker.client.listWaivers({ query: { q: 'month' } });
    assert.equal(mine.total, 2);
    const stranger = await signInAs(server, 'dan', 'user');
    assert.equal((await stranger.client.listWaivers({})).total, 0, 'a user sees their own only');
  });
});

describe('break-glass', () => {
  it('takes two people, at most four hours, and makes the next bundle observe only', async () => {
    const analyst = await signInAs(server, 'amy', 'analyst');
    const owner = await signInAs(server, 'olga', 'owner');
    await assert.rejects(analyst.client.askBreakGlass({ body: { reason: 'outage', minutes: 241 } }), /minutes/);
    await owner.client.askBreakGlass({ body: { reason: 'payroll stands still', minutes: 30 } });
    await assert.rejects(analyst.client.askBreakGlass({ body: { reason: 'outage' } }), /olga asked for it already/);
    await assert.rejects(
      owner.client.confirmBreakGlass({ body: { reason: 'mine' } }),
      (error) => codeOf(error) === 'not-allowed',
    );

    const turned = await approver.client.confirmBreakGlass({ body: { reason: 'seen the outage' } });

    assert.deepEqual([turned.state, turned.askedBy, turned.confirmedBy], ['active', 'olga', 'bob']);
    const bundle = await draft();
    assert.deepEqual([bundle.isObserveOnly, bundle.observeOnlyUntil], [true, turned.until]);
    assert.equal((await asker.client.getBreakGlass()).current?.state, 'active');
    await analyst.client.endBreakGlass();
    assert.deepEqual(await asker.client.getBreakGlass(), {});
    assert.equal((await draft()).isObserveOnly, false);
  });
});

async function draft() {
  return (await author.client.getBundleDraft({ query: { organisation: 'contoso' } })).bundle;
}

async function records(action: string): Promise<{ after: { daysLeft?: number; owner?: string } }[]> {
  const rows = await server.server.services.control
    .selectFrom('audit_record')
    .select('content')
    .where('action', '=', action)
    .orderBy('number')
    .execute();
  return rows.map(({ content }) => JSON.parse(content) as { after: { daysLeft?: number; owner?: string } });
}

/** Two opens by ann and one by another that a policy would hold back. */
async function sendOpens(): Promise<void> {
  const agent = await server.enrol();
  const nowMs = Date.now();
  const at = (ms: number) => new Date(nowMs + ms).toISOString();
  const times = { firstSeen: at(50), lastSeen: at(60) };
  const ann = makeRun();
  const bo = makeRun({ user: { name: 'bo', id: 1001 } });
  await agent.client.sendBatch({
    body: makeBatch({
      runs: [ann, bo],
      activities: [makeActivity(ann.id, 1, times), makeActivity(ann.id, 2, times), makeActivity(bo.id, 1, times)],
    }),
  });
}

function codeOf(error: unknown): string {
  return error instanceof SentinelError ? error.code : String(error);
}
