import type { z } from 'zod';

/** How much a value tells about people or secrets; redaction, logs and exports read it. */
export type Sensitivity = 'public' | 'internal' | 'secret';

/** Metadata that every field of a shape carries. */
export interface FieldMeta {
  /** What the value is, in one sentence. */
  readonly description: string;
  readonly sensitivity: Sensitivity;
  /** Unit in UCUM notation: `By`, `ms`, `s`, `{row}`. Source: https://ucum.org */
  readonly unit?: string;
  /** The standard that the name or the values come from. */
  readonly source?: string;
}

/** Attaches the metadata to a schema; JSON Schema, OpenAPI and the docs repeat it. */
export function field<T extends z.ZodType>(schema: T, meta: FieldMeta): T {
  const { description, sensitivity, unit, source } = meta;
  return schema.meta({
    description,
    'x-sensitivity': sensitivity,
    ...(unit === undefined ? {} : { 'x-unit': unit }),
    ...(source === undefined ? {} : { 'x-source': source }),
  });
}
