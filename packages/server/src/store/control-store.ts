import { Kysely } from 'kysely';
import { Migrator } from 'kysely/migration';
import type { Logger } from 'pino';
import type { AuditRecordTable } from '../audit/audit-trail.ts';
import type { IdempotencyKeyTable } from '../http/idempotency.ts';
import type { PasskeyTable } from '../identity/passkeys.ts';
import type { RecoveryCodeTable } from '../identity/recovery-codes.ts';
import type { SignInChallengeTable } from '../identity/sign-in-challenge.ts';
import type { SignInLockTable } from '../identity/sign-in-lock.ts';
import type { JobLeaseTable } from '../jobs/job-lease.ts';
import { createLog } from '../log.ts';
import type { DisposalTable, RetentionRuleTable } from '../retention/dispose.ts';
import type { LegalHoldTable } from '../retention/hold.ts';
import type { AccountTable } from './account.ts';
import type { ActionRequestTable } from './action-request.ts';
import type { AgentActionEndpointTable, AgentActionTable } from './agent-action.ts';
import type { ApiTokenTable } from './api-token.ts';
import type { BatchMarkTable } from './batch-mark.ts';
import type { BreakGlassTable } from './break-glass.ts';
import type {
  CompanySettingTable,
  DataPlaceTable,
  DepartmentTable,
  PackageVerdictTable,
  ResponsibilityTable,
} from './company.ts';
import type { EndpointTable } from './endpoint.ts';
import type { EndpointSignalTable } from './endpoint-signal.ts';
import type { EnrolmentTokenTable } from './enrolment-token.ts';
import type { FamilyCopyTable, FamilyEventTable, FamilySyntaxTable, FamilyTable } from './family.ts';
import type { FindingEventTable, FindingRunTable, FindingTable, NotificationTable } from './finding.ts';
import type { InventoryItemTable, InventoryTable } from './inventory.ts';
import type { JudgedRunTable, LabelledFileTable, RunToJudgeTable, RunTouchTable } from './judged-run.ts';
import type { LeaverCertificateTable, LeaverDecisionTable, LeaverRotationTable } from './leaver.ts';
import { controlMigrations } from './migrations/control/all.ts';
import type { PersonTable } from './person.ts';
import type { PolicyBundleTable } from './policy-bundle.ts';
import type { PolicyObjectionTable } from './policy-objection.ts';
import type { PolicyVersionTable } from './policy-version.ts';
import { postgresDialect } from './postgres-dialect.ts';
import type { QuarantineTable } from './quarantine.ts';
import type { RiskDayTable } from './risk-day.ts';
import type { SampledFileTable } from './sampled-file.ts';
import type { ScimGroupMemberTable, ScimGroupTable } from './scim-group.ts';
import type { ScriptApprovalTable } from './script-approval.ts';
import type { ScriptFactsTable } from './script-facts.ts';
import type { SessionTable } from './session.ts';
import type { SignInLinkTable } from './sign-in-link.ts';
import { sqliteDialect } from './sqlite-dialect.ts';
import type { VaultSettingTable, VaultVersionTable } from './vault-version.ts';
import type { WaiverTable } from './waiver.ts';

/** Tables of the control store. */
interface ControlTables {
  account: AccountTable;
  api_token: ApiTokenTable;
  audit_record: AuditRecordTable;
  passkey: PasskeyTable;
  recovery_code: RecoveryCodeTable;
  sign_in_challenge: SignInChallengeTable;
  sign_in_lock: SignInLockTable;
  idempotency_key: IdempotencyKeyTable;
  scim_group: ScimGroupTable;
  scim_group_member: ScimGroupMemberTable;
  session: SessionTable;
  sign_in_link: SignInLinkTable;
  enrolment_token: EnrolmentTokenTable;
  endpoint: EndpointTable;
  endpoint_signal: EndpointSignalTable;
  agent_action: AgentActionTable;
  agent_action_endpoint: AgentActionEndpointTable;
  action_request: ActionRequestTable;
  policy_bundle: PolicyBundleTable;
  batch_mark: BatchMarkTable;
  quarantine: QuarantineTable;
  job_lease: JobLeaseTable;
  retention_rule: RetentionRuleTable;
  legal_hold: LegalHoldTable;
  disposal: DisposalTable;
  policy_version: PolicyVersionTable;
  policy_objection: PolicyObjectionTable;
  waiver: WaiverTable;
  script_approval: ScriptApprovalTable;
  break_glass: BreakGlassTable;
  inventory: InventoryTable;
  inventory_item: InventoryItemTable;
  department: DepartmentTable;
  responsibility: ResponsibilityTable;
  data_place: DataPlaceTable;
  company_setting: CompanySettingTable;
  package_verdict: PackageVerdictTable;
  script_facts: ScriptFactsTable;
  family: FamilyTable;
  family_syntax: FamilySyntaxTable;
  family_copy: FamilyCopyTable;
  family_event: FamilyEventTable;
  run_to_judge: RunToJudgeTable;
  judged_run: JudgedRunTable;
  run_touch: RunTouchTable;
  labelled_file: LabelledFileTable;
  sampled_file: SampledFileTable;
  finding: FindingTable;
  finding_run: FindingRunTable;
  finding_event: FindingEventTable;
  notification: NotificationTable;
  risk_day: RiskDayTable;
  leaver_certificate: LeaverCertificateTable;
  leaver_decision: LeaverDecisionTable;
  leaver_rotation: LeaverRotationTable;
  person: PersonTable;
  vault_setting: VaultSettingTable;
  vault_version: VaultVersionTable;
}

/** People, endpoints, tokens and acknowledgement marks: small and transactional. */
export type ControlStore = Kysely<ControlTables>;

/** Whether this names a PostgreSQL database rather than a file. */
export function isPostgresUrl(place: string): boolean {
  return /^postgres(?:ql)?:\/\//.test(place);
}

/**
 * Opens the control store, a file or `postgres://user@host/database`, and brings its tables to the form
 * that this program needs. Of several servers that start together one does that, the others wait.
 * @throws Error if a newer program wrote it.
 */
export async function openControlStore(place: string, log: Logger = createLog('silent')): Promise<ControlStore> {
  const store: ControlStore = new Kysely<ControlTables>({
    dialect: isPostgresUrl(place) ? postgresDialect(place, log) : sqliteDialect(place),
  });
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
