import { z } from 'zod';
import { tolerant } from '../../api/tolerant.ts';

/** What the link of the leavers may say: which dialog is open. */
export const LeaversSearch = tolerant(z.object({ open: z.enum(['left', 'import']).optional() }));
