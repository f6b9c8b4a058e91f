import type { Kysely } from 'kysely';

/** Scripts of an inventory by their content and by their family, so that copies that never ran are found. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema.alterTable('inventory_item').addColumn('sha256', 'text').execute();
  await schema.alterTable('inventory_item').addColumn('family_hash', 'text').execute();
  await schema.createIndex('inventory_item_sha256').on('inventory_item').column('sha256').execute();
  await schema.createIndex('inventory_item_family').on('inventory_item').column('family_hash').execute();
}
