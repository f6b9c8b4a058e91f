import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { actionMessage, bundleMessage, readPolicy } from '@sentinel/policy';
import type { AgentAction, PolicyBundle, SignedPolicyBundle } from '@sentinel/protocol';

/** Somebody who may sign, or not. */
export interface TestOperator {
  /** 32 bytes in base64. */
  readonly key: string;
  readonly secret: KeyObject;
}

/** A new one. */
export function makeOperator(): TestOperator {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  const raw = publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
  return { key: raw.toString('base64'), secret: privateKey };
}

/** A bundle for contoso's finance with one policy, with whatever a test wants otherwise. */
export function makeBundle(over: Partial<PolicyBundle> = {}): PolicyBundle {
  const { compiled } = readPolicy(
    'id: p\nversion: 1\ntitle: P\nmode: enforce\nstatements:\n' +
      '  - {id: s, activity: file.open, effect: block, when: \'file.path == "/a"\', explain: no}\n',
  );
  if (compiled === undefined) throw new Error('the policy of the test does not compile');
  return {
    format: 1,
    organisation: 'contoso',
    version: 7,
    issuedAt: new Date(Date.now() - 1000).toISOString(),
    notAfter: new Date(Date.now() + 3_600_000).toISOString(),
    groups: ['finance'],
    isObserveOnly: false,
    policies: [compiled],
    waivers: [],
    ...over,
  };
}

/** An action for contoso's finance, with whatever a test wants otherwise. */
export function makeAction(over: Partial<AgentAction> = {}): AgentAction {
  return {
    format: 1,
    id: randomUUID(),
    organisation: 'contoso',
    issuedAt: new Date(Date.now() - 1000).toISOString(),
    notAfter: new Date(Date.now() + 3_600_000).toISOString(),
    target: { endpoints: [], groups: ['finance'] },
    order: { kind: 'rescan' },
    reason: 'a test',
    ...over,
  };
}

/** Signs content as a bundle. */
export function signBundle(content: unknown, signers: readonly TestOperator[]): SignedPolicyBundle {
  return signAs(bundleMessage, content, signers);
}

/** Signs content as an action. */
export function signAction(content: unknown, signers: readonly TestOperator[]): SignedPolicyBundle {
  return signAs(actionMessage, content, signers);
}

function signAs(
  messageOf: (payload: Uint8Array) => Uint8Array,
  content: unknown,
  signers: readonly TestOperator[],
): SignedPolicyBundle {
  const bytes = Buffer.from(JSON.stringify(content));
  return {
    payload: bytes.toString('base64'),
    signatures: signers.map(({ key, secret }) => ({
      key,
      signature: sign(null, messageOf(bytes), secret).toString('base64'),
    })),
  };
}
