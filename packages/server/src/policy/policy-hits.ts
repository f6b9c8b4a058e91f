import type { EventStore } from '../store/event-store.ts';
import { type Scope, scopeCondition } from '../store/scope.ts';
import { DAY_MS, storeTime } from '../store/store-time.ts';

/** What a policy did lately. */
export interface PolicyHits {
  readonly hits: number;
  /** Acts that were blocked. */
  readonly stopped: number;
}

/** Decisions of the last 24 hours by policy, within a scope. */
export async function listPolicyHits(
  events: EventStore,
  scope: Scope,
  nowMs: number,
): Promise<Map<string, PolicyHits>> {
  const { condition, parameters } = scopeCondition(scope);
  const rows = await events.query<{ policy: string; hits: number; stopped: number }>(
    `SELECT JSONExtractString(decision, 'policyId') AS policy, count() AS hits,
       countIf(JSONExtractString(decision, 'disposition') = 'blocked') AS stopped
     FROM activity FINAL
     WHERE first_seen >= {from:DateTime64(3, 'UTC')} AND first_seen < {to:DateTime64(3, 'UTC')} AND decision != ''
       AND ${condition}
     GROUP BY policy`,
    { ...parameters, from: storeTime(nowMs - DAY_MS), to: storeTime(nowMs + DAY_MS) },
  );
  return new Map(rows.map(({ policy, hits, stopped }) => [policy, { hits, stopped }]));
}
