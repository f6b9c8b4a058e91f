import { z } from 'zod';
import { tolerant } from '../../api/tolerant.ts';

/** What the link of the risk page may say: what is ranked, and of what the figure is shown. */
export const RiskSearch = tolerant(
  z.object({
    of: z.enum(['department', 'machine', 'script']).optional(),
    subject: z.string().min(1).max(100).optional(),
  }),
);
