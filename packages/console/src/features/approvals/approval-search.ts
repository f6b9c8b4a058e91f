import { ApprovalState } from '@sentinel/protocol';
import { z } from 'zod';
import { tolerant } from '../../api/tolerant.ts';

/** What the link of the list of approvals may say; without a state, what waits for the reader comes first. */
export const ApprovalSearch = tolerant(
  z.object({
    q: z.string().max(200).optional(),
    state: ApprovalState.optional(),
    mine: z.literal('yes').optional(),
  }),
);
export type ApprovalSearch = z.infer<typeof ApprovalSearch>;
