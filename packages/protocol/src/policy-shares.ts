import { z } from 'zod';
import { field } from './field.ts';

/** How far policies under rollout are. An endpoint takes the smaller of this and what operators signed, so a server can only hold back. */
export const PolicyShares = z
  .array(
    z.object({
      policyId: field(z.string(), { description: 'Policy.', sensitivity: 'public' }),
      version: field(z.int().positive(), { description: 'Version under rollout.', sensitivity: 'public' }),
      percent: field(z.int().min(0).max(100), {
        description: 'Share of the endpoints that enforce it.',
        sensitivity: 'public',
        unit: '%',
      }),
    }),
  )
  .max(1000);
export type PolicyShares = z.infer<typeof PolicyShares>;
