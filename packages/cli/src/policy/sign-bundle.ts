import { createPublicKey, type KeyObject, sign } from 'node:crypto';
import { bundleMessage } from '@sentinel/policy';
import {
  type CompiledPolicy,
  POLICY_BUNDLE_FORMAT,
  type PolicyBundle,
  SignedPolicyBundle,
  type Waiver,
} from '@sentinel/protocol';

const DAY_MS = 86_400_000;

/** What goes into a bundle besides the policies. */
export interface BundleOptions {
  readonly organisation: string;
  readonly version: number;
  readonly groups: readonly string[];
  readonly days: number;
  readonly isObserveOnly: boolean;
  readonly waivers: readonly Waiver[];
}

/** A bundle of compiled policies, signed by one operator. */
export function signBundle(
  policies: readonly CompiledPolicy[],
  options: BundleOptions,
  key: KeyObject,
  nowMs: number,
): SignedPolicyBundle {
  const bundle: PolicyBundle = {
    format: POLICY_BUNDLE_FORMAT,
    organisation: options.organisation,
    version: options.version,
    issuedAt: new Date(nowMs).toISOString(),
    notAfter: new Date(nowMs + options.days * DAY_MS).toISOString(),
    groups: [...options.groups],
    isObserveOnly: options.isObserveOnly,
    policies: [...policies],
    waivers: [...options.waivers],
  };
  return cosignBundle({ payload: Buffer.from(JSON.stringify(bundle)).toString('base64'), signatures: [] }, key);
}

/** The same bundle with one more operator's signature; signing twice changes nothing. */
export function cosignBundle(signed: SignedPolicyBundle, key: KeyObject): SignedPolicyBundle {
  const publicKey = operatorKey(key);
  const signature = sign(null, bundleMessage(Buffer.from(signed.payload, 'base64')), key).toString('base64');
  return {
    ...signed,
    signatures: [...signed.signatures.filter((one) => one.key !== publicKey), { key: publicKey, signature }],
  };
}

/** Public key of an operator as endpoints are told it: 32 bytes in base64. */
export function operatorKey(key: KeyObject): string {
  return createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
}

/** A signed bundle out of a file's text. @throws when it is none. */
export function parseSignedBundle(text: string): SignedPolicyBundle {
  const parsed = SignedPolicyBundle.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error('it is no signed policy bundle');
  return parsed.data;
}
