import type { Kysely } from 'kysely';

/** Actions that wait for the signature of an operator. */
export async function up({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('action_request')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('about', 'text')
    .addColumn('asked_by', 'text', (column) => column.notNull())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addColumn('signed', 'text')
    .addColumn('closed_by', 'text')
    .execute();
  await schema.createIndex('action_request_asked').on('action_request').column('asked_at').execute();
}
