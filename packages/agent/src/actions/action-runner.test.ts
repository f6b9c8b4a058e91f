import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { ACTION_KINDS, type ActionResult } from '@sentinel/protocol';
import { pino } from 'pino';
import { Guard } from '../guard.ts';
import { makeAction, makeOperator, signAction, signBundle } from '../testing/operators.ts';
import { type ActionHandlers, ActionRunner } from './action-runner.ts';
import { DoneActions } from './done-actions.ts';

const [ada, bob, eve] = [makeOperator(), makeOperator(), makeOperator()];
const ENDPOINT = '01900000-0000-7000-8000-000000000001';
const OTHER = '01900000-0000-7000-8000-000000000002';
const log = pino({ level: 'silent' });

describe('the runner of actions', () => {
  let folder: string;
  let guard: Guard;
  let ran: string[];
  let reports: [string, ActionResult][];
  let isServerThere: boolean;
  let runner: ActionRunner;

  const open = () => {
    guard = new Guard();
    ran = [];
    const handlers = Object.fromEntries(
      ACTION_KINDS.map((kind) => [
        kind,
        async () => {
          ran.push(kind);
          if (kind === 'flush') throw new Error('3 batches are still spooled');
          return 'done';
        },
      ]),
    ) as unknown as ActionHandlers;
    return new ActionRunner({
      trust: { organisation: 'contoso', keys: [ada.key, bob.key], threshold: 2, groups: ['finance'] },
      endpointId: () => ENDPOINT,
      modeIssuedAtMs: () => Date.now() - 5000,
      done: DoneActions.open(join(folder, 'actions.json')),
      handlers,
      guard,
      report: async (id, result) => {
        if (isServerThere) reports.push([id, result]);
        return isServerThere;
      },
      log,
    });
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-runner-'));
    reports = [];
    isServerThere = true;
    runner = open();
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('does what operators signed, once, and says what came of it', async () => {
    const good = makeAction();
    const bad = makeAction({ order: { kind: 'flush' } });

    assert.equal(await runner.take(signAction(good, [ada, bob])), undefined);
    assert.equal(await runner.take(signAction(bad, [ada, bob])), undefined);
    assert.equal(await runner.take(signAction(good, [ada, bob])), 'replayed');

    assert.deepEqual(ran, ['rescan', 'flush']);
    assert.deepEqual(reports, [
      [good.id, { state: 'done', detail: 'done' }],
      [bad.id, { state: 'failed', detail: '3 batches are still spooled' }],
    ]);
  });

  it('does nothing twice over a restart, and tells what the server has not heard', async () => {
    const action = makeAction();
    isServerThere = false;
    await runner.take(signAction(action, [ada, bob]));

    runner = open();
    isServerThere = true;
    assert.equal(await runner.take(signAction(action, [ada, bob])), 'replayed');

    assert.deepEqual(ran, []);
    assert.deepEqual(reports, [[action.id, { state: 'done', detail: 'done' }]]);
    assert.equal(guard.counts.actionsRefused, 0, 'a server that did not hear is no attacker');
    await runner.reportRest();
    assert.equal(reports.length, 1);
  });

  it('says of an action that a crash cut off that it failed, and does not begin it again', async () => {
    const action = makeAction();
    await DoneActions.open(join(folder, 'actions.json')).begin(action.id, Date.parse(action.notAfter));

    runner = open();
    await runner.reportRest();

    assert.deepEqual(reports, [[action.id, { state: 'failed', detail: 'the agent ended while it did it' }]]);
    assert.equal(await runner.take(signAction(action, [ada, bob])), 'replayed');
    assert.deepEqual(ran, []);
  });

  it('refuses every action that is not right, counts it, and does nothing', async () => {
    const good = signAction(makeAction(), [ada, bob]);
    const of = (over: Parameters<typeof makeAction>[0]) => signAction(makeAction(over), [ada, bob]);
    const raw = (over: object) => signAction({ ...makeAction(), ...over }, [ada, bob]);
    const old = new Date(Date.now() - 60_000).toISOString();
    const cases: [string, unknown][] = [
      ['unsigned', { ...good, signatures: [] }],
      ['unknown-key', signAction(makeAction(), [eve])],
      ['below-threshold', signAction(makeAction(), [bob])],
      ['bad-signature', { ...of({}), payload: good.payload }],
      ['bad-signature', signBundle(makeAction(), [ada, bob])],
      ['unreadable', 'rescan'],
      ['unreadable', undefined],
      ['newer-format', raw({ format: 2 })],
      ['unknown-kind', raw({ order: { kind: 'run-shell', command: 'id' } })],
      ['malformed', raw({ order: { kind: 'rescan', command: 'id' } })],
      ['other-organisation', of({ organisation: 'fabrikam' })],
      ['other-endpoint', of({ target: { endpoints: [OTHER], groups: [] } })],
      ['other-endpoint', of({ target: { endpoints: [], groups: ['engineering'] } })],
      ['from-the-future', of({ issuedAt: '2199-01-01T00:00:00.000Z', notAfter: '2199-01-02T00:00:00.000Z' })],
      ['lives-too-long', of({ notAfter: '2199-01-01T00:00:00.000Z' })],
      ['expired', of({ notAfter: old })],
      ['superseded', of({ issuedAt: old, order: { kind: 'set-mode', mode: 'monitor' } })],
    ];

    for (const [expected, signed] of cases) assert.equal(await runner.take(signed), expected);

    assert.ok(new Set(cases.map(([refusal]) => refusal)).size >= 12);
    assert.deepEqual(ran, []);
    assert.equal(guard.counts.actionsRefused, cases.length);
    assert.ok(reports.every(([, { state }]) => state === 'refused'));
  });
});
