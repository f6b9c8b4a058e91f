import { semanticDiff, summariseAnalysis } from '@sentinel/policy';
import type { ScriptFacts, ScriptSummary, SemanticDiff } from '@sentinel/protocol';
import type { ControlStore } from '../store/control-store.ts';
import { changeApproval, listApprovedRelatives, type ScriptApprovalTable } from '../store/script-approval.ts';
import { findScriptFacts } from '../store/script-facts.ts';

/** Who decided where an approval was carried over. */
export const CARRIED_BY = 'carried over';

/** What endpoints said that a version could do; undefined where none did. */
export async function knownSummary(store: ControlStore, sha256: string): Promise<ScriptSummary | undefined> {
  const facts = (await findScriptFacts(store, [sha256])).get(sha256);
  return facts === undefined ? undefined : summaryOfFacts(facts);
}

/** A summary out of what an endpoint said. */
export function summaryOfFacts({ analysis, familyHash }: ScriptFacts): ScriptSummary {
  return summariseAnalysis(analysis, familyHash);
}

/** The approved version that a request is compared with, and what differs. */
export async function compareWithApproved(
  store: ControlStore,
  row: Pick<ScriptApprovalTable, 'id' | 'sha256' | 'script_path'>,
  summary: ScriptSummary | undefined,
  nowMs: number,
): Promise<{ approved: ScriptApprovalTable; diff: SemanticDiff | undefined } | undefined> {
  const relatives = await listApprovedRelatives(
    store,
    { familyHash: summary?.familyHash, path: row.script_path ?? undefined },
    nowMs,
  );
  const approved = relatives.find(({ sha256, id }) => sha256 !== row.sha256 && id !== row.id);
  if (approved === undefined) return undefined;
  const before = await knownSummary(store, approved.sha256);
  return {
    approved,
    diff: before === undefined || summary === undefined ? undefined : semanticDiff(before, summary),
  };
}

/**
 * Approves a pending request by itself where an approved version differs in comments, formatting or constants only. Only what endpoints
 * say counts, never what the requester sent. The terms and the end are those of the older approval.
 */
export async function tryCarryOver(
  store: ControlStore,
  row: ScriptApprovalTable,
  nowMs: number,
): Promise<ScriptApprovalTable | undefined> {
  const summary = await knownSummary(store, row.sha256);
  if (summary === undefined) return undefined;
  const compared = await compareWithApproved(store, row, summary, nowMs);
  if (compared?.diff?.carriesOver !== true) return undefined;
  const { approved } = compared;
  const change = {
    state: 'approved' as const,
    decided_by_id: null,
    decided_by: CARRIED_BY,
    decided_at: nowMs,
    decision_reason: `Only comments, formatting or constants differ from ${approved.sha256.slice(0, 12)}, approved by ${approved.decided_by ?? 'somebody'}.`,
    terms: approved.terms,
    expires_at: approved.expires_at,
    summary: JSON.stringify(summary),
    family_hash: summary.familyHash ?? null,
    carried_from: approved.id,
    evidence: approved.evidence,
  };
  return (await changeApproval(store, row, change)) ? { ...row, ...change } : undefined;
}
