import { PolicyBundle, SignedPolicyBundle } from '@sentinel/protocol';
import { z } from 'zod';

/** Largest signed bundle, in characters. */
export const MAX_BUNDLE_LENGTH = 8 * 1024 * 1024;
const MAX_SIGNATURES = 32;
/** How far ahead of the endpoint's clock a bundle may say it was made: clocks differ. */
const CLOCK_DIFFERENCE_MS = 24 * 3_600_000;

/** What an endpoint believes; the server holds none of these keys. */
export interface BundleTrust {
  readonly organisation: string;
  /** Public keys of operators, Ed25519, base64. */
  readonly keys: readonly string[];
  /** How many of them must have signed. */
  readonly threshold: number;
  /** Groups that this endpoint is in. */
  readonly groups: readonly string[];
  /** The bundle in use, where there is one. */
  readonly current?: { readonly version: number; readonly payload: string };
}

/** Why a bundle is not taken. What was in use before stays in use. */
export type BundleRefusal =
  | 'too-large'
  | 'unreadable'
  | 'unsigned'
  | 'unknown-key'
  | 'bad-signature'
  | 'below-threshold'
  | 'newer-format'
  | 'malformed'
  | 'other-organisation'
  | 'other-group'
  | 'from-the-future'
  | 'expired'
  | 'downgrade'
  | 'other-content-same-version'
  | 'waiver-on-floor'
  | 'no-trust';

/** Outcome of looking at a bundle. */
export type BundleVerdict =
  | { readonly bundle: PolicyBundle; readonly payload: string; readonly refusal?: never }
  | { readonly bundle?: never; readonly refusal: BundleRefusal; readonly detail: string };

/**
 * Whether an endpoint takes a bundle: signed by enough of the operators it knows, for it, whole, not old, not back.
 * The signatures are checked over the very bytes before anything in them is read.
 */
export async function verifyBundle(text: string, trust: BundleTrust, nowMs: number): Promise<BundleVerdict> {
  if (trust.keys.length === 0 || !(trust.threshold >= 1))
    return refuse('no-trust', 'this endpoint knows no operator key');
  if (text.length > MAX_BUNDLE_LENGTH) return refuse('too-large', `over ${MAX_BUNDLE_LENGTH} characters`);
  const signed = SignedPolicyBundle.safeParse(parseJson(text));
  if (!signed.success) return refuse('unreadable', 'it is no signed bundle');
  const { payload, signatures } = signed.data;
  const bytes = fromBase64(payload);
  if (bytes === undefined) return refuse('unreadable', 'its payload is no base64');
  const refusal = await checkSignatures(bytes, signatures, trust);
  if (refusal !== undefined) return refusal;
  const value = parseJson(new TextDecoder().decode(bytes));
  const format = z.object({ format: z.int() }).safeParse(value);
  if (format.success && format.data.format > 1)
    return refuse('newer-format', `form ${format.data.format} is not known here; update the agent`);
  const parsed = PolicyBundle.safeParse(value);
  if (!parsed.success) return refuse('malformed', parsed.error.issues[0]?.message ?? 'it does not fit its shape');
  return checkContent(parsed.data, payload, trust, nowMs);
}

/** The bytes that operators sign: a label in front keeps a signature from meaning anything else. */
export function bundleMessage(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const label = new TextEncoder().encode('sentinel policy bundle 1\n');
  const message = new Uint8Array(label.length + payload.length);
  message.set(label);
  message.set(payload, label.length);
  return message;
}

async function checkSignatures(
  bytes: Uint8Array,
  signatures: SignedPolicyBundle['signatures'],
  { keys, threshold }: BundleTrust,
): Promise<BundleVerdict | undefined> {
  if (signatures.length === 0) return refuse('unsigned', 'it bears no signature');
  const message = bundleMessage(bytes);
  const valid = new Set<string>();
  let isKeyKnown = false;
  for (const { key, signature } of signatures.slice(0, MAX_SIGNATURES)) {
    // A key that signs twice counts once.
    if (!keys.includes(key)) continue;
    isKeyKnown = true;
    if (await isSigned(message, key, signature)) valid.add(key);
  }
  if (!isKeyKnown) return refuse('unknown-key', 'none of its signatures is by an operator that this endpoint knows');
  if (valid.size === 0) return refuse('bad-signature', 'its signatures do not fit its content');
  if (valid.size < threshold)
    return refuse('below-threshold', `${valid.size} of the ${threshold} operators that it takes have signed`);
  return undefined;
}

async function isSigned(message: Uint8Array<ArrayBuffer>, key: string, signature: string): Promise<boolean> {
  const keyBytes = fromBase64(key);
  const signatureBytes = fromBase64(signature);
  if (keyBytes?.length !== 32 || signatureBytes?.length !== 64) return false;
  try {
    const imported = await crypto.subtle.importKey('raw', keyBytes, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', imported, signatureBytes, message);
  } catch {
    return false;
  }
}

function checkContent(bundle: PolicyBundle, payload: string, trust: BundleTrust, nowMs: number): BundleVerdict {
  if (bundle.organisation !== trust.organisation)
    return refuse('other-organisation', `it is for ${bundle.organisation}, this is ${trust.organisation}`);
  if (!bundle.groups.includes('*') && !bundle.groups.some((group) => trust.groups.includes(group)))
    return refuse('other-group', `it is for ${bundle.groups.join(', ')}`);
  if (Date.parse(bundle.issuedAt) > nowMs + CLOCK_DIFFERENCE_MS)
    return refuse('from-the-future', `it says it was made at ${bundle.issuedAt}`);
  if (Date.parse(bundle.notAfter) <= nowMs) return refuse('expired', `it was good until ${bundle.notAfter}`);
  const { current } = trust;
  if (current !== undefined && bundle.version < current.version)
    return refuse('downgrade', `version ${bundle.version} is older than ${current.version}, which is in use`);
  if (current !== undefined && bundle.version === current.version && payload !== current.payload)
    return refuse('other-content-same-version', `another version ${bundle.version} is in use`);
  const floors = new Set(
    bundle.policies.flatMap(({ id, statements }) =>
      statements.filter(({ isFloor }) => isFloor).map((statement) => `${id}/${statement.id}`),
    ),
  );
  const waived = bundle.waivers.find(({ policyId, statementId }) => floors.has(`${policyId}/${statementId}`));
  if (waived !== undefined) return refuse('waiver-on-floor', `waiver ${waived.id} would lower a floor`);
  return { bundle, payload };
}

function refuse(refusal: BundleRefusal, detail: string): BundleVerdict {
  return { refusal, detail };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}
