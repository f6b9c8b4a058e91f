import { createHash } from 'node:crypto';
import type { SecretReference } from '@sentinel/analyser/redact-secrets';
import { z } from 'zod';

const Text = z.union([z.string(), z.array(z.string()).transform((lines) => lines.join(''))]);
const Word = z.string().max(100);
/** Source: nbformat 4, https://nbformat.readthedocs.io/en/latest/format_description.html */
const Notebook = z.object({
  nbformat: z.literal(4),
  nbformat_minor: z.int().default(5),
  metadata: z
    .object({
      kernelspec: z
        .object({ name: Word.optional(), display_name: Word.optional(), language: Word.optional() })
        .optional()
        .catch(undefined),
      language_info: z.object({ name: Word.optional(), version: Word.optional() }).optional().catch(undefined),
    })
    .default({}),
  cells: z.array(z.object({ cell_type: z.string(), source: Text, id: z.string().optional() })),
});

/** A notebook without what it showed. */
export interface CleanNotebook {
  /** Of its code alone: saving it again, or running it, does not make another version. */
  readonly sha256: string;
  readonly text: string;
  readonly references: readonly SecretReference[];
  readonly sizeBytes: number;
}

/**
 * What of a notebook may leave the computer: its code and text without credentials. Outputs are left out, for they hold data; so
 * are attachments and the counts of executions. Undefined for what is no notebook of version 4, or where credentials cannot be taken out.
 */
export function cleanNotebook(
  source: string,
  redact: (text: string) => { readonly text: string; readonly references: readonly SecretReference[] } | undefined,
): CleanNotebook | undefined {
  let content: unknown;
  try {
    content = JSON.parse(source);
  } catch {
    return undefined;
  }
  const parsed = Notebook.safeParse(content);
  if (!parsed.success) return undefined;
  const { nbformat, nbformat_minor, metadata } = parsed.data;
  const references = new Map<string, SecretReference>();
  const cells: object[] = [];
  const code = createHash('sha256');
  let line = 0;
  for (const { cell_type, source: text, id } of parsed.data.cells) {
    if (cell_type !== 'code' && cell_type !== 'markdown') continue;
    const redacted = redact(text);
    if (redacted === undefined) return undefined;
    for (const one of redacted.references)
      if (!references.has(one.reference)) references.set(one.reference, { ...one, line: one.line + line });
    line += text.split('\n').length;
    if (cell_type === 'code') code.update(text).update('\0');
    cells.push({
      cell_type,
      ...(id === undefined ? {} : { id }),
      metadata: {},
      source: redacted.text,
      ...(cell_type === 'code' ? { execution_count: null, outputs: [] } : {}),
    });
  }
  const text = `${JSON.stringify({ cells, metadata, nbformat, nbformat_minor }, null, 1)}\n`;
  return { sha256: code.digest('hex'), text, references: [...references.values()], sizeBytes: Buffer.byteLength(text) };
}
