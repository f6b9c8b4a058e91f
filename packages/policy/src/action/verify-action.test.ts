import assert from 'node:assert/strict';
import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import type { AgentAction } from '@sentinel/protocol';
import { bundleMessage } from '../bundle/verify-bundle.ts';
import { type ActionTrust, actionMessage, verifyAction } from './verify-action.ts';

const NOW_MS = Date.UTC(2026, 10, 20, 12);
const ENDPOINT = randomUUID();

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
const done = new Set<string>();
const trust: ActionTrust = {
  organisation: 'contoso',
  keys: [ada.key, bob.key],
  threshold: 2,
  endpointId: ENDPOINT,
  groups: ['finance'],
  done,
};

function action(over: Partial<AgentAction> = {}): AgentAction {
  return {
    format: 1,
    id: randomUUID(),
    organisation: 'contoso',
    issuedAt: '2026-11-20T11:00:00.000Z',
    notAfter: '2026-11-20T13:00:00.000Z',
    target: { endpoints: [ENDPOINT], groups: [] },
    order: { kind: 'rescan' },
    reason: 'a test',
    ...over,
  };
}

function signed(content: unknown, signers: readonly Operator[] = [ada, bob], message = actionMessage) {
  const bytes = Buffer.from(JSON.stringify(content));
  return {
    payload: bytes.toString('base64'),
    signatures: signers.map(({ key, secret }) => ({
      key,
      signature: sign(null, message(bytes), secret).toString('base64'),
    })),
  };
}

describe('an action', () => {
  it('is taken when enough operators signed it for this endpoint, or one of its groups', async () => {
    for (const target of [
      { endpoints: [ENDPOINT], groups: [] },
      { endpoints: [], groups: ['finance'] },
      { endpoints: [], groups: ['*'] },
    ]) {
      const content = action({ target });
      assert.deepEqual(await verifyAction(signed(content), trust, NOW_MS), { action: content });
    }
  });

  it('is refused in every other case, whatever the server says', async () => {
    const good = signed(action());
    const other = signed(action({ order: { kind: 'rotate-key' } }));
    const before = action();
    done.add(before.id);
    const mode = action({ order: { kind: 'set-mode', mode: 'monitor' } });
    const cases: [string, unknown, Partial<ActionTrust>?][] = [
      ['no-trust', good, { keys: [] }],
      ['no-trust', good, { threshold: 0 }],
      ['unreadable', 'rescan'],
      ['unreadable', { ...good, payload: '***' }],
      ['unreadable', { ...good, more: 1 }],
      ['unreadable', { payload: 'A'.repeat(200_000), signatures: good.signatures }],
      ['unsigned', { ...good, signatures: [] }],
      ['unknown-key', signed(action(), [eve])],
      ['bad-signature', { ...good, payload: other.payload }],
      ['bad-signature', { ...good, signatures: other.signatures }],
      // What was signed as a bundle of policies is no action.
      ['bad-signature', signed(action(), [ada, bob], bundleMessage)],
      ['below-threshold', signed(action(), [ada])],
      ['below-threshold', signed(action(), [ada, ada])],
      ['below-threshold', signed(action(), [bob, eve])],
      ['newer-format', signed({ ...action(), format: 2 })],
      ['unknown-kind', signed({ ...action(), order: { kind: 'run-shell', command: 'id' } })],
      ['malformed', signed({ ...action(), shell: 'id' })],
      ['malformed', signed({ ...action(), order: { kind: 'rescan', command: 'id' } })],
      ['malformed', signed({ ...action(), order: { kind: 'collect-script', sha256: '../../etc/shadow' } })],
      ['other-organisation', signed(action({ organisation: 'fabrikam' }))],
      ['other-endpoint', signed(action({ target: { endpoints: [randomUUID()], groups: [] } }))],
      ['other-endpoint', signed(action({ target: { endpoints: [], groups: ['engineering'] } }))],
      ['other-endpoint', signed(action({ target: { endpoints: [], groups: [] } }))],
      ['from-the-future', signed(action({ issuedAt: '2026-11-21T12:00:00.000Z' }))],
      ['lives-too-long', signed(action({ notAfter: '2027-11-20T13:00:00.000Z' }))],
      ['expired', signed(action({ notAfter: '2026-11-20T12:00:00.000Z' }))],
      ['replayed', signed(before)],
      ['superseded', signed(mode), { modeIssuedAtMs: Date.parse(mode.issuedAt) }],
    ];
    const seen = new Set<string>();
    for (const [expected, value, more] of cases) {
      const verdict = await verifyAction(value, { ...trust, ...more }, NOW_MS);
      assert.equal(verdict.refusal, expected, JSON.stringify(value).slice(0, 200));
      assert.equal(verdict.action, undefined);
      seen.add(expected);
    }
    assert.ok(seen.size >= 12);
  });
});
