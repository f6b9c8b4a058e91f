import { generateKeyPairSync, type KeyObject, randomUUID, sign } from 'node:crypto';
import { actionMessage, bundleMessage } from '@sentinel/policy';
import type { AgentAction, PolicyBundle, SignedAction } from '@sentinel/protocol';

/** Somebody who signs bundles and actions. */
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

/** A signed bundle without policies, with whatever a test wants otherwise. */
export function signedBundle({ key, secret }: TestOperator, over: Partial<PolicyBundle> = {}): SignedAction {
  const bundle: PolicyBundle = {
    format: 1,
    organisation: 'contoso',
    version: 1,
    issuedAt: new Date().toISOString(),
    notAfter: new Date(Date.now() + 3_600_000).toISOString(),
    groups: ['*'],
    isObserveOnly: false,
    policies: [],
    waivers: [],
    ...over,
  };
  const payload = Buffer.from(JSON.stringify(bundle));
  const signature = sign(null, bundleMessage(payload), secret).toString('base64');
  return { payload: payload.toString('base64'), signatures: [{ key, signature }] };
}

/** A signed action, with whatever a test wants otherwise. */
export function signedAction(
  { key, secret }: TestOperator,
  over: Partial<AgentAction> = {},
): { action: AgentAction; signed: SignedAction } {
  const action: AgentAction = {
    format: 1,
    id: randomUUID(),
    organisation: 'contoso',
    issuedAt: new Date().toISOString(),
    notAfter: new Date(Date.now() + 3_600_000).toISOString(),
    target: { endpoints: [], groups: ['*'] },
    order: { kind: 'rescan' },
    reason: 'a test',
    ...over,
  };
  const payload = Buffer.from(JSON.stringify(action));
  const signature = sign(null, actionMessage(payload), secret).toString('base64');
  return { action, signed: { payload: payload.toString('base64'), signatures: [{ key, signature }] } };
}
