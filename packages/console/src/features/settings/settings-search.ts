import { z } from 'zod';
import { tolerant } from '../../api/tolerant.ts';

/** Parts of the settings. */
export const SettingsTab = z.enum(['people', 'tokens', 'company', 'departments', 'retention']);
export type SettingsTab = z.infer<typeof SettingsTab>;

/** What the link of the settings may say: the part, a text to look for, and which dialog is open. */
export const SettingsSearch = tolerant(
  z.object({ tab: SettingsTab.optional(), q: z.string().max(200).optional(), open: z.string().max(64).optional() }),
);
export type SettingsSearch = z.infer<typeof SettingsSearch>;
