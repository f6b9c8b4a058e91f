import { z } from 'zod';
import { tolerant } from '../../api/tolerant.ts';

/** What the link of a leaver may say: the script that is decided on. */
export const LeaverSearch = tolerant(z.object({ decide: z.string().max(64).optional() }));
