import type { Kysely } from 'kysely';
import { withoutRowid } from './column-types.ts';

/** Keys of endpoints in place of bearer credentials, numbers of their requests, published bundles, actions, signals of guards. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await extendEndpoints(database);
  await addBundles(database);
  await addActions(database);
  await addSignals(database);
}

async function extendEndpoints({ schema }: Kysely<unknown>): Promise<void> {
  await schema.alterTable('endpoint').renameColumn('credential_hash', 'key_hash').execute();
  for (const name of ['public_key', 'trust_report', 'sequence_server'])
    await schema.alterTable('endpoint').addColumn(name, 'text').execute();
  for (const name of ['endpoint_groups', 'boots'])
    await schema
      .alterTable('endpoint')
      .addColumn(name, 'text', (column) => column.notNull().defaultTo('[]'))
      .execute();
  for (const name of ['key_expires_at', 'cloned_at', 'policy_version'])
    await schema.alterTable('endpoint').addColumn(name, 'bigint').execute();
  await schema
    .alterTable('endpoint')
    .addColumn('sequence_ceiling', 'bigint', (column) => column.notNull().defaultTo(0))
    .execute();
}

async function addBundles({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('policy_bundle')
    .addColumn('version', 'bigint', (column) => column.primaryKey().notNull())
    .addColumn('organisation', 'text', (column) => column.notNull())
    .addColumn('bundle_groups', 'text', (column) => column.notNull())
    .addColumn('is_observe_only', 'integer', (column) => column.notNull())
    .addColumn('policies', 'integer', (column) => column.notNull())
    .addColumn('signed', 'text', (column) => column.notNull())
    .addColumn('issued_at', 'bigint', (column) => column.notNull())
    .addColumn('not_after', 'bigint', (column) => column.notNull())
    .addColumn('published_at', 'bigint', (column) => column.notNull())
    .addColumn('published_by', 'text', (column) => column.notNull())
    .execute();
}

async function addActions(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('agent_action')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('signed', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('not_after', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('agent_action_created').on('agent_action').columns(['created_at', 'id']).execute();
  await withoutRowid(
    database,
    schema
      .createTable('agent_action_endpoint')
      .addColumn('action_id', 'text', (column) => column.notNull().references('agent_action.id').onDelete('cascade'))
      .addColumn('endpoint_id', 'text', (column) => column.notNull().references('endpoint.id').onDelete('cascade'))
      .addColumn('state', 'text', (column) => column.notNull())
      .addColumn('sent_at', 'bigint')
      .addColumn('finished_at', 'bigint')
      .addColumn('detail', 'text')
      .addPrimaryKeyConstraint('agent_action_endpoint_key', ['action_id', 'endpoint_id']),
  ).execute();
  await schema
    .createIndex('agent_action_endpoint_open')
    .on('agent_action_endpoint')
    .columns(['endpoint_id', 'state'])
    .execute();
}

async function addSignals({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('endpoint_signal')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('endpoint_id', 'text', (column) => column.notNull().references('endpoint.id').onDelete('cascade'))
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('count', 'bigint', (column) => column.notNull())
    .addColumn('detail', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('endpoint_signal_at').on('endpoint_signal').columns(['at', 'id']).execute();
}
