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
