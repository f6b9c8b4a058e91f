import { PolicyStage } from '@sentinel/protocol';
import { z } from 'zod';
import { tolerant } from '../../api/tolerant.ts';

/** What the link of the list of policies may say. */
export const PolicySearch = tolerant(
  z.object({
    q: z.string().max(200).optional(),
    stage: PolicyStage.optional(),
    waitsFor: z.literal('approval').optional(),
  }),
);
export type PolicySearch = z.infer<typeof PolicySearch>;

/** What the link of one policy may say: which version, which view of it, and which one it is compared with. */
export const PolicyPageSearch = tolerant(
  z.object({
    version: z
      .string()
      .regex(/^\d{1,9}$/)
      .optional(),
    view: z.enum(['source', 'diff', 'simulation', 'waivers', 'versions']).optional(),
  }),
);
export type PolicyPageSearch = z.infer<typeof PolicyPageSearch>;
