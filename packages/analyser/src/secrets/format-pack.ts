import { z } from 'zod';
import { readShippedPack } from '../packs/read-shipped-pack.ts';

/** One kind of credential that a provider issues. */
export const SecretFormat = z.strictObject({
  id: z
    .string()
    .regex(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    .describe('Stable id.'),
  title: z.string().min(3).describe('For people.'),
  provider: z.string().min(1).describe('Who issues it.'),
  kind: z
    .enum(['token', 'near'])
    .describe('token: tells itself by its anchor; near: needs a keyword of its provider in front of it.'),
  anchors: z
    .array(z.string().min(1))
    .min(1)
    .describe('Literals: part of the value (token, case matters) or keywords before it (near, lower case).'),
  pattern: z
    .string()
    .min(3)
    .describe('Restricted pattern, read alike by both languages: literals, classes, groups, {n}, {n,m}, ?.'),
  lead: z.int().positive().max(100).optional().describe('Characters of the value that may stand before the anchor.'),
  window: z
    .int()
    .positive()
    .max(400)
    .optional()
    .describe('Characters behind the keyword in which the value may begin; 80 when absent.'),
  openEnd: z.boolean().optional().describe('Whether the value may run on into further characters.'),
  isOnlyForm: z
    .boolean()
    .optional()
    .describe('Whether every key of the provider has this form, so that another value under its name is none.'),
  check: z
    .enum(['crc32-base62', 'jwt', 'pem-body', 'letters-and-digits'])
    .optional()
    .describe('What the value must hold beyond its pattern.'),
  entropy: z.number().min(0).max(6).describe('Least entropy of the value behind its anchor, in bits per character.'),
  tier: z
    .enum(['high', 'medium', 'info'])
    .optional()
    .describe('Tier of a finding; high for tokens and medium for near formats when absent.'),
  source: z
    .strictObject({ title: z.string().min(3), url: z.url() })
    .describe('Public documentation of the provider that the format is known from.'),
  trueCases: z
    .array(z.array(z.string()).length(2))
    .min(1)
    .describe('Synthetic texts that hold such a value, in two parts that are joined when they run.'),
  falseCases: z.array(z.array(z.string()).length(2)).min(1).describe('Synthetic texts that hold none, in two parts.'),
});
export type SecretFormat = z.infer<typeof SecretFormat>;

/** The pack of all formats. */
export const SecretFormatPack = z.strictObject({
  $schema: z.string(),
  version: z.int().positive(),
  casesDigest: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('SHA-256 of what every reader must find in all cases.'),
  formats: z.array(SecretFormat).min(1),
});
export type SecretFormatPack = z.infer<typeof SecretFormatPack>;

/** Pack that ships with the analyser. */
export function readFormatPack(): SecretFormatPack {
  return SecretFormatPack.parse(readShippedPack('secret-formats.json'));
}
