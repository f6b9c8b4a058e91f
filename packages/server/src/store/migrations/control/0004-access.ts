import type { Kysely } from 'kysely';

/** What people did, chained by hashes. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('audit_record')
    .addColumn('number', 'bigint', (column) => column.primaryKey().notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('actor_id', 'text', (column) => column.notNull())
    .addColumn('actor_name', 'text', (column) => column.notNull())
    .addColumn('action', 'text', (column) => column.notNull())
    .addColumn('object_kind', 'text', (column) => column.notNull())
    .addColumn('object_id', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('hash', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('audit_record_at').on('audit_record').column('at').execute();
  await schema.createIndex('audit_record_actor').on('audit_record').columns(['actor_id', 'at']).execute();
  await schema
    .createIndex('audit_record_object')
    .on('audit_record')
    .columns(['object_kind', 'object_id', 'at'])
    .execute();
}
