import { z } from 'zod';

/** A reader of search parameters of all-optional shape: a bad one is left out instead of failing the page. */
export function tolerant<T extends z.ZodObject>(shape: T): z.ZodType<z.infer<T>> {
  return z.record(z.string(), z.unknown()).transform((given) => {
    const kept: Record<string, unknown> = {};
    for (const [name, schema] of Object.entries(shape.shape)) {
      const parsed = z.safeParse(schema, given[name]);
      if (parsed.success && parsed.data !== undefined && parsed.data !== '') kept[name] = parsed.data;
    }
    return kept as z.infer<T>;
  });
}
