import { z } from 'zod';
import { tolerant } from '../../api/tolerant.ts';

/** What the link of the vault may say: a text, or one script. */
export const VaultSearch = tolerant(
  z.object({ q: z.string().max(200).optional(), scriptId: z.string().max(64).optional() }),
);
export type VaultSearch = z.infer<typeof VaultSearch>;
