import { z } from 'zod';
import { field } from './field.ts';
import { ScriptSummary, SemanticDiff } from './script-summary.ts';

/** Days that an approval holds where nobody says otherwise. */
export const APPROVAL_DAYS = 180;

export const ApprovalState = z.enum(['pending', 'approved', 'refused', 'revoked', 'expired', 'withdrawn']);
export type ApprovalState = z.infer<typeof ApprovalState>;

/** What an approval allows. */
export const ApprovalTerms = z.strictObject({
  labels: field(z.array(z.string().max(100)).max(100).default([]), {
    description: 'Data labels that it may use; empty for none in particular.',
    sensitivity: 'internal',
  }),
  destinations: field(z.array(z.string().max(300)).max(100).default([]), {
    description: 'Hosts and folders that it may send to.',
    sensitivity: 'internal',
  }),
  schedule: field(z.string().max(200).optional(), {
    description: 'When it may run, in words.',
    sensitivity: 'internal',
  }),
  conditions: field(z.string().max(2000).optional(), {
    description: 'What its owner must keep to.',
    sensitivity: 'internal',
  }),
});
export type ApprovalTerms = z.infer<typeof ApprovalTerms>;

/** What was known of a script version when the decision was made; it never changes afterwards. */
export const ApprovalEvidence = z.object({
  at: z.iso.datetime({ precision: 3 }),
  runs: z.int().nonnegative(),
  machines: z.array(z.string()),
  people: z.array(z.string()),
  firstWriter: z.string().optional().meta({ description: 'Account that ran it first.' }),
  firstRunAt: z.iso.datetime({ precision: 3 }).optional(),
  touched: z.array(z.object({ type: z.string(), target: z.string(), detail: z.string(), runs: z.int().nonnegative() })),
  decisions: z.array(
    z.object({ policyId: z.string(), statementId: z.string(), effect: z.string(), hits: z.int().nonnegative() }),
  ),
  runIds: z.array(z.uuid()).meta({ description: 'Latest runs, at most 20.' }),
});
export type ApprovalEvidence = z.infer<typeof ApprovalEvidence>;

/** A request for the approval of one script version, and what became of it. */
export const ScriptApproval = z.object({
  id: z.uuid(),
  state: ApprovalState,
  sha256: z.string(),
  scriptName: z.string(),
  scriptPath: z.string().optional(),
  scriptId: z.string().optional(),
  requestedBy: z.string(),
  requestedAt: z.iso.datetime({ precision: 3 }),
  origin: z.enum(['person', 'policy', 'carried']).meta({
    description: 'person: asked for; policy: filed when a policy stopped it; carried: from the version before.',
  }),
  reason: z.string(),
  ticket: z.string().optional(),
  terms: ApprovalTerms,
  decidedBy: z.string().optional(),
  decidedAt: z.iso.datetime({ precision: 3 }).optional(),
  decisionReason: z.string().optional(),
  expiresAt: z.iso.datetime({ precision: 3 }).optional(),
  carriedFrom: z.uuid().optional().meta({ description: 'Approval of an older version that this one follows from.' }),
  waitsForMe: z.boolean().meta({ description: 'Whether the reader may decide it.' }),
  whyNotMe: z.string().optional().meta({ description: 'Why the reader may not, where it is pending.' }),
});
export type ScriptApproval = z.infer<typeof ScriptApproval>;

/** An approval with all that a decision is made on. */
export const ScriptApprovalDetail = ScriptApproval.extend({
  evidence: ApprovalEvidence.meta({ description: 'Of now while it is pending, frozen once it was decided.' }),
  summary: ScriptSummary.optional(),
  approvedVersion: z
    .object({ id: z.uuid(), sha256: z.string(), decidedAt: z.iso.datetime({ precision: 3 }) })
    .optional()
    .meta({ description: 'The latest approved version that this one is compared with.' }),
  diff: SemanticDiff.optional(),
});
export type ScriptApprovalDetail = z.infer<typeof ScriptApprovalDetail>;
