import { z } from 'zod';
import { field } from './field.ts';

/** The set of packages that an interpreter sees. */
export const Environment = z.object({
  prefix: field(z.string(), { description: 'Folder of the environment (sys.prefix).', sensitivity: 'internal' }),
  kind: field(z.enum(['base', 'virtual']), {
    description: 'base, or a virtual environment over it.',
    sensitivity: 'public',
    source: 'PEP 405',
  }),
});
export type Environment = z.infer<typeof Environment>;
