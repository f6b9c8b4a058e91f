import { createHash } from 'node:crypto';
import { z } from 'zod';
import { readShippedPack } from '../packs/read-shipped-pack.ts';

/** A value in the form of a credential that its own publisher gives to everybody. */
export const PublishedValue = z.strictObject({
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .describe('SHA-256 of the value.'),
  provider: z.string().min(2).describe('Whose credential it would be.'),
  what: z.string().min(8).describe('What the value is, for people.'),
  source: z.strictObject({ title: z.string().min(3), url: z.url() }).describe('Where it is published.'),
  parts: z
    .array(z.string().min(2))
    .length(2)
    .describe(
      'The value in two parts, joined only where the list is tested, so that nobody takes the list for a leak.',
    ),
});
export type PublishedValue = z.infer<typeof PublishedValue>;

/** List of published values, each reviewed by a person. */
export const PublishedValueList = z.strictObject({
  $schema: z.string(),
  version: z.int().positive(),
  reviewedOn: z.iso.date().describe('Day of the last review.'),
  values: z.array(PublishedValue).min(1),
});
export type PublishedValueList = z.infer<typeof PublishedValueList>;

/** Name before a value, as in a connection string. */
const NAME_BEFORE = /^[A-Za-z][A-Za-z ]{0,30}=/;

let published: ReadonlyMap<string, PublishedValue> | undefined;
let sizes: ReadonlySet<number> = new Set();

/** The list that ships with the analyser. */
export function readPublishedValues(): PublishedValueList {
  return PublishedValueList.parse(readShippedPack('published-values.json'));
}

/** What is known of a value, itself or behind its name; undefined for a value that nobody has published. */
export function publishedValue(text: string): PublishedValue | undefined {
  const known = (published ??= load());
  for (const value of [text, text.replace(NAME_BEFORE, '')]) {
    // Hashing is for the few values that are as long as one of the list.
    if (!sizes.has(value.length)) continue;
    const found = known.get(createHash('sha256').update(value, 'utf8').digest('hex'));
    if (found !== undefined) return found;
  }
  return undefined;
}

function load(): ReadonlyMap<string, PublishedValue> {
  const { values } = readPublishedValues();
  sizes = new Set(values.map(({ parts }) => parts.join('').length));
  return new Map(values.map((value) => [value.sha256, value]));
}
