import { z } from 'zod';
import { readShippedPack } from '../packs/read-shipped-pack.ts';

/** Names of the checks that values may have to pass. */
export const PiiCheck = z.enum([
  'iban',
  'card',
  'de-tax-id',
  'fr-nir',
  'es-dni',
  'it-fiscal-code',
  'nl-bsn',
  'pl-pesel',
  'ean13',
  'at-svnr',
  'br-cpf',
  'verhoeff',
  'phone',
]);
export type PiiCheck = z.infer<typeof PiiCheck>;

/** One kind of personal or confidential data. */
export const PiiKind = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    .describe('Stable id.'),
  title: z.string().min(2).describe('For people.'),
  category: z
    .enum(['contact', 'identity', 'national-id', 'financial', 'special', 'business'])
    .describe('special: the special categories of the GDPR, article 9.'),
  patterns: z
    .array(z.string().min(3))
    .min(1)
    .optional()
    .describe('Patterns of values that JavaScript and Python read alike; bounded repetition only.'),
  check: PiiCheck.optional().describe('What a value must pass beyond its pattern.'),
  near: z
    .array(z.string().min(2))
    .min(1)
    .optional()
    .describe('Words of which one must stand up to 48 characters before a value, or 16 behind; lower case.'),
  columns: z
    .array(z.string().min(1))
    .min(1)
    .optional()
    .describe('Words of column names, folded; a leading = asks for the whole name.'),
  words: z.array(z.string().min(3)).min(1).optional().describe('Words in running text, folded.'),
  leastWords: z.int().positive().optional().describe('Different words that must stand there; 1 when absent.'),
  source: z.string().optional().describe('Public document that the form of the values is known from.'),
});
export type PiiKind = z.infer<typeof PiiKind>;

/** The pack of all kinds. A value goes to the first kind in order that takes it. */
export const PiiPack = z.strictObject({
  $schema: z.string(),
  version: z.int().positive(),
  kinds: z.array(PiiKind).min(1),
});
export type PiiPack = z.infer<typeof PiiPack>;

/** Pack that ships with the analyser. */
export function readPiiPack(): PiiPack {
  return PiiPack.parse(readShippedPack('pii-kinds.json'));
}
