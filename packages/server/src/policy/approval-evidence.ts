import type { ApprovalEvidence } from '@sentinel/protocol';
import type { EventStore } from '../store/event-store.ts';
import { type Scope, scopeCondition } from '../store/scope.ts';
import { findScript } from '../store/script.ts';
import { DAY_MS, storeTime } from '../store/store-time.ts';
import { listTouched } from '../store/touched.ts';

/** How far evidence looks back. */
const EVIDENCE_MS = 180 * DAY_MS;
const MAX_NAMED = 100;
const MAX_TOUCHED = 200;
const MAX_RUN_IDS = 20;

/** What is known of exactly this version within a scope. */
export async function gatherEvidence(
  events: EventStore,
  sha256: string,
  scope: Scope,
  nowMs: number,
): Promise<ApprovalEvidence & { readonly scriptId?: string }> {
  const seen = scopeCondition(scope);
  const window = { from: storeTime(nowMs - EVIDENCE_MS), to: storeTime(nowMs + DAY_MS) };
  const [row] = await events.query<{
    runs: number;
    machines: string[];
    people: string[];
    first_writer: string;
    first_run_at: string;
    script: string;
    run_ids: string[];
  }>(
    `SELECT count() AS runs, arraySort(groupUniqArray(${MAX_NAMED})(host_name)) AS machines,
       arraySort(groupUniqArray(${MAX_NAMED})(user_name)) AS people, argMin(user_name, started_at) AS first_writer,
       min(started_at) AS first_run_at, argMax(script_id, started_at) AS script,
       arraySlice(arrayMap(pair -> pair.2, arrayReverseSort(groupArray((started_at, toString(id))))), 1, ${MAX_RUN_IDS}) AS run_ids
     FROM run FINAL
     WHERE started_at >= {from:DateTime64(3, 'UTC')} AND started_at < {to:DateTime64(3, 'UTC')}
       AND script_sha256 = {sha256:String} AND ${seen.condition}`,
    { ...seen.parameters, ...window, sha256 },
  );
  const at = new Date(nowMs).toISOString();
  if (row === undefined || row.runs === 0)
    return { at, runs: 0, machines: [], people: [], touched: [], decisions: [], runIds: [] };
  const script = await findScript(events, row.script, scope);
  const [touched, decisions] = await Promise.all([
    script === undefined ? { items: [] } : listTouched(events, row.script, script.life, scope, MAX_TOUCHED),
    events.query<{ policyId: string; statementId: string; effect: string; hits: number }>(
      `SELECT JSONExtractString(decision, 'policyId') AS policyId, JSONExtractString(decision, 'statementId') AS statementId,
         JSONExtractString(decision, 'effect') AS effect, count() AS hits
       FROM activity FINAL
       WHERE first_seen >= {from:DateTime64(3, 'UTC')} AND first_seen < {to:DateTime64(3, 'UTC')}
         AND script_id = {scriptId:String} AND decision != '' AND ${seen.condition}
       GROUP BY policyId, statementId, effect ORDER BY hits DESC, policyId, statementId LIMIT ${MAX_NAMED}`,
      { ...seen.parameters, ...window, scriptId: row.script },
    ),
  ]);
  return {
    at,
    scriptId: row.script,
    runs: row.runs,
    machines: row.machines,
    people: row.people,
    firstWriter: row.first_writer,
    firstRunAt: row.first_run_at,
    touched: touched.items.map(({ type, target, detail, runs }) => ({ type, target, detail, runs })),
    decisions,
    runIds: row.run_ids,
  };
}
