import type { Kysely } from 'kysely';

/** Data files that agents looked into: kinds and counts, never a value. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema
    .createTable('sampled_file')
    .addColumn('endpoint_id', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('labels', 'text', (column) => column.notNull())
    .addColumn('kinds', 'text', (column) => column.notNull())
    .addColumn('size_bytes', 'bigint', (column) => column.notNull())
    .addColumn('sampled_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('sampled_file_key', ['endpoint_id', 'path'])
    .execute();
}
