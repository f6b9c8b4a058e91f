import { z } from 'zod';
import { field } from './field.ts';

/** Personal or confidential data of one kind in a sample of a file or in the names of columns. Never a value. */
export const PiiFound = z.object({
  kind: field(z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/), {
    description: 'Kind of the data, such as iban, email or birth-date.',
    sensitivity: 'public',
  }),
  ground: field(z.enum(['content', 'column-name', 'both']), { description: 'How it is known.', sensitivity: 'public' }),
  count: field(z.int().nonnegative(), {
    description: 'Values in the sample; 0 where only a name says so.',
    sensitivity: 'public',
  }),
  columns: field(z.array(z.string()), { description: 'Names of the columns, sorted.', sensitivity: 'internal' }),
});
export type PiiFound = z.infer<typeof PiiFound>;

/** A data file that was looked into, because that was asked for: kinds and counts only, never a value, never a name of a column. */
export const DataFileFound = z.object({
  path: field(z.string(), { description: 'Where it is.', sensitivity: 'internal' }),
  sizeBytes: field(z.int().nonnegative(), { description: 'Its size.', sensitivity: 'public', unit: 'By' }),
  sampledBytes: field(z.int().nonnegative(), {
    description: 'Bytes from its beginning that were looked at.',
    sensitivity: 'public',
    unit: 'By',
  }),
  kinds: field(z.array(PiiFound.omit({ columns: true }).extend({ columnCount: z.int().nonnegative() })), {
    description: 'Kinds in the sample, with values and columns of each.',
    sensitivity: 'public',
  }),
  namedBy: field(z.array(z.string()), {
    description: 'Scripts whose code names the file; empty where it only lies beside them.',
    sensitivity: 'internal',
  }),
  notRead: field(z.enum(['placeholder', 'too-large', 'no-permission', 'failed']).optional(), {
    description: 'Why it was not looked into.',
    sensitivity: 'public',
  }),
});
export type DataFileFound = z.infer<typeof DataFileFound>;

/** A data file that a script opened and that an agent looked into, because the company lets it. */
export const SampledFile = z.object({
  path: field(z.string().min(1).max(4096), { description: 'Where it is.', sensitivity: 'internal' }),
  sizeBytes: field(z.int().nonnegative(), { description: 'Its size.', sensitivity: 'public', unit: 'By' }),
  kinds: field(z.array(PiiFound.omit({ columns: true }).extend({ columnCount: z.int().nonnegative() })).max(100), {
    description: 'Kinds in the sample, with values and columns of each.',
    sensitivity: 'public',
  }),
  runIds: field(z.array(z.uuid()).max(20), {
    description: 'Runs that opened it: they are judged again with what was found.',
    sensitivity: 'public',
  }),
});
export type SampledFile = z.infer<typeof SampledFile>;

/** What was looked for in data files. */
export const DataSample = z.object({
  lookedAt: field(z.int().nonnegative(), { description: 'Data files that were looked into.', sensitivity: 'public' }),
  leftOut: field(z.int().nonnegative(), {
    description: 'Data files beyond the limits of one scan.',
    sensitivity: 'public',
  }),
  files: field(z.array(DataFileFound), {
    description: 'Those with kinds, and those that could not be read; by path.',
    sensitivity: 'internal',
  }),
});
export type DataSample = z.infer<typeof DataSample>;
