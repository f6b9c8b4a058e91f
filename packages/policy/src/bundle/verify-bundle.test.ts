import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import type { PolicyBundle } from '@sentinel/protocol';
import { makeEvaluator } from '../evaluate.ts';
import { readPolicy } from '../read-policy.ts';
import { effectivePolicies, nextChangeMs } from './effective-policies.ts';
import { type BundleTrust, bundleMessage, verifyBundle } from './verify-bundle.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 12);

interface Operator {
  readonly key: string;
  readonly secret: KeyObject;
}

function operator(): Operator {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return { key: raw.toString('base64'), secret: privateKey };
}

const [ada, bob, eve] = [operator(), operator(), operator()];
const trust: BundleTrust = { organisation: 'contoso', keys: [ada.key, bob.key], threshold: 2, groups: ['finance'] };

function bundle(over: Partial<PolicyBundle> = {}): PolicyBundle {
  const { compiled } = readPolicy(
    'id: p\nversion: 1\ntitle: P\nmode: enforce\nstatements:\n' +
      '  - {id: soft, activity: file.open, effect: block, when: \'file.path == "/a"\', explain: no}\n' +
      '  - {id: hard, activity: file.open, effect: block, when: \'file.path == "/b"\', explain: no, floor: true}\n',
  );
  assert.ok(compiled);
  return {
    format: 1,
    organisation: 'contoso',
    version: 7,
    issuedAt: '2026-11-20T08:00:00.000Z',
    notAfter: '2026-12-20T08:00:00.000Z',
    groups: ['*'],
    isObserveOnly: false,
    policies: [compiled],
    waivers: [],
    ...over,
  };
}

function signed(content: unknown, signers: readonly Operator[] = [ada, bob]): string {
  const bytes = Buffer.from(JSON.stringify(content));
  return JSON.stringify({
    payload: bytes.toString('base64'),
    signatures: signers.map(({ key, secret }) => ({
      key,
      signature: sign(null, bundleMessage(bytes), secret).toString('base64'),
    })),
  });
}

const waiver = (statementId: string, until = '2026-12-01T00:00:00.000Z') => ({
  id: 'w1',
  policyId: 'p',
  statementId,
  when: [[{ fact: 'user.name', operator: 'in' as const, texts: ['ann'] }]],
  owner: 'ann',
  reason: 'closing of the year',
  until,
});

describe('a policy bundle', () => {
  it('is taken when enough operators signed it', async () => {
    const text = signed(bundle());
    const { bundle: found } = await verifyBundle(text, trust, NOW_MS);
    assert.deepEqual(found, bundle());
    const payload = (JSON.parse(text) as { payload: string }).payload;
    const again = await verifyBundle(text, { ...trust, current: { version: 7, payload } }, NOW_MS);
    assert.deepEqual(again.bundle, bundle());
  });

  it('is refused in every other case, whatever the server says', async () => {
    const good = JSON.parse(signed(bundle())) as { payload: string; signatures: { key: string; signature: string }[] };
    const changed = Buffer.from(JSON.stringify(bundle({ policies: [] }))).toString('base64');
    const flipped = good.signatures.map((one) => ({ ...one, signature: `A${one.signature.slice(1)}` }));
    const cases: [string, string, Partial<BundleTrust>?][] = [
      ['too-large', 'x'.repeat(9 * 1024 * 1024)],
      ['unreadable', 'not json'],
      ['unreadable', JSON.stringify({ ...good, payload: '***' })],
      ['unreadable', JSON.stringify({ ...good, more: 1 })],
      ['unsigned', JSON.stringify({ ...good, signatures: [] })],
      ['unknown-key', signed(bundle(), [eve])],
      ['bad-signature', JSON.stringify({ ...good, payload: changed })],
      ['bad-signature', JSON.stringify({ ...good, signatures: flipped })],
      [
        'bad-signature',
        JSON.stringify({ ...good, signatures: [{ key: ada.key, signature: good.signatures[1]?.signature }] }),
      ],
      ['below-threshold', signed(bundle(), [ada])],
      ['below-threshold', signed(bundle(), [ada, ada])],
      ['below-threshold', signed(bundle(), [ada, eve])],
      ['newer-format', signed({ ...bundle(), format: 2 })],
      ['malformed', signed({ ...bundle(), policies: 'all' })],
      ['malformed', signed({ ...bundle(), shell: 'rm' })],
      ['other-organisation', signed(bundle({ organisation: 'fabrikam' }))],
      ['other-group', signed(bundle({ groups: ['engineering'] }))],
      ['from-the-future', signed(bundle({ issuedAt: '2026-12-01T00:00:00.000Z' }))],
      ['expired', signed(bundle({ notAfter: '2026-11-20T11:59:59.000Z' }))],
      ['downgrade', signed(bundle({ version: 6 })), { current: { version: 7, payload: good.payload } }],
      [
        'other-content-same-version',
        signed(bundle({ groups: ['finance'] })),
        { current: { version: 7, payload: good.payload } },
      ],
      ['policy-twice', signed(bundle({ policies: [...bundle().policies, ...bundle().policies] }))],
      ['waiver-on-floor', signed(bundle({ waivers: [waiver('hard')] }))],
      ['no-trust', signed(bundle()), { keys: [] }],
      ['no-trust', signed(bundle()), { threshold: 0 }],
    ];
    const seen = new Set<string>();
    for (const [expected, text, more] of cases) {
      const verdict = await verifyBundle(text, { ...trust, ...more }, NOW_MS);
      assert.equal(verdict.refusal, expected, text.slice(0, 200));
      assert.equal(verdict.bundle, undefined);
      seen.add(expected);
    }
    assert.ok(seen.size >= 12);
  });

  it('holds waivers until their end, never on a floor, and break-glass turns enforcing off', () => {
    const facts = { 'file.path': '/a', 'user.name': 'ann' };
    const effectOf = (content: PolicyBundle, given: Record<string, string>, nowMs = NOW_MS) =>
      makeEvaluator(effectivePolicies(content, nowMs)).evaluate('file.open', given).enforced;
    const waived = bundle({ waivers: [waiver('soft'), waiver('hard')] });
    assert.equal(effectOf(bundle(), facts), 'block');
    assert.equal(effectOf(waived, facts), 'allow');
    assert.equal(effectOf(waived, { ...facts, 'user.name': 'bo' }), 'block');
    assert.equal(effectOf(waived, facts, Date.UTC(2026, 11, 1)), 'block');
    assert.equal(effectOf(waived, { ...facts, 'file.path': '/b' }), 'block');
    const other = { ...facts, 'file.path': '/b' };
    const glass = { isObserveOnly: true, issuedAt: '2026-11-20T11:00:00.000Z' };
    assert.equal(effectOf(bundle(glass), other), 'allow');
    assert.equal(effectOf(bundle(glass), other, Date.UTC(2026, 10, 20, 15, 0)), 'block', 'at most four hours');
    assert.equal(effectOf(bundle({ ...glass, observeOnlyUntil: '2026-11-20T11:59:00.000Z' }), other), 'block');
    assert.equal(
      nextChangeMs(bundle({ ...glass, waivers: [waiver('soft')] }), NOW_MS),
      Date.parse('2026-11-20T15:00:00.000Z'),
    );
    assert.equal(nextChangeMs(bundle(), NOW_MS), undefined);
  });
});
