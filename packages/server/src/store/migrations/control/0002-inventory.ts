import type { Kysely } from 'kysely';
import { withoutRowid } from './column-types.ts';

/** Inventories of computers, with or without an agent, and what the newest of each holds. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('inventory')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('endpoint_id', 'text', (column) => column.references('endpoint.id').onDelete('set null'))
    .addColumn('host_key', 'text', (column) => column.notNull())
    .addColumn('host', 'text', (column) => column.notNull())
    .addColumn('product', 'text', (column) => column.notNull())
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addColumn('duration_ms', 'bigint', (column) => column.notNull())
    .addColumn('coverage', 'text', (column) => column.notNull())
    .addColumn('is_current', 'integer', (column) => column.notNull())
    .execute();
  await schema.createIndex('inventory_host').on('inventory').columns(['host_key', 'started_at']).execute();
  const item = schema
    .createTable('inventory_item')
    .addColumn('inventory_id', 'text', (column) => column.notNull().references('inventory.id').onDelete('cascade'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('place', 'integer', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('version', 'text')
    .addColumn('origin', 'text')
    .addColumn('score', 'integer')
    .addColumn('verdict', 'text')
    .addColumn('detail', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('inventory_item_key', ['inventory_id', 'kind', 'place']);
  await withoutRowid(database, item).execute();
  await schema.createIndex('inventory_item_name').on('inventory_item').columns(['kind', 'name', 'version']).execute();
}
