import { type PolicyStage, SentinelError } from '@sentinel/protocol';
import type { Actor } from '../audit/audit-trail.ts';
import type { Services } from '../services.ts';
import {
  changeVersion,
  compiledOf,
  findVersion,
  listVersions,
  needsSecondPerson,
  type PolicyVersionTable,
} from '../store/policy-version.ts';
import { measureHealth } from './measure-health.ts';
import { nextStep } from './next-step.ts';

type Parts = Pick<Services, 'control' | 'events' | 'audit' | 'signals'>;

/** Topic on which servers tell each other, and agents, that what should hold has changed. */
export const POLICY_TOPIC = 'policy';

/** A version that must be there. @throws SentinelError `not-found`. */
export async function versionOf(
  { control }: Pick<Services, 'control'>,
  policyId: string,
  version: number,
): Promise<PolicyVersionTable> {
  const row = await findVersion(control, policyId, version);
  if (row === undefined) throw new SentinelError('not-found', `There is no version ${version} of ${policyId}.`);
  return row;
}

/** Takes a version one step on. @throws SentinelError `conflict` with the gate that is shut. */
export async function advance(
  parts: Parts,
  actor: Actor,
  row: PolicyVersionTable,
  { reason, isEarly }: { readonly reason: string; readonly isEarly: boolean },
  nowMs: number,
): Promise<PolicyVersionTable> {
  const { control } = parts;
  const compiled = compiledOf(row);
  const others = (await listVersions(control, row.policy_id)).filter(({ version }) => version !== row.version);
  const rival = others.find(({ stage }) => stage === 'shadow' || stage === 'rollout');
  const isWatched = row.stage === 'shadow' || row.stage === 'rollout';
  const health = isWatched ? await measureHealth(parts, row, nowMs) : undefined;
  const step = nextStep(
    {
      stage: row.stage,
      percent: row.percent,
      stageSinceMs: row.stage_since,
      mode: compiled.mode,
      needsApproval: needsSecondPerson(compiled),
      isApproved: isApproved(row),
      health,
      rival: rival?.version,
      isEarly,
    },
    nowMs,
  );
  if (step.stage === undefined) throw new SentinelError('conflict', step.gate);
  const moved = await move(parts, row, step, nowMs);
  if (step.stage === 'enforced') {
    for (const other of others.filter(({ stage }) => stage === 'enforced'))
      await changeVersion(control, other, { stage: 'superseded', percent: 0, stage_since: nowMs });
  }
  await tell(parts, actor, 'policy.advance', row, moved, reason, isEarly ? { isEarly } : {});
  return moved;
}

/** Takes a version back. */
export async function withdraw(
  parts: Parts,
  actor: Actor,
  row: PolicyVersionTable,
  reason: string,
  nowMs: number,
): Promise<PolicyVersionTable> {
  if (row.stage === 'withdrawn' || row.stage === 'superseded')
    throw new SentinelError('conflict', `It was ${row.stage} already.`);
  const moved = await move(parts, row, { stage: 'withdrawn', percent: 0 }, nowMs);
  await tell(parts, actor, 'policy.withdraw', row, moved, reason);
  return moved;
}

/** Enforces a version again that was in force before; what is on its way or in force now is withdrawn. */
export async function rollBack(
  parts: Parts,
  actor: Actor,
  row: PolicyVersionTable,
  reason: string,
  nowMs: number,
): Promise<PolicyVersionTable> {
  if (row.stage !== 'superseded')
    throw new SentinelError('conflict', 'Only a version that was in force before can come back.');
  if (needsSecondPerson(compiledOf(row)) && isApproved(row) !== true)
    throw new SentinelError('conflict', 'No second person ever agreed to it.');
  const others = await listVersions(parts.control, row.policy_id);
  for (const other of others.filter(({ stage }) => stage === 'enforced' || stage === 'rollout' || stage === 'shadow'))
    await changeVersion(parts.control, other, { stage: 'withdrawn', percent: 0, stage_since: nowMs });
  const moved = await move(parts, row, { stage: 'enforced', percent: 100 }, nowMs);
  await tell(parts, actor, 'policy.rollback', row, moved, reason);
  return moved;
}

/** What the second person said; undefined before. */
export function isApproved({ decision }: Pick<PolicyVersionTable, 'decision'>): boolean | undefined {
  return decision === null ? undefined : (JSON.parse(decision) as { isApproved: boolean }).isApproved;
}

/** Puts a version into a stage. @throws SentinelError `conflict` where somebody else was faster. */
export async function move(
  { control }: Pick<Services, 'control'>,
  row: PolicyVersionTable,
  to: { readonly stage: PolicyStage; readonly percent: number },
  nowMs: number,
): Promise<PolicyVersionTable> {
  const change = { stage: to.stage, percent: to.percent, stage_since: nowMs, health: null };
  if (!(await changeVersion(control, row, change)))
    throw new SentinelError('conflict', 'Somebody else moved it at the same time.');
  return { ...row, ...change };
}

/** Keeps a move in the audit trail and tells the other servers. */
export async function tell(
  { audit, signals }: Pick<Services, 'audit' | 'signals'>,
  actor: Actor,
  action: string,
  before: PolicyVersionTable,
  after: PolicyVersionTable,
  reason: string,
  more: object = {},
): Promise<void> {
  await audit.record(actor, {
    action,
    object: { kind: 'policy', id: `${after.policy_id}@${after.version}` },
    before: { stage: before.stage, percent: before.percent },
    after: { stage: after.stage, percent: after.percent, ...more },
    reason,
  });
  await signals.publish(POLICY_TOPIC, after.policy_id);
}
