import { type Kysely, sql } from 'kysely';
import { bytesType, withoutRowid } from './column-types.ts';

/** Accounts, sessions, endpoints, tokens, batch marks, quarantine. Times are milliseconds since 1970 in UTC. */
export async function up(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('account')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('user_name', 'text', (column) => column.notNull().unique())
    .addColumn('role', 'text', (column) => column.notNull())
    .addColumn('password_hash', 'text')
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('session')
    .addColumn('token_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('sign_in_link')
    .addColumn('token_hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('account_id', 'text', (column) => column.notNull().references('account.id').onDelete('cascade'))
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('enrolment_token')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('token_hash', 'text', (column) => column.notNull().unique())
    .addColumn('created_at', 'bigint', (column) => column.notNull())
    .addColumn('expires_at', 'bigint', (column) => column.notNull())
    .addColumn('uses_left', 'integer', (column) => column.notNull())
    .execute();
  await schema
    .createTable('endpoint')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('credential_hash', 'text', (column) => column.notNull().unique())
    .addColumn('facts', 'text', (column) => column.notNull())
    .addColumn('enrolled_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint')
    .addColumn('counters', 'text')
    .execute();
  const batchMark = schema
    .createTable('batch_mark')
    .addColumn('endpoint_id', 'text', (column) => column.notNull().references('endpoint.id').onDelete('cascade'))
    .addColumn('spool_id', 'text', (column) => column.notNull())
    .addColumn('sequence', 'bigint', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('rows_stored', 'integer', (column) => column.notNull())
    .addColumn('rows_set_aside', 'integer', (column) => column.notNull())
    .addColumn('stored_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('batch_mark_key', ['endpoint_id', 'spool_id', 'sequence']);
  await withoutRowid(database, batchMark).execute();
  await schema.createIndex('batch_mark_stored_at').on('batch_mark').column('stored_at').execute();
  await schema
    .createTable('quarantine')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('endpoint_id', 'text', (column) => column.notNull().references('endpoint.id').onDelete('cascade'))
    .addColumn('kind', 'text', (column) => column.notNull().check(sql`kind in ('batch', 'row')`))
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('size_bytes', 'bigint', (column) => column.notNull())
    .addColumn('body', bytesType(database), (column) => column.notNull())
    .addColumn('spool_id', 'text')
    .addColumn('sequence', 'bigint')
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .addColumn('times', 'integer', (column) => column.notNull().defaultTo(1))
    .addUniqueConstraint('quarantine_content', ['endpoint_id', 'kind', 'sha256'])
    .execute();
  await schema.createIndex('quarantine_received_at').on('quarantine').column('received_at').execute();
}
