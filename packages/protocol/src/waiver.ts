import { z } from 'zod';

/** Days that a waiver holds where nobody says otherwise, and at most. */
export const WAIVER_DAYS = { usual: 30, longest: 365 } as const;

export const WaiverState = z.enum(['asked', 'active', 'refused', 'revoked', 'expired']);
export type WaiverState = z.infer<typeof WaiverState>;

/** A waiver as people see it: who, why, until when, and how often it was used. */
export const WaiverRow = z.object({
  id: z.uuid(),
  state: WaiverState,
  policyId: z.string(),
  statementId: z.string(),
  bound: z.record(z.string(), z.array(z.string())),
  owner: z.string(),
  reason: z.string(),
  ticket: z.string().optional(),
  days: z.int().positive(),
  askedBy: z.string(),
  askedAt: z.iso.datetime({ precision: 3 }),
  decidedBy: z.string().optional(),
  decidedAt: z.iso.datetime({ precision: 3 }).optional(),
  decisionReason: z.string().optional(),
  until: z.iso.datetime({ precision: 3 }).optional().meta({ description: 'Its end, once it was granted.' }),
  uses: z.int().nonnegative().meta({ description: 'Activities that it let through, as counted from history.' }),
  lastUsedAt: z.iso.datetime({ precision: 3 }).optional(),
  usesCountedAt: z.iso.datetime({ precision: 3 }).optional(),
  endsInDays: z.int().optional().meta({ description: 'Days that are left, for an active one.' }),
});
export type WaiverRow = z.infer<typeof WaiverRow>;
