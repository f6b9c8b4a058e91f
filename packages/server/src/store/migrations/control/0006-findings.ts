import type { Kysely } from 'kysely';
import { withoutRowid } from './column-types.ts';

/** What the company knows, what scripts are, what rules found in runs, and what people decided about it. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await addCompany(database);
  await addScripts(database);
  await addJudging(database);
  await addFindings(database);
  await addRisk(database);
}

async function addCompany({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('department')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('custodian', 'text')
    .addColumn('calendar', 'text')
    .addColumn('schedules', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('responsibility')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('place', 'integer', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('match', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('data_place')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('match', 'text', (column) => column.notNull())
    .addColumn('labels', 'text', (column) => column.notNull())
    .addColumn('name', 'text')
    .addColumn('is_share', 'integer', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('company_setting')
    .addColumn('name', 'text', (column) => column.primaryKey().notNull())
    .addColumn('value', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('package_verdict')
    .addColumn('distribution', 'text', (column) => column.notNull())
    .addColumn('version', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('verdict', 'text', (column) => column.notNull())
    .addColumn('source', 'text', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('package_verdict_key', ['distribution', 'version', 'kind'])
    .execute();
}

async function addScripts(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('script_facts')
    .addColumn('sha256', 'text', (column) => column.primaryKey().notNull())
    .addColumn('family_id', 'text')
    .addColumn('facts', 'text', (column) => column.notNull())
    .addColumn('risk_score', 'integer')
    .addColumn('endpoint_id', 'text', (column) => column.notNull())
    .addColumn('received_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('script_facts_family').on('script_facts').column('family_id').execute();
  await schema
    .createTable('family')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('path', 'text')
    .addColumn('sanction', 'text')
    .addColumn('owner', 'text')
    .addColumn('department_id', 'text')
    .addColumn('author', 'text')
    .addColumn('first_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint')
    .execute();
  await schema.createIndex('family_last_seen').on('family').columns(['last_seen_at', 'id']).execute();
  await schema
    .createTable('family_syntax')
    .addColumn('hash', 'text', (column) => column.primaryKey().notNull())
    .addColumn('family_id', 'text', (column) => column.notNull())
    .addColumn('since', 'bigint', (column) => column.notNull())
    .execute();
  await schema
    .createTable('family_copy')
    .addColumn('family_id', 'text', (column) => column.notNull())
    .addColumn('script_id', 'text', (column) => column.notNull())
    .addColumn('endpoint_id', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('host_name', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text')
    .addColumn('first_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('family_copy_key', ['script_id', 'endpoint_id', 'path', 'user_name'])
    .execute();
  await schema.createIndex('family_copy_family').on('family_copy').column('family_id').execute();
  await schema.createIndex('family_copy_path').on('family_copy').columns(['endpoint_id', 'path']).execute();
  await schema.createIndex('family_copy_sha256').on('family_copy').column('sha256').execute();
  await schema
    .createTable('family_event')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('family_id', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('who', 'text', (column) => column.notNull())
    .addColumn('change', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('family_event_family').on('family_event').columns(['family_id', 'at']).execute();
}

async function addJudging(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await withoutRowid(
    database,
    schema
      .createTable('run_to_judge')
      .addColumn('run_id', 'text', (column) => column.primaryKey().notNull())
      .addColumn('changed_at', 'bigint', (column) => column.notNull())
      .addColumn('due_at', 'bigint', (column) => column.notNull()),
  ).execute();
  await schema.createIndex('run_to_judge_due').on('run_to_judge').column('due_at').execute();
  await schema
    .createTable('judged_run')
    .addColumn('run_id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('endpoint_id', 'text', (column) => column.notNull())
    .addColumn('family_id', 'text', (column) => column.notNull())
    .addColumn('script_id', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text')
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('host_name', 'text', (column) => column.notNull())
    .addColumn('department_id', 'text')
    .addColumn('started_at', 'bigint', (column) => column.notNull())
    .addColumn('ended_at', 'bigint')
    .addColumn('is_running', 'integer', (column) => column.notNull())
    .addColumn('labels', 'text', (column) => column.notNull())
    .addColumn('is_customer', 'integer', (column) => column.notNull())
    .addColumn('summary', 'text', (column) => column.notNull())
    .addColumn('judged_at', 'bigint', (column) => column.notNull())
    .addColumn('problems', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('judged_run_family').on('judged_run').columns(['family_id', 'started_at']).execute();
  await schema.createIndex('judged_run_started').on('judged_run').column('started_at').execute();
  await schema.createIndex('judged_run_customer').on('judged_run').columns(['is_customer', 'started_at']).execute();
  await schema.createIndex('judged_run_sha256').on('judged_run').columns(['sha256', 'started_at']).execute();
  await schema
    .createTable('run_touch')
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('place', 'integer', (column) => column.notNull())
    .addColumn('family_id', 'text', (column) => column.notNull())
    .addColumn('endpoint_id', 'text', (column) => column.notNull())
    .addColumn('department_id', 'text')
    .addColumn('direction', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('name', 'text', (column) => column.notNull())
    .addColumn('labels', 'text', (column) => column.notNull())
    .addColumn('row_count', 'bigint', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addPrimaryKeyConstraint('run_touch_key', ['run_id', 'place'])
    .execute();
  await schema.createIndex('run_touch_at').on('run_touch').columns(['at']).execute();
  await schema.createIndex('run_touch_family').on('run_touch').columns(['family_id', 'at']).execute();
  await schema
    .createTable('labelled_file')
    .addColumn('endpoint_id', 'text', (column) => column.notNull())
    .addColumn('path', 'text', (column) => column.notNull())
    .addColumn('labels', 'text', (column) => column.notNull())
    .addColumn('family_id', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('bytes', 'bigint', (column) => column.notNull())
    .addColumn('made_at', 'bigint', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addColumn('gone_at', 'bigint')
    .addPrimaryKeyConstraint('labelled_file_key', ['endpoint_id', 'path'])
    .execute();
  await schema.createIndex('labelled_file_family').on('labelled_file').column('family_id').execute();
}

async function addFindings(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await schema
    .createTable('finding')
    .addColumn('fingerprint', 'text', (column) => column.primaryKey().notNull())
    .addColumn('id', 'text', (column) => column.notNull().unique())
    .addColumn('rule_id', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('severity', 'integer', (column) => column.notNull())
    .addColumn('confidence', 'text', (column) => column.notNull())
    .addColumn('techniques', 'text', (column) => column.notNull())
    .addColumn('controls', 'text', (column) => column.notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('accepted_until', 'bigint')
    .addColumn('owner', 'text')
    .addColumn('family_id', 'text', (column) => column.notNull())
    .addColumn('script_id', 'text', (column) => column.notNull())
    .addColumn('script_name', 'text', (column) => column.notNull())
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('host_name', 'text', (column) => column.notNull())
    .addColumn('endpoint_id', 'text', (column) => column.notNull())
    .addColumn('department_id', 'text')
    .addColumn('first_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('last_seen_at', 'bigint', (column) => column.notNull())
    .addColumn('occurrences', 'integer', (column) => column.notNull())
    .addColumn('last_run_id', 'text', (column) => column.notNull())
    .addColumn('evidence', 'text', (column) => column.notNull())
    .addColumn('state_at', 'bigint', (column) => column.notNull())
    .addColumn('updated_at', 'bigint', (column) => column.notNull())
    .execute();
  await schema.createIndex('finding_order').on('finding').columns(['severity', 'last_seen_at', 'id']).execute();
  await schema.createIndex('finding_family').on('finding').column('family_id').execute();
  await schema
    .createTable('finding_run')
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('endpoint_id', 'text', (column) => column.notNull())
    .addColumn('host_name', 'text', (column) => column.notNull())
    .addColumn('user_name', 'text', (column) => column.notNull())
    .addColumn('seen_at', 'bigint', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('severity', 'integer', (column) => column.notNull())
    .addColumn('evidence', 'text', (column) => column.notNull())
    .addPrimaryKeyConstraint('finding_run_key', ['fingerprint', 'run_id'])
    .execute();
  await schema.createIndex('finding_run_run').on('finding_run').column('run_id').execute();
  await schema.createIndex('finding_run_seen').on('finding_run').columns(['fingerprint', 'seen_at']).execute();
  await schema
    .createTable('finding_event')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('who', 'text', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('content', 'text', (column) => column.notNull())
    .execute();
  await schema.createIndex('finding_event_of').on('finding_event').columns(['fingerprint', 'at']).execute();
  await schema
    .createTable('notification')
    .addColumn('fingerprint', 'text', (column) => column.notNull())
    .addColumn('day', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addColumn('kind', 'text', (column) => column.notNull())
    .addColumn('title', 'text', (column) => column.notNull())
    .addColumn('severity', 'integer', (column) => column.notNull())
    .addPrimaryKeyConstraint('notification_key', ['fingerprint', 'day'])
    .execute();
  await schema.createIndex('notification_at').on('notification').column('at').execute();
}

async function addRisk(database: Kysely<unknown>): Promise<void> {
  await withoutRowid(
    database,
    database.schema
      .createTable('risk_day')
      .addColumn('kind', 'text', (column) => column.notNull())
      .addColumn('subject', 'text', (column) => column.notNull())
      .addColumn('day', 'text', (column) => column.notNull())
      .addColumn('score', 'integer', (column) => column.notNull())
      .addColumn('name', 'text', (column) => column.notNull())
      .addPrimaryKeyConstraint('risk_day_key', ['kind', 'subject', 'day']),
  ).execute();
}
