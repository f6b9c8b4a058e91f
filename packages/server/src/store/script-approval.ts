import type { ApprovalState, ApprovalTerms, ScriptApproval, ScriptSummary } from '@sentinel/protocol';
import { sql } from 'kysely';
import type { ControlStore } from './control-store.ts';
import { containsPattern } from './like-pattern.ts';
import type { Scope } from './scope.ts';

/** Row of a request for the approval of a script version. */
export interface ScriptApprovalTable {
  id: string;
  state: ApprovalState;
  sha256: string;
  script_name: string;
  script_path: string | null;
  script_id: string | null;
  family_hash: string | null;
  /** Endpoint that it came from, where a policy filed it. */
  endpoint_id: string | null;
  /** Account of the product; null where a policy filed it. */
  requested_by_id: string | null;
  requested_by: string;
  requested_at: number;
  origin: ScriptApproval['origin'];
  reason: string;
  ticket: string | null;
  /** ApprovalTerms as JSON. */
  terms: string;
  /** ScriptSummary as JSON. */
  summary: string | null;
  decided_by_id: string | null;
  decided_by: string | null;
  decided_at: number | null;
  decision_reason: string | null;
  expires_at: number | null;
  /** ApprovalEvidence as JSON, frozen at the decision. */
  evidence: string | null;
  carried_from: string | null;
}

/** Filters of the list. */
export interface ApprovalFilter {
  readonly state?: ApprovalState | undefined;
  readonly q?: string | undefined;
  readonly sha256?: string | undefined;
}

/** Requests that match and lie within a scope, newest first. */
export function listApprovalRows(
  store: ControlStore,
  { state, q, sha256 }: ApprovalFilter,
  scope: Scope,
  accountId: string,
  page: { readonly limit: number; readonly before?: readonly [number, string] | undefined },
): Promise<ScriptApprovalTable[]> {
  return matching(store, { state, q, sha256 }, scope, accountId)
    .selectAll()
    .$if(page.before !== undefined, (query) =>
      query.where((row) =>
        row.or([
          row('requested_at', '<', page.before?.[0] ?? 0),
          row.and([row('requested_at', '=', page.before?.[0] ?? 0), row('id', '<', page.before?.[1] ?? '')]),
        ]),
      ),
    )
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(page.limit)
    .execute();
}

/** How many requests match and lie within a scope. */
export async function countApprovalRows(
  store: ControlStore,
  filter: ApprovalFilter,
  scope: Scope,
  accountId: string,
): Promise<number> {
  const { count } = await matching(store, filter, scope, accountId)
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .executeTakeFirstOrThrow();
  return count;
}

