import { z } from 'zod';
import { Analysis } from './analysis.ts';
import { field } from './field.ts';
import { Risk } from './risk.ts';

/** Where a credential of a source is used. */
export const SecretUse = z.strictObject({
  line: z.int().positive().meta({ description: 'Line of the credential.' }),
  name: z.string().optional().meta({ description: 'Name it is bound to.' }),
  statements: z
    .array(z.strictObject({ from: z.int().positive(), to: z.int().positive(), isDirect: z.boolean() }))
    .meta({ description: 'First and last line of each statement that uses it.' }),
});
export type SecretUse = z.infer<typeof SecretUse>;

/** SHA-256 in hex. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Hash of a script's normalised syntax, with its version. */
export const FamilyHash = z.string().regex(/^f\d+:[0-9a-f]{32}$/);

/** What the endpoint's analyser says of one version of a script: facts, never its text, never the value of a secret. */
export const ScriptFacts = z.object({
  sha256: field(Sha256, { description: 'SHA-256 of the source.', sensitivity: 'public' }),
  familyHash: field(FamilyHash.optional(), {
    description: 'Hash of the normalised syntax, with its version; absent where the source does not parse.',
    sensitivity: 'public',
  }),
  author: field(z.string().max(255).optional(), {
    description: 'Account that owns the file.',
    sensitivity: 'internal',
  }),
  modifiedAt: field(z.iso.datetime({ precision: 3 }).optional(), {
    description: 'Last change of the file.',
    sensitivity: 'internal',
  }),
  analysis: field(Analysis, {
    description: 'Result of the analysis; previews of secrets are empty.',
    sensitivity: 'internal',
  }),
  secretUses: field(z.array(SecretUse).max(1000), {
    description: 'Where its credentials are used.',
    sensitivity: 'internal',
  }),
  risk: field(Risk, { description: 'Risk of the source alone.', sensitivity: 'internal' }),
});
export type ScriptFacts = z.infer<typeof ScriptFacts>;
