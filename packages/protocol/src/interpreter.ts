import { z } from 'zod';
import { field } from './field.ts';

/** The Python that runs a script. */
export const Interpreter = z.object({
  path: field(z.string(), {
    description: 'Path of the executable as the run saw it.',
    sensitivity: 'internal',
    source: 'OTel process.executable.path',
  }),
  implementation: field(z.string(), {
    description: 'cpython, pypy.',
    sensitivity: 'public',
    source: 'OTel process.runtime.name',
  }),
  version: field(z.string(), {
    description: 'Full version, such as 3.11.7.',
    sensitivity: 'public',
    source: 'OTel process.runtime.version',
  }),
  basePrefix: field(z.string(), { description: 'Folder of the base interpreter.', sensitivity: 'internal' }),
});
export type Interpreter = z.infer<typeof Interpreter>;
