import type { Kysely } from 'kysely';
import { withoutRowid } from './column-types.ts';

/** Versions of policies and their life, objections, waivers, approvals of scripts, break-glass. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await addVersions(database);
  await addObjections(database);
  await addWaivers(database);
  await addApprovals(database);
  await addBreakGlass(database);
}

async function addVersions(database: Kysely<unknown>): Promise<void> {
  const { schema } = database;
  await withoutRowid(
    database,
    schema
      .createTable('policy_version')
      .addColumn('policy_id', 'text', (column) => column.notNull())
      .addColumn('version', 'integer', (column) => column.notNull())
      .addColumn('title', 'text', (column) => column.notNull())
      .addColumn('owner', 'text')
      .addColumn('source', 'text', (column) => column.notNull())
      .addColumn('compiled', 'text', (column) => column.notNull())
      .addColumn('remarks', 'text', (column) => column.notNull())
      .addColumn('examples', 'integer', (column) => column.notNull())
      .addColumn('author_id', 'text', (column) => column.notNull())
      .addColumn('author_name', 'text', (column) => column.notNull())
      .addColumn('reason', 'text', (column) => column.notNull())
      .addColumn('ticket', 'text')
      .addColumn('saved_at', 'bigint', (column) => column.notNull())
      .addColumn('stage', 'text', (column) => column.notNull())
      .addColumn('percent', 'integer', (column) => column.notNull())
      .addColumn('stage_since', 'bigint', (column) => column.notNull())
      .addColumn('simulation', 'text')
      .addColumn('simulated', 'text')
      .addColumn('decision', 'text')
      .addColumn('health', 'text')
      .addPrimaryKeyConstraint('policy_version_key', ['policy_id', 'version']),
  ).execute();
  await schema.createIndex('policy_version_stage').on('policy_version').column('stage').execute();
}

async function addObjections({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('policy_objection')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('policy_id', 'text', (column) => column.notNull())
    .addColumn('statement_id', 'text', (column) => column.notNull())
    .addColumn('run_id', 'text', (column) => column.notNull())
    .addColumn('account_id', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('at', 'bigint', (column) => column.notNull())
    .addUniqueConstraint('policy_objection_once', ['policy_id', 'statement_id', 'run_id', 'account_id'])
    .execute();
  await schema.createIndex('policy_objection_at').on('policy_objection').columns(['policy_id', 'at']).execute();
}

async function addWaivers({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('waiver')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('policy_id', 'text', (column) => column.notNull())
    .addColumn('statement_id', 'text', (column) => column.notNull())
    .addColumn('bound', 'text', (column) => column.notNull())
    .addColumn('owner', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('ticket', 'text')
    .addColumn('days', 'integer', (column) => column.notNull())
    .addColumn('asked_by_id', 'text', (column) => column.notNull())
    .addColumn('asked_by', 'text', (column) => column.notNull())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addColumn('decided_by', 'text')
    .addColumn('decided_at', 'bigint')
    .addColumn('decision_reason', 'text')
    .addColumn('until', 'bigint')
    .addColumn('warned_days', 'integer')
    .addColumn('uses', 'bigint', (column) => column.notNull().defaultTo(0))
    .addColumn('last_used_at', 'bigint')
    .addColumn('uses_counted_at', 'bigint')
    .execute();
  await schema.createIndex('waiver_state').on('waiver').columns(['state', 'until']).execute();
  await schema.createIndex('waiver_statement').on('waiver').columns(['policy_id', 'statement_id']).execute();
}

async function addApprovals({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('script_approval')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('sha256', 'text', (column) => column.notNull())
    .addColumn('script_name', 'text', (column) => column.notNull())
    .addColumn('script_path', 'text')
    .addColumn('script_id', 'text')
    .addColumn('family_hash', 'text')
    .addColumn('endpoint_id', 'text')
    .addColumn('requested_by_id', 'text')
    .addColumn('requested_by', 'text', (column) => column.notNull())
    .addColumn('requested_at', 'bigint', (column) => column.notNull())
    .addColumn('origin', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('ticket', 'text')
    .addColumn('terms', 'text', (column) => column.notNull())
    .addColumn('summary', 'text')
    .addColumn('decided_by_id', 'text')
    .addColumn('decided_by', 'text')
    .addColumn('decided_at', 'bigint')
    .addColumn('decision_reason', 'text')
    .addColumn('expires_at', 'bigint')
    .addColumn('evidence', 'text')
    .addColumn('carried_from', 'text')
    .execute();
  await schema.createIndex('script_approval_state').on('script_approval').columns(['state', 'requested_at']).execute();
  await schema.createIndex('script_approval_version').on('script_approval').columns(['sha256', 'state']).execute();
  await schema.createIndex('script_approval_family').on('script_approval').columns(['family_hash', 'state']).execute();
}

async function addBreakGlass({ schema }: Kysely<unknown>): Promise<void> {
  await schema
    .createTable('break_glass')
    .addColumn('id', 'text', (column) => column.primaryKey().notNull())
    .addColumn('state', 'text', (column) => column.notNull())
    .addColumn('reason', 'text', (column) => column.notNull())
    .addColumn('minutes', 'integer', (column) => column.notNull())
    .addColumn('asked_by_id', 'text', (column) => column.notNull())
    .addColumn('asked_by', 'text', (column) => column.notNull())
    .addColumn('asked_at', 'bigint', (column) => column.notNull())
    .addColumn('confirmed_by', 'text')
    .addColumn('until', 'bigint')
    .addColumn('ended_by', 'text')
    .execute();
  await schema.createIndex('break_glass_state').on('break_glass').column('state').execute();
}
