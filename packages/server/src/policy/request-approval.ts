import type { ApprovalTerms, ScriptApproval, ScriptSummary } from '@sentinel/protocol';
import { SentinelError } from '@sentinel/protocol';
import type { ControlStore } from '../store/control-store.ts';
import { findStanding, type ScriptApprovalTable } from '../store/script-approval.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import { knownSummary, tryCarryOver } from './carry-over.ts';

/** A question for the approval of one script version. */
export interface ApprovalQuestion {
  readonly sha256: string;
  readonly scriptName: string;
  readonly scriptPath: string | undefined;
  readonly scriptId: string | undefined;
  readonly endpointId: string | undefined;
  /** Account of the product; undefined where a policy asks for the account of a run. */
  readonly requestedById: string | undefined;
  readonly requestedBy: string;
  readonly origin: ScriptApproval['origin'];
  readonly reason: string;
  readonly ticket: string | undefined;
  readonly terms: ApprovalTerms;
  /** What the requester's own analysis says; shown until an endpoint says it. */
  readonly summary: ScriptSummary | undefined;
}

/**
 * Files a request; an approval of a version that differs in nothing that counts is carried over at once.
 * @throws SentinelError `conflict` where it is pending or approved already.
 */
export async function requestApproval(
  store: ControlStore,
  question: ApprovalQuestion,
  nowMs: number,
): Promise<ScriptApprovalTable> {
  const standing = await findStanding(store, question.sha256, nowMs);
  if (standing !== undefined)
    throw new SentinelError(
      'conflict',
      standing.state === 'pending'
        ? `It is pending already, asked for by ${standing.requested_by}.`
        : 'This version is approved already.',
    );
  const known = (await knownSummary(store, question.sha256)) ?? question.summary;
  const row: ScriptApprovalTable = {
    id: newUuidV7(),
    state: 'pending',
    sha256: question.sha256,
    script_name: question.scriptName,
    script_path: question.scriptPath ?? null,
    script_id: question.scriptId ?? null,
    family_hash: known?.familyHash ?? null,
    endpoint_id: question.endpointId ?? null,
    requested_by_id: question.requestedById ?? null,
    requested_by: question.requestedBy,
    requested_at: nowMs,
    origin: question.origin,
    reason: question.reason,
    ticket: question.ticket ?? null,
    terms: JSON.stringify(question.terms),
    summary: known === undefined ? null : JSON.stringify(known),
    decided_by_id: null,
    decided_by: null,
    decided_at: null,
    decision_reason: null,
    expires_at: null,
    evidence: null,
    carried_from: null,
  };
  await store.insertInto('script_approval').values(row).execute();
  return (await tryCarryOver(store, row, nowMs)) ?? row;
}
