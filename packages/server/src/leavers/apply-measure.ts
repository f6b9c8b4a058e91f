import type { LeaverDecision } from '@sentinel/protocol';
import type { Services } from '../services.ts';
import { askForAction } from '../store/action-request.ts';
import type { ControlStore } from '../store/control-store.ts';
import { decideFamily, type FamilyChange, resolveFamily } from '../store/family.ts';
import { addFindingEvent } from '../store/finding.ts';
import { type RunRecord, runSelection, toStoredRun } from '../store/run.ts';
import { findScriptFacts } from '../store/script-facts.ts';

/** What a measure changes of the script's family: who answers for it, and whether it may go on. */
const CHANGES: Readonly<Record<LeaverDecision['measure'], (decision: LeaverDecision) => FamilyChange>> = {
  'hand-over': ({ custodian }) => (custodian === undefined ? {} : { owner: custodian }),
  freeze: ({ custodian }) => ({ sanction: 'unsanctioned', ...(custodian === undefined ? {} : { owner: custodian }) }),
  retire: () => ({ sanction: 'retired' }),
};
/** Versions of one script that a freeze asks to have refused: those that its copies are in now. */
const MOST_FROZEN = 50;
/** Findings that a decision answers. */
const ANSWERED = ['script-without-living-owner', 'schedule-without-living-owner'];

/**
 * Carries a decision over to all copies and versions of the script. Nothing is deleted. What is frozen is also to be refused on
 * endpoints: that is asked for, and holds once an operator has signed it.
 * @returns ids of the requests that were made.
 */
export async function applyMeasure(
  { control, events }: Pick<Services, 'control' | 'events'>,
  decision: LeaverDecision,
  actor: { readonly userName: string },
): Promise<string[]> {
  const known = await control
    .selectFrom('family_copy')
    .select('family_id')
    .distinct()
    .where('script_id', '=', decision.scriptId)
    .execute();
  const families = known.length > 0 ? known : await foundFamily({ control, events }, decision.scriptId);
  const change = CHANGES[decision.measure](decision);
  const reason = decision.note ?? 'The person behind it left.';
  const nowMs = Date.parse(decision.decidedAt);
  for (const { family_id } of families) {
    await decideFamily(control, family_id, { ...change, reason }, actor.userName, nowMs);
    await settleFindings(control, family_id, decision, actor.userName, nowMs);
  }
  return decision.measure === 'freeze' ? askForQuarantine(control, decision, reason, actor.userName) : [];
}

async function askForQuarantine(
  control: ControlStore,
  { scriptId, decidedAt }: LeaverDecision,
  reason: string,
  askedBy: string,
): Promise<string[]> {
  const copies = await control
    .selectFrom('family_copy')
    .select(['sha256', 'path'])
    .where('script_id', '=', scriptId)
    .where('sha256', 'is not', null)
    .orderBy('last_seen_at', 'desc')
    .execute();
  const versions = new Map(copies.flatMap(({ sha256, path }) => (sha256 === null ? [] : [[sha256, path] as const])));
  const asked: string[] = [];
  for (const [sha256, path] of [...versions].slice(0, MOST_FROZEN)) {
    const { request, isNew } = await askForAction(
      control,
      {
        order: { kind: 'quarantine-script', sha256, endsRuns: false },
        target: { endpoints: [], groups: ['*'] },
        reason,
        about: path,
      },
      askedBy,
      Date.parse(decidedAt),
    );
    if (isNew) asked.push(request.id);
  }
  return asked;
}

/** The family of a script of which no run was judged yet, founded as judging would; none where it never ran. */
async function foundFamily(
  { control, events }: Pick<Services, 'control' | 'events'>,
  scriptId: string,
): Promise<{ family_id: string }[]> {
  const [record] = await events.query<RunRecord>(
    `SELECT ${runSelection} FROM run FINAL WHERE script_id = {scriptId:String} ORDER BY started_at DESC LIMIT 1`,
    { scriptId },
  );
  if (record === undefined) return [];
  const run = toStoredRun(record);
  const sha256 = run.script.sha256;
  const facts = sha256 === undefined ? undefined : (await findScriptFacts(control, [sha256])).get(sha256);
  const { id } = await resolveFamily(control, run, facts?.familyHash, facts?.author);
  return [{ family_id: id }];
}

async function settleFindings(
  control: ControlStore,
  familyId: string,
  { measure, custodian }: LeaverDecision,
  who: string,
  nowMs: number,
): Promise<void> {
  const open = await control
    .selectFrom('finding')
    .select('fingerprint')
    .where('family_id', '=', familyId)
    .where('rule_id', 'in', ANSWERED)
    .where('state', 'in', ['open', 'regressed'])
    .execute();
  for (const { fingerprint } of open) {
    await control
      .updateTable('finding')
      .set({ state: 'fixed', state_at: nowMs, updated_at: nowMs })
      .where('fingerprint', '=', fingerprint)
      .execute();
    await addFindingEvent(control, fingerprint, who, 'fixed', { state: 'fixed', measure, custodian }, nowMs);
  }
}