function matching(store: ControlStore, { state, q, sha256 }: ApprovalFilter, scope: Scope, accountId: string) {
  let query = store.selectFrom('script_approval');
  if (state !== undefined) query = query.where('state', '=', state);
  if (sha256 !== undefined) query = query.where('sha256', '=', sha256);
  if (q !== undefined && q !== '') {
    const pattern = containsPattern(q.toLowerCase());
    query = query.where((row) =>
      row.or(
        (['script_name', 'script_path', 'sha256', 'requested_by'] as const).map(
          (column) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`,
        ),
      ),
    );
  }
  if (scope.isAll) return query;
  // One's own requests, those of one's accounts, and those that one's endpoints filed.
  return query.where((row) =>
    row.or([
      row('requested_by_id', '=', accountId),
      ...(scope.endpointIds.length > 0 ? [row('endpoint_id', 'in', [...scope.endpointIds])] : []),
      ...(scope.osUsers.length > 0
        ? [row.and([row('requested_by_id', 'is', null), row('requested_by', 'in', [...scope.osUsers])])]
        : []),
    ]),
  );
}

/** One request. */
export function findApproval(store: ControlStore, id: string): Promise<ScriptApprovalTable | undefined> {
  return store.selectFrom('script_approval').selectAll().where('id', '=', id).executeTakeFirst();
}

/** The open request, or the approval that holds, of exactly this version. */
export function findStanding(
  store: ControlStore,
  sha256: string,
  nowMs: number,
): Promise<ScriptApprovalTable | undefined> {
  return store
    .selectFrom('script_approval')
    .selectAll()
    .where('sha256', '=', sha256)
    .where((row) =>
      row.or([row('state', '=', 'pending'), row.and([row('state', '=', 'approved'), row('expires_at', '>', nowMs)])]),
    )
    .orderBy('state')
    .executeTakeFirst();
}

/** The approvals that hold of a family, or of a path, latest decision first. */
export function listApprovedRelatives(
  store: ControlStore,
  { familyHash, path }: { readonly familyHash: string | undefined; readonly path: string | undefined },
  nowMs: number,
): Promise<ScriptApprovalTable[]> {
  return store
    .selectFrom('script_approval')
    .selectAll()
    .where('state', '=', 'approved')
    .where('expires_at', '>', nowMs)
    .where((row) =>
      row.or([
        ...(familyHash === undefined ? [] : [row('family_hash', '=', familyHash)]),
        ...(path === undefined ? [] : [row('script_path', '=', path)]),
        row('id', '=', ''),
      ]),
    )
    .orderBy('decided_at', 'desc')
    .limit(20)
    .execute();
}

/** What endpoints are told of script versions: the latest word on each. */
export async function listApprovalStates(
  store: ControlStore,
  nowMs: number,
): Promise<{ sha256: string; state: 'approved' | 'pending' | 'revoked' | 'expired'; untilMs?: number }[]> {
  const rows = await store
    .selectFrom('script_approval')
    .select(['sha256', 'state', 'expires_at', 'decided_at', 'requested_at'])
    .where('state', 'in', ['approved', 'pending', 'revoked', 'expired'])
    .orderBy('requested_at')
    .orderBy('id')
    .execute();
  const latest = new Map<string, (typeof rows)[number]>();
  for (const row of rows) {
    // A new question about an approved version does not take its approval away.
    const held = latest.get(row.sha256);
    if (row.state === 'pending' && held?.state === 'approved' && (held.expires_at ?? 0) > nowMs) continue;
    latest.set(row.sha256, row);
  }
  return [...latest.values()]
    .map(({ sha256, state, expires_at }) => ({
      sha256,
      state: state as 'approved' | 'pending' | 'revoked' | 'expired',
      ...(state === 'approved' && expires_at !== null ? { untilMs: expires_at } : {}),
    }))
    .sort((a, b) => (a.sha256 < b.sha256 ? -1 : 1));
}

/** Changes a request, only while it is still in that state; says whether it was. */
export async function changeApproval(
  store: ControlStore,
  { id, state }: Pick<ScriptApprovalTable, 'id' | 'state'>,
  change: Partial<Omit<ScriptApprovalTable, 'id' | 'sha256'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable('script_approval')
    .set(change)
    .where('id', '=', id)
    .where('state', '=', state)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** What the request said that the version could do. */
export function summaryOf(row: Pick<ScriptApprovalTable, 'summary'>): ScriptSummary | undefined {
  return row.summary === null ? undefined : (JSON.parse(row.summary) as ScriptSummary);
}

/** The domain shape of a row, for a reader who may or may not decide it. */
export function toApproval(row: ScriptApprovalTable, whyNotMe: string | undefined): ScriptApproval {
  const time = (ms: number) => new Date(ms).toISOString();
  const isPending = row.state === 'pending';
  return {
    id: row.id,
    state: row.state,
    sha256: row.sha256,
    scriptName: row.script_name,
    ...(row.script_path === null ? {} : { scriptPath: row.script_path }),
    ...(row.script_id === null ? {} : { scriptId: row.script_id }),
    requestedBy: row.requested_by,
    requestedAt: time(row.requested_at),
    origin: row.origin,
    reason: row.reason,
    ...(row.ticket === null ? {} : { ticket: row.ticket }),
    terms: JSON.parse(row.terms) as ApprovalTerms,
    ...(row.decided_by === null ? {} : { decidedBy: row.decided_by }),
    ...(row.decided_at === null ? {} : { decidedAt: time(row.decided_at) }),
    ...(row.decision_reason === null ? {} : { decisionReason: row.decision_reason }),
    ...(row.expires_at === null ? {} : { expiresAt: time(row.expires_at) }),
    ...(row.carried_from === null ? {} : { carriedFrom: row.carried_from }),
    waitsForMe: isPending && whyNotMe === undefined,
    ...(isPending && whyNotMe !== undefined ? { whyNotMe } : {}),
  };
}
