import type { Kysely } from 'kysely';
import { withoutRowid } from './column-types.ts';

/** Who may do what and see what, how they prove who they are, and what they did, chained by hashes. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await addAuditRecords(database);
  await extendAccounts(database);
  await extendSessions(database);
  await addProofs(database);
  await addApiTokens(database);
  await addGroups(database);
  await addIdempotencyKeys(database);
}

async function addAuditRecords({ schema }: Kysely<unknown>): Promise<void> {
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

async function extendAccounts({ schema }: Kysely<unknown>): Promise<void> {
  const account = (name: string) => schema.alterTable('account').addColumn(name, 'text');
  const list = (name: string) =>
    schema.alterTable('account').addColumn(name, 'text', (column) => column.notNull().defaultTo('[]'));
  await list('other_roles').execute();
  await list('departments').execute();
  await list('os_users').execute();
  for (const name of ['display_name', 'email', 'external_id', 'oidc_issuer', 'oidc_subject', 'totp_secret'])
    await account(name).execute();
  await schema
    .alterTable('account')
    .addColumn('kind', 'text', (column) => column.notNull().defaultTo('person'))
    .execute();
  await schema
    .alterTable('account')
    .addColumn('source', 'text', (column) => column.notNull().defaultTo('local'))
    .execute();
  await schema
    .alterTable('account')
    .addColumn('is_active', 'integer', (column) => column.notNull().defaultTo(1))
    .execute();
  await schema
    .alterTable('account')
    .addColumn('is_break_glass', 'integer', (column) => column.notNull().defaultTo(0))
    .execute();
  await schema.alterTable('account').addColumn('totp_step', 'bigint').execute();
  await schema.alterTable('account').addColumn('updated_at', 'bigint').execute();
  await schema.createIndex('account_oidc').on('account').columns(['oidc_issuer', 'oidc_subject']).unique().execute();
  await schema.alterTable('endpoint').addColumn('department', 'text').execute();
  await schema.createIndex('endpoint_department').on('endpoint').column('department').execute();
}

async function extendSessions({ schema }: Kysely<unknown>): Promise<void> {
  for (const name of ['id', 'address', 'client', 'method'])
    await schema.alterTable('session').addColumn(name, 'text').execute();
  await schema.alterTable('session').addColumn('last_seen_at', 'bigint').execute();
  await schema.createIndex('session_account').on('session').column('account_id').execute();
}

async function addProofs(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('passkey')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('public_key', 'text', (column) => column.notNull())
    .addColumn('counter', 'bigint', (column) => column.notNull())
    .addColumn('transports', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('last_used_at', 'bigint')
    .execute();
  await schema.createIndex('passkey_account').on('passkey').column('account_id').execute();
  await withoutRowid(
    database,
    schema
      .createTable('recovery_code')
      .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
      .addColumn('code_hash', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('recovery_code_key', ['account_id', 'code_hash']),
  ).execute();
  await schema
    .createTable('sign_in_challenge')
    .addColumn('token_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('account_id', 'text', (column) => column.references('account.id').onDelete('cascade'))
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('sign_in_lock')
    .addColumn('name_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('failures', 'integer', (column) => column.notNull())
    .addColumn('locked_until', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
}

async function addApiTokens({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('api_token')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('permissions', 'text', (column) => column.notNull())
    .addColumn('created_by', 'text', (column) => column.notNull())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('last_used_at', 'bigint')
    .addColumn('last_address', 'text')
    .addColumn('revoked_at', 'bigint')
    .execute();
  await schema.createIndex('api_token_account').on('api_token').column('account_id').execute();
}

async function addGroups(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('scim_group')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('display_name', 'text', (column) => column.notNull().unique())
    .addColumn('external_id', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await withoutRowid(
    database,
    schema
      .createTable('scim_group_member')
      .addColumn('group_id', 'text', (column) => column.notNull().references('scim_group.id').onDelete('cascade'))
      .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
      .addPrimaryKeyConstraint('scim_group_member_key', ['group_id', 'account_id']),
  ).execute();
}

async function addIdempotencyKeys({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('idempotency_key')
    .addColumn('key_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('request_hash', 'text', (column) => column.notNull())
    .addColumn('answer', 'text')
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('idempotency_key_expires_at').on('idempotency_key').column('expires_at').execute();
}
