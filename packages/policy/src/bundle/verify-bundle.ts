import { PolicyBundle, SignedPolicyBundle } from '@sentinel/protocol';
import { z } from 'zod';
import { checkSignatures, fromBase64, labelled, parseJson, type SignatureRefusal } from './check-signatures.ts';

/** Largest signed bundle, in characters. */
export const MAX_BUNDLE_LENGTH = 8 * 1024 * 1024;
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
  | SignatureRefusal
  | 'too-large'
  | 'unreadable'
  | 'newer-format'
  | 'malformed'
  | 'other-organisation'
  | 'other-group'
  | 'from-the-future'
  | 'expired'
  | 'downgrade'
  | 'other-content-same-version'
  | 'waiver-on-floor'
  | 'policy-twice'
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
  const fault = await checkSignatures(bundleMessage(bytes), signatures, trust);
  if (fault !== undefined) return refuse(fault.refusal, fault.detail);
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
  return labelled('sentinel policy bundle 1\n', payload);
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
  const twice = twicePolicy(bundle);
  if (twice !== undefined) return refuse('policy-twice', `${twice} stands in it more often than its rollout asks for`);
  return { bundle, payload };
}

/** A policy that stands there twice; under rollout the version before may stand beside the new one. */
function twicePolicy({ policies, rollouts = [] }: PolicyBundle): string | undefined {
  const seen = new Set<string>();
  for (const { id, version } of policies) {
    const rollout = rollouts.find(({ policyId }) => policyId === id);
    const key = rollout?.version === version ? `${id} new` : id;
    if (seen.has(key)) return id;
    seen.add(key);
  }
  const own = rollouts.map(({ policyId }) => policyId);
  return own.find((id, at) => own.indexOf(id) !== at);
}

function refuse(refusal: BundleRefusal, detail: string): BundleVerdict {
  return { refusal, detail };
}
