import { isStricter } from '@sentinel/policy';
import {
  type CompiledPolicy,
  type KeptSimulation,
  LIVE_STAGES,
  type PolicyAct,
  type PolicyHealth,
  type PolicyRemark,
  type PolicyStage,
  type PolicyVersionRow,
  type SimulatedStatement,
} from '@sentinel/protocol';
import type { ControlStore } from './control-store.ts';

/** Row of a version of a policy. */
export interface PolicyVersionTable {
  policy_id: string;
  version: number;
  title: string;
  owner: string | null;
  /** The file as it was written. */
  source: string;
  /** CompiledPolicy as JSON, mode as its author wrote it. */
  compiled: string;
  /** PolicyRemark[] as JSON. */
  remarks: string;
  examples: number;
  author_id: string;
  author_name: string;
  reason: string;
  ticket: string | null;
  saved_at: number;
  stage: PolicyStage;
  /** Share of the endpoints that enforce it. */
  percent: number;
  stage_since: number;
  /** KeptSimulation as JSON. */
  simulation: string | null;
  /** SimulatedStatement[] as JSON. */
  simulated: string | null;
  /** Decision of the second person: PolicyAct with isApproved, as JSON. */
  decision: string | null;
  /** PolicyHealth as JSON. */
  health: string | null;
}

/** Every version of a policy, newest first. */
export function listVersions(store: ControlStore, policyId: string): Promise<PolicyVersionTable[]> {
  return store
    .selectFrom('policy_version')
    .selectAll()
    .where('policy_id', '=', policyId)
    .orderBy('version', 'desc')
    .execute();
}

/** One version of a policy. */
export function findVersion(
  store: ControlStore,
  policyId: string,
  version: number,
): Promise<PolicyVersionTable | undefined> {
  return store
    .selectFrom('policy_version')
    .selectAll()
    .where('policy_id', '=', policyId)
    .where('version', '=', version)
    .executeTakeFirst();
}

/** Versions that endpoints have, by policy and version. */
export function listLiveVersions(store: ControlStore): Promise<PolicyVersionTable[]> {
  return store
    .selectFrom('policy_version')
    .selectAll()
    .where('stage', 'in', LIVE_STAGES)
    .orderBy('policy_id')
    .orderBy('version')
    .execute();
}

/** Ids of all policies, in order, with the number of their newest version. */
export async function listPolicyIds(store: ControlStore): Promise<{ id: string; newest: number }[]> {
  return store
    .selectFrom('policy_version')
    .select(({ fn }) => ['policy_id as id', fn.max('version').as('newest')])
    .groupBy('policy_id')
    .orderBy('policy_id')
    .execute();
}

/** Versions of some policies that are the newest or live. */
export async function listShownVersions(
  store: ControlStore,
  policies: readonly { readonly id: string; readonly newest: number }[],
): Promise<Map<string, { newest: PolicyVersionTable; live: PolicyVersionTable | undefined }>> {
  if (policies.length === 0) return new Map();
  const rows = await store
    .selectFrom('policy_version')
    .selectAll()
    .where(
      'policy_id',
      'in',
      policies.map(({ id }) => id),
    )
    .orderBy('version')
    .execute();
  const shown = new Map<string, { newest: PolicyVersionTable; live: PolicyVersionTable | undefined }>();
  for (const row of rows)
    shown.set(row.policy_id, { newest: row, live: furtherOf(shown.get(row.policy_id)?.live, row) });
  return shown;
}

/** The live one of two versions that is further in its life; of two alike, the newer. */
function furtherOf(one: PolicyVersionTable | undefined, other: PolicyVersionTable): PolicyVersionTable | undefined {
  const rank = (row: PolicyVersionTable) => LIVE_STAGES.indexOf(row.stage);
  if (rank(other) < 0) return one;
  return one === undefined || rank(other) >= rank(one) ? other : one;
}

/** Changes a version, only while it is still in the stage and ring that the caller saw; says whether it was. */
export async function changeVersion(
  store: ControlStore,
  seen: Pick<PolicyVersionTable, 'policy_id' | 'version' | 'stage' | 'percent'>,
  change: Partial<Omit<PolicyVersionTable, 'policy_id' | 'version' | 'source' | 'compiled'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable('policy_version')
    .set(change)
    .where('policy_id', '=', seen.policy_id)
    .where('version', '=', seen.version)
    .where('stage', '=', seen.stage)
    .where('percent', '=', seen.percent)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** The normal form of a version. */
export function compiledOf(row: Pick<PolicyVersionTable, 'compiled'>): CompiledPolicy {
  return JSON.parse(row.compiled) as CompiledPolicy;
}

/** Whether a policy stops or changes acts and is meant to: then it takes two people. */
export function needsSecondPerson({ mode, statements }: CompiledPolicy): boolean {
  return mode === 'enforce' && statements.some(({ effect }) => isStricter(effect, 'warn'));
}

/** The domain shape of a row. */
export function toVersionRow(row: PolicyVersionTable): PolicyVersionRow {
  const compiled = compiledOf(row);
  return {
    policyId: row.policy_id,
    version: row.version,
    title: row.title,
    mode: compiled.mode,
    stage: row.stage,
    percent: row.percent,
    stageSince: new Date(row.stage_since).toISOString(),
    author: row.author_name,
    savedAt: new Date(row.saved_at).toISOString(),
    reason: row.reason,
    ...(row.ticket === null ? {} : { ticket: row.ticket }),
    examples: row.examples,
    remarks: JSON.parse(row.remarks) as PolicyRemark[],
    needsApproval: needsSecondPerson(compiled),
    ...(row.decision === null
      ? {}
      : { approval: JSON.parse(row.decision) as PolicyAct & { readonly isApproved: boolean } }),
    ...(row.simulation === null ? {} : { simulation: JSON.parse(row.simulation) as KeptSimulation }),
    ...(row.health === null ? {} : { health: JSON.parse(row.health) as PolicyHealth }),
  };
}

/** What a version's simulation came to, by statement; empty without one. */
export function simulatedOf(row: Pick<PolicyVersionTable, 'simulated'>): SimulatedStatement[] {
  return row.simulated === null ? [] : (JSON.parse(row.simulated) as SimulatedStatement[]);
}
