import { z } from 'zod';
import { tolerant } from '../../api/tolerant.ts';

/** What the link of a version may say: that it is to be restored. */
export const VaultEntrySearch = tolerant(z.object({ restore: z.literal('1').optional() }));
