import type { Kysely } from 'kysely';
import { bytesType, withoutRowid } from './column-types.ts';

/** The vault, the directory of people, and what was decided when one of them left. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('vault_version')
    .addColumn('sha256', 'text', (column) => column.primaryKey().notNull())
    .addColumn('script_id', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('size_bytes', 'bigint', (column) => column.notNull())
    .addColumn('stored_bytes', 'bigint', (column) => column.notNull())
    .addColumn('secret_count', 'integer', (column) => column.notNull())
    .addColumn('secret_references', 'text', (column) => column.notNull())
    .addColumn('content', bytesType(database), (column) => column.notNull())
    .addColumn('collected_at', 'bigint', (column) => column.notNull())
    .addColumn('endpoint_id', 'text', (column) => column.notNull())
    .addColumn('restores', 'integer', (column) => column.notNull())
    .addColumn('restored_at', 'bigint')
    .addColumn('recipe', 'text')
    .addColumn('recipe_at', 'bigint')
    .execute();
  await schema.createIndex('vault_version_collected').on('vault_version').columns(['collected_at', 'sha256']).execute();
  await schema.createIndex('vault_version_script').on('vault_version').column('script_id').execute();
  await schema
    .createTable('vault_setting')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createTable('person')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('user_name', 'text', (column) => column.notNull().unique())
    .addColumn('display_name', 'text', (column) => column.notNull())
    .addColumn('department', 'text')
    .addColumn('manager', 'text')
    .addColumn('accounts', 'text', (column) => column.notNull())
    .addColumn('status', 'text', (column) => column.notNull())
    .addColumn('left_at', 'bigint')
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('person_status').on('person').columns(['status', 'left_at']).execute();
  await withoutRowid(
    database,
    schema
      .createTable('leaver_decision')
      .addColumn('person_id', 'text', (column) => column.notNull().references('person.id').onDelete('cascade'))
      .addColumn('script_id', 'text', (column) => column.notNull())
      .addColumn('measure', 'text', (column) => column.notNull())
      .addColumn('custodian', 'text')
      .addColumn('note', 'text')
      .addColumn('decided_by', 'text', (column) => column.notNull())
      .addColumn('decided_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('leaver_decision_key', ['person_id', 'script_id']),
  ).execute();
  await withoutRowid(
    database,
    schema
      .createTable('leaver_rotation')
      .addColumn('person_id', 'text', (column) => column.notNull().references('person.id').onDelete('cascade'))
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('rotated_by', 'text', (column) => column.notNull())
      .addColumn('rotated_at', 'bigint', (column) => column.notNull())
      .addPrimaryKeyConstraint('leaver_rotation_key', ['person_id', 'subject']),
  ).execute();
  await schema
    .createTable('leaver_certificate')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('person_id', 'text', (column) => column.notNull().references('person.id').onDelete('cascade'))
    .addColumn('issued_at', 'bigint', (column) => column.notNull())
    .addColumn('issued_by', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .execute();
  await schema
    .createIndex('leaver_certificate_person')
    .on('leaver_certificate')
    .columns(['person_id', 'issued_at'])
    .execute();
}
