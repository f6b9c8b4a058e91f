import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { AuditRecordTable } from '../audit/audit-trail.ts';
import type { AccountTable } from './account.ts';
import type { BatchMarkTable } from './batch-mark.ts';
import type { EndpointTable } from './endpoint.ts';
import type { EnrolmentTokenTable } from './enrolment-token.ts';
import type { InventoryItemTable, InventoryTable } from './inventory.ts';
import { controlMigrations } from './migrations/control/all.ts';
import type { QuarantineTable } from './quarantine.ts';
import type { SessionTable } from './session.ts';
import type { SignInLinkTable } from './sign-in-link.ts';
import { sqliteDialect } from './sqlite-dialect.ts';

/** Tables of the control store. */
interface ControlTables {
  account: AccountTable;
  audit_record: AuditRecordTable;
  session: SessionTable;
  sign_in_link: SignInLinkTable;
  enrolment_token: EnrolmentTokenTable;
  endpoint: EndpointTable;
  batch_mark: BatchMarkTable;
  quarantine: QuarantineTable;
  inventory: InventoryTable;
  inventory_item: InventoryItemTable;
}

/** People, endpoints, tokens and acknowledgement marks: small and transactional. */
export type ControlStore = Kysely<ControlTables>;

/**
 * Opens the control store and brings its tables to the form that this program needs.
 * @throws Error if a newer program wrote it.
 */
export async function openControlStore(file: string): Promise<ControlStore> {
  const store: ControlStore = new Kysely<ControlTables>({ dialect: sqliteDialect(file) });
  try {
    const migrator = new Migrator({ db: store, provider: { getMigrations: async () => ({ ...controlMigrations }) } });
    await refuseNewer(store);
    const { error } = await migrator.migrateToLatest();
    if (error !== undefined) throw new Error('the control store cannot be brought up to date', { cause: error });
    return store;
  } catch (error) {
    await store.destroy();
    throw error;
  }
}

async function refuseNewer(store: ControlStore): Promise<void> {
  const tables = await store.introspection.getTables({ withInternalKyselyTables: true });
  if (!tables.some(({ name }) => name === 'kysely_migration')) return;
  const applied = await store
    .withTables<{ kysely_migration: { name: string } }>()
    .selectFrom('kysely_migration')
    .select('name')
    .execute();
  const unknown = applied.find(({ name }) => controlMigrations[name] === undefined);
  if (unknown === undefined) return;
  throw new Error(
    `the control store has migration "${unknown.name}", which this program does not know: it was written by a newer version`,
  );
}
