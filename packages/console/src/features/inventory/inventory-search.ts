import { z } from 'zod';
import { tolerant } from '../../api/tolerant.ts';

/** What the link of one computer's inventory may say: a text in the path. */
export const InventorySearch = tolerant(z.object({ q: z.string().max(200).optional() }));
