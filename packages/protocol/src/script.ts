import { z } from 'zod';
import { field } from './field.ts';

/** How the source reached the interpreter. */
export const ScriptKind = z.enum([
  'file',
  'module',
  'command',
  'stdin',
  'interactive',
  'archive',
  'notebook',
  'embedded',
]);
export type ScriptKind = z.infer<typeof ScriptKind>;

/** Python source with its identity. */
export const Script = z.object({
  id: field(z.string().regex(/^[0-9a-f]{32}$/), {
    description: 'Same for the same content anywhere; for a source without content, the same for its place.',
    sensitivity: 'public',
  }),
  kind: field(ScriptKind, {
    description: 'How the source reached the interpreter.',
    sensitivity: 'public',
    source: 'OCSF script',
  }),
  name: field(z.string(), {
    description: 'File name, module name, or (command), (stdin), (interactive).',
    sensitivity: 'internal',
  }),
  path: field(z.string().optional(), { description: 'Absolute path, where it has one.', sensitivity: 'internal' }),
  sha256: field(
    z
      .string()
      .regex(/^[0-9a-f]{64}$/)
      .optional(),
    { description: 'SHA-256 of the source.', sensitivity: 'public' },
  ),
  sizeBytes: field(z.int().nonnegative().optional(), {
    description: 'Size of the source.',
    sensitivity: 'public',
    unit: 'By',
  }),
});
export type Script = z.infer<typeof Script>;
