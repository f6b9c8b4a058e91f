import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import type { AgentAction, SignedPolicyBundle } from '@sentinel/protocol';
import { pino } from 'pino';
import { Guard } from '../guard.ts';
import { makeBundle, makeOperator, signAction, signBundle } from '../testing/operators.ts';
import { PolicyKeeper } from './policy-keeper.ts';

const [ada, bob, eve] = [makeOperator(), makeOperator(), makeOperator()];
const ENDPOINT = '01900000-0000-7000-8000-000000000001';
const log = pino({ level: 'silent' });

describe('the keeper of policies', () => {
  let folder: string;
  let guard: Guard;
  let keeper: PolicyKeeper;
  let orders: AgentAction[];

  const open = async () => {
    guard = new Guard();
    const made = new PolicyKeeper({
      bundlePath: join(folder, 'policy.bundle'),
      statePath: join(folder, 'policy-state.json'),
      textPath: join(folder, 'policy'),
      quarantinePath: join(folder, 'quarantine'),
      orders: () => orders,
      trust: { organisation: 'contoso', keys: [ada.key, bob.key], threshold: 2, groups: ['finance'] },
      endpointId: () => ENDPOINT,
      guard,
      log,
    });
    await made.open();
    return made;
  };
  const text = () => readFileSync(join(folder, 'policy'), 'utf8');
  const modeOf = () => /^P\tp\t1\t(\w+)$/m.exec(text())?.[1];

  beforeEach(async () => {
    orders = [];
    folder = mkdtempSync(join(tmpdir(), 'sentinel-keeper-'));
    keeper = await open();
  });
  afterEach(() => {
    keeper.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('writes what holds for the probes, at first nothing, and keeps it over a restart', async () => {
    const facts = `R\tendpoint.groups\tstring[]\tfinance\nR\tendpoint.id\tstring\t${ENDPOINT}\nR\tendpoint.platform\tstring\tlinux\n`;
    assert.equal(text(), `V\t1\n${facts}`);
    assert.equal((await keeper.take(signBundle(makeBundle(), [ada, bob]))).refusal, undefined);
    assert.equal(modeOf(), 'enforce');
    assert.ok(text().endsWith(facts));
    assert.deepEqual(
      ['policy', 'policy.bundle'].map((name) => statSync(join(folder, name)).mode & 0o777),
      [0o644, 0o600],
    );
    keeper.stop();
    rmSync(join(folder, 'policy'));

    keeper = await open();

    assert.deepEqual([keeper.version, modeOf(), guard.counts.bundlesRefused], [7, 'enforce', 0]);
  });

  it('refuses every bundle that is not right, counts it, and goes on with the last good one', async () => {
    const good = signBundle(makeBundle(), [ada, bob]);
    await keeper.take(good);
    const before = [text(), readFileSync(join(folder, 'policy.bundle'), 'utf8')];
    const later = (over: Parameters<typeof makeBundle>[0]) =>
      signBundle(makeBundle({ version: 8, ...over }), [ada, bob]);
    const past = new Date(Date.now() - 1000).toISOString();
    const cases: [string, SignedPolicyBundle][] = [
      ['unsigned', { ...good, signatures: [] }],
      ['unknown-key', signBundle(makeBundle({ version: 8 }), [eve])],
      ['below-threshold', signBundle(makeBundle({ version: 8 }), [ada])],
      ['below-threshold', signBundle(makeBundle({ version: 8 }), [ada, ada])],
      ['bad-signature', { ...later({}), payload: good.payload }],
      ['bad-signature', signAction(makeBundle({ version: 8 }), [ada, bob])],
      ['unreadable', { ...good, payload: '***' }],
      ['newer-format', signBundle({ ...makeBundle({ version: 8 }), format: 2 }, [ada, bob])],
      ['malformed', signBundle({ ...makeBundle({ version: 8 }), shell: 'id' }, [ada, bob])],
      ['other-organisation', later({ organisation: 'fabrikam' })],
      ['other-group', later({ groups: ['engineering'] })],
      ['from-the-future', later({ issuedAt: '2199-01-01T00:00:00.000Z', notAfter: '2199-02-01T00:00:00.000Z' })],
      ['expired', later({ notAfter: past })],
      ['downgrade', signBundle(makeBundle({ version: 6 }), [ada, bob])],
      ['other-content-same-version', signBundle(makeBundle({ isObserveOnly: true }), [ada, bob])],
      ['too-large', { ...good, payload: 'A'.repeat(9 * 1024 * 1024) }],
    ];

    for (const [expected, signed] of cases) assert.equal((await keeper.take(signed)).refusal, expected);

    assert.ok(new Set(cases.map(([refusal]) => refusal)).size >= 12);
    assert.equal(keeper.version, 7);
    assert.deepEqual([text(), readFileSync(join(folder, 'policy.bundle'), 'utf8')], before);
    assert.equal(guard.counts.bundlesRefused, cases.length);
    assert.match(guard.counts.lastRefusal ?? '', /^bundle: too-large: /);
  });

  it('does not use a kept bundle that somebody changed on the disk', async () => {
    await keeper.take(signBundle(makeBundle(), [ada, bob]));
    keeper.stop();
    writeFileSync(join(folder, 'policy.bundle'), JSON.stringify(signBundle(makeBundle({ version: 9 }), [eve])));

    keeper = await open();

    assert.deepEqual([keeper.version, modeOf(), guard.counts.bundlesRefused], [undefined, undefined, 1]);
  });

  it('goes on with a bundle that is past its date and says so', async () => {
    const soon = new Date(Date.now() + 60).toISOString();
    await keeper.take(signBundle(makeBundle({ notAfter: soon }), [ada, bob]));
    await new Promise((resolve) => setTimeout(resolve, 100));
    assert.deepEqual([keeper.isStale, modeOf()], [true, 'enforce']);
    keeper.stop();

    keeper = await open();

    assert.deepEqual([keeper.version, keeper.isStale, modeOf()], [7, true, 'enforce']);
  });

  it('turns enforcing off for break-glass, and by an action until its time is over', async () => {
    await keeper.take(signBundle(makeBundle({ isObserveOnly: true }), [ada, bob]));
    assert.equal(modeOf(), 'monitor');
    await keeper.take(signBundle(makeBundle({ version: 8 }), [ada, bob]));
    assert.equal(modeOf(), 'enforce');

    await keeper.setMode('monitor', new Date(Date.now() + 150).toISOString(), Date.now());

    assert.deepEqual([keeper.mode, modeOf()], ['monitor', 'monitor']);
    const end = Date.now() + 60_000;
    while (modeOf() !== 'enforce' && Date.now() < end) await new Promise((resolve) => setTimeout(resolve, 20));
    assert.deepEqual([keeper.mode, modeOf()], ['enforce', 'enforce']);
    assert.deepEqual(
      readdirSync(folder).sort(),
      ['policy', 'policy-state.json', 'policy.bundle'],
      'nothing half-written stays',
    );
  });
});
