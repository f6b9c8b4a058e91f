import { z } from 'zod';
import { field } from './field.ts';

const MAX_NAMES = 1000;
const NAMES = z.array(z.string().max(500)).max(MAX_NAMES);

/** What a script version could do, short enough to compare: names only, no source, no values. */
export const ScriptSummary = z.strictObject({
  familyHash: field(z.string().max(80).optional(), {
    description: 'Hash of the normalised syntax: the same where only comments, formatting or constants differ.',
    sensitivity: 'public',
  }),
  imports: field(NAMES, { description: 'Top-level modules, sorted.', sensitivity: 'public' }),
  capabilities: field(NAMES, { description: 'Capabilities, sorted.', sensitivity: 'public' }),
  calls: field(NAMES, {
    description: 'Resolved names of calls behind the capabilities, sorted.',
    sensitivity: 'internal',
  }),
  hosts: field(NAMES, { description: 'Hosts in literals, sorted.', sensitivity: 'internal' }),
  tables: field(NAMES, { description: 'Database tables, sorted.', sensitivity: 'internal' }),
  files: field(NAMES, { description: 'Files and folders in literals, sorted.', sensitivity: 'internal' }),
  packages: field(NAMES, { description: 'Distributions it needs, sorted.', sensitivity: 'public' }),
  flows: field(NAMES, {
    description: 'Ways of data, as `source -> sink (reach)`, sorted.',
    sensitivity: 'internal',
  }),
  secrets: field(z.int().nonnegative(), { description: 'Credentials in the source.', sensitivity: 'public' }),
  isWhole: field(z.boolean(), {
    description: 'Whether the analysis could resolve and read all; otherwise something may be missing.',
    sensitivity: 'public',
  }),
});
export type ScriptSummary = z.infer<typeof ScriptSummary>;

/** Part of a summary that a difference can be in. */
export const SummaryPart = z.enum([
  'imports',
  'capabilities',
  'calls',
  'hosts',
  'tables',
  'files',
  'packages',
  'flows',
]);
export type SummaryPart = z.infer<typeof SummaryPart>;

/** What a version of a script does that another one does not. */
export const SemanticDiff = z.object({
  added: z.array(z.object({ part: SummaryPart, names: z.array(z.string()) })),
  removed: z.array(z.object({ part: SummaryPart, names: z.array(z.string()) })),
  hasNewSecrets: z.boolean(),
  isSameSyntax: z.boolean().meta({ description: 'Whether only comments, formatting or constants differ.' }),
  carriesOver: z.boolean().meta({
    description: 'Whether an approval of the older version holds for the newer one: same syntax, nothing new.',
  }),
});
export type SemanticDiff = z.infer<typeof SemanticDiff>;
