import { z } from 'zod';
import { Timestamp } from './activity.ts';
import { field } from './field.ts';
import { CompiledPolicy, PolicyCondition } from './policy.ts';

/** Version of the bundle's form; an endpoint that does not know it keeps what it has. */
export const POLICY_BUNDLE_FORMAT = 1;

/** A dated, approved deviation from one statement. */
export const Waiver = z.strictObject({
  id: field(z.string().min(1), { description: 'Id of the waiver.', sensitivity: 'public' }),
  policyId: field(z.string(), { description: 'Policy that it is from.', sensitivity: 'public' }),
  statementId: field(z.string(), { description: 'Statement that it is from.', sensitivity: 'public' }),
  when: field(PolicyCondition, { description: 'What it is for.', sensitivity: 'internal' }),
  owner: field(z.string().min(1), { description: 'Who asked for it.', sensitivity: 'internal' }),
  reason: field(z.string().min(1), { description: 'Why.', sensitivity: 'internal' }),
  until: field(Timestamp, { description: 'Its end; there is none without.', sensitivity: 'public' }),
});
export type Waiver = z.infer<typeof Waiver>;

/** A policy version that is enforced on a share of the endpoints only. */
export const BundleRollout = z.strictObject({
  policyId: field(z.string(), { description: 'Policy.', sensitivity: 'public' }),
  version: field(z.int().positive(), {
    description: 'Version that is rolled out; an older one in the bundle holds on the other endpoints.',
    sensitivity: 'public',
  }),
  percent: field(z.int().min(0).max(100), {
    description:
      'Largest share of the endpoints that may enforce it; the server may name a smaller one, never a larger.',
    sensitivity: 'public',
    unit: '%',
  }),
});
export type BundleRollout = z.infer<typeof BundleRollout>;

/** Approval of a script version, as policies ask for it. */
export const BundleApproval = z.strictObject({
  sha256: field(z.string().regex(/^[0-9a-f]{64}$/), { description: 'Version of the script.', sensitivity: 'public' }),
  state: field(z.enum(['approved', 'pending', 'revoked', 'expired']), {
    description: 'What was decided.',
    sensitivity: 'public',
  }),
  until: field(Timestamp.optional(), {
    description: 'End of an approval; expired from then on.',
    sensitivity: 'public',
  }),
});
export type BundleApproval = z.infer<typeof BundleApproval>;

/** What operators sign: all policies of an endpoint, whole. */
export const PolicyBundle = z.strictObject({
  format: field(z.literal(POLICY_BUNDLE_FORMAT), { description: 'Version of this form.', sensitivity: 'public' }),
  organisation: field(z.string().min(1), { description: 'Whose it is.', sensitivity: 'internal' }),
  version: field(z.int().positive(), {
    description: 'Grows with every bundle; never goes back.',
    sensitivity: 'public',
  }),
  issuedAt: field(Timestamp, { description: 'When it was made.', sensitivity: 'public' }),
  notAfter: field(Timestamp, { description: 'When endpoints begin to warn that it is stale.', sensitivity: 'public' }),
  groups: field(z.array(z.string()).min(1), {
    description: 'Groups of endpoints that it is for; * for all.',
    sensitivity: 'internal',
  }),
  isObserveOnly: field(z.boolean(), {
    description: 'Break-glass: everything is only reported.',
    sensitivity: 'public',
  }),
  policies: field(z.array(CompiledPolicy), { description: 'Policies in order.', sensitivity: 'internal' }),
  waivers: field(z.array(Waiver), { description: 'Waivers that hold.', sensitivity: 'internal' }),
  observeOnlyUntil: field(Timestamp.optional(), {
    description: 'End of break-glass; four hours after the bundle was made at the latest.',
    sensitivity: 'public',
  }),
  rollouts: field(z.array(BundleRollout).optional(), {
    description: 'Policies that are being rolled out; all others hold everywhere.',
    sensitivity: 'public',
  }),
  approvals: field(z.array(BundleApproval).optional(), {
    description: 'Approvals of script versions.',
    sensitivity: 'public',
  }),
});
export type PolicyBundle = z.infer<typeof PolicyBundle>;

/** One operator's signature. */
export const BundleSignature = z.strictObject({
  key: field(z.string(), {
    description: 'Public key, Ed25519, 32 bytes in base64.',
    sensitivity: 'public',
    source: 'RFC 8032',
  }),
  signature: field(z.string(), {
    description: 'Signature, 64 bytes in base64.',
    sensitivity: 'public',
    source: 'RFC 8032',
  }),
});
export type BundleSignature = z.infer<typeof BundleSignature>;

/** A bundle with its signatures. The payload is kept as the bytes that were signed. */
export const SignedPolicyBundle = z.strictObject({
  payload: field(z.string(), { description: 'The bundle as JSON in UTF-8, in base64.', sensitivity: 'internal' }),
  signatures: field(z.array(BundleSignature), { description: 'Signatures of operators.', sensitivity: 'public' }),
});
export type SignedPolicyBundle = z.infer<typeof SignedPolicyBundle>;
