import { type CreateTableBuilder, type Kysely, type RawBuilder, SqliteAdapter, sql } from 'kysely';

/** Whether the control store is SQLite; PostgreSQL otherwise. */
export function isSqlite(database: Pick<Kysely<unknown>, 'getExecutor'>): boolean {
  return database.getExecutor().adapter instanceof SqliteAdapter;
}

/** Column type of bytes. */
export function bytesType(database: Kysely<unknown>): RawBuilder<unknown> {
  return isSqlite(database) ? sql`blob` : sql`bytea`;
}

/** Ends a table's definition so that its key is its order, where the store knows that. */
export function withoutRowid<Table extends string, Column extends string>(
  database: Kysely<unknown>,
  table: CreateTableBuilder<Table, Column>,
): CreateTableBuilder<Table, Column> {
  return isSqlite(database) ? table.modifyEnd(sql`without rowid`) : table;
}
