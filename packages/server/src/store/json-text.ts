import { type Kysely, type RawBuilder, sql } from 'kysely';
import { isSqlite } from './migrations/control/column-types.ts';

/** The text of one key of a column that holds a JSON object as text. */
export function jsonText(
  store: Pick<Kysely<unknown>, 'getExecutor'>,
  column: string,
  key: string,
): RawBuilder<string | null> {
  return isSqlite(store)
    ? sql`(${sql.ref(column)} ->> ${sql.lit(`$.${key}`)})`
    : sql`(cast(${sql.ref(column)} as json) ->> ${sql.lit(key)})`;
}
