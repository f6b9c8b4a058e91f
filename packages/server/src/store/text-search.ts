import { type RawBuilder, sql } from 'kysely';

/** Condition that is true where one of the columns holds a text, whatever the case. */
export function holdsText(text: string, columns: readonly string[]): RawBuilder<boolean> {
  const pattern = `%${text.toLowerCase().replaceAll(/[\\%_]/g, String.raw`\$&`)}%`;
  const parts = columns.map((column) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`);
  return sql<boolean>`(${sql.join(parts, sql` or `)})`;
}
