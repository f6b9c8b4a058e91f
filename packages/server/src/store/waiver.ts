import { SentinelError, type WaiverRow, type WaiverState } from '@sentinel/protocol';
import { sql } from 'kysely';
import type { ControlStore } from './control-store.ts';
import { containsPattern } from './like-pattern.ts';
import type { Scope } from './scope.ts';
import { DAY_MS } from './store-time.ts';

/** Row of a waiver. */
export interface WaiverTable {
  id: string;
  state: WaiverState;
  policy_id: string;
  statement_id: string;
  /** Values by fact, as JSON. */
  bound: string;
  owner: string;
  reason: string;
  ticket: string | null;
  days: number;
  asked_by_id: string;
  asked_by: string;
  asked_at: number;
  decided_by: string | null;
  decided_at: number | null;
  decision_reason: string | null;
  until: number | null;
  /** Days before its end that were last warned of. */
  warned_days: number | null;
  uses: number;
  last_used_at: number | null;
  uses_counted_at: number | null;
}

/** Waivers that hold at a time. */
export function listActiveWaivers(store: ControlStore, nowMs: number): Promise<WaiverTable[]> {
  return store
    .selectFrom('waiver')
    .selectAll()
    .where('state', '=', 'active')
    .where('until', '>', nowMs)
    .orderBy('id')
    .execute();
}

/** How many waivers hold, by policy. */
export async function countActiveWaivers(store: ControlStore, nowMs: number): Promise<Map<string, number>> {
  const rows = await store
    .selectFrom('waiver')
    .select(({ fn }) => ['policy_id', fn.countAll<number>().as('count')])
    .where('state', '=', 'active')
    .where('until', '>', nowMs)
    .groupBy('policy_id')
    .execute();
  return new Map(rows.map(({ policy_id, count }) => [policy_id, count]));
}

/** One waiver. */
export function findWaiver(store: ControlStore, id: string): Promise<WaiverTable | undefined> {
  return store.selectFrom('waiver').selectAll().where('id', '=', id).executeTakeFirst();
}

/** Changes a waiver, only while it is still in that state; says whether it was. */
export async function changeWaiver(
  store: ControlStore,
  { id, state }: Pick<WaiverTable, 'id' | 'state'>,
  change: Partial<Omit<WaiverTable, 'id'>>,
): Promise<boolean> {
  const { numUpdatedRows } = await store
    .updateTable('waiver')
    .set(change)
    .where('id', '=', id)
    .where('state', '=', state)
    .executeTakeFirstOrThrow();
  return numUpdatedRows > 0n;
}

/** The domain shape of a row. */
export function toWaiverRow(row: WaiverTable, nowMs: number): WaiverRow {
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    id: row.id,
    state: row.state,
    policyId: row.policy_id,
    statementId: row.statement_id,
    bound: JSON.parse(row.bound) as Record<string, string[]>,
    owner: row.owner,
    reason: row.reason,
    ...(row.ticket === null ? {} : { ticket: row.ticket }),
    days: row.days,
    askedBy: row.asked_by,
    askedAt: time(row.asked_at),
    ...(row.decided_by === null ? {} : { decidedBy: row.decided_by }),
    ...(row.decided_at === null ? {} : { decidedAt: time(row.decided_at) }),
    ...(row.decision_reason === null ? {} : { decisionReason: row.decision_reason }),
    ...(row.until === null ? {} : { until: time(row.until) }),
    uses: row.uses,
    ...(row.last_used_at === null ? {} : { lastUsedAt: time(row.last_used_at) }),
    ...(row.uses_counted_at === null ? {} : { usesCountedAt: time(row.uses_counted_at) }),
    ...(row.state === 'active' && row.until !== null
      ? { endsInDays: Math.max(0, Math.ceil((row.until - nowMs) / DAY_MS)) }
      : {}),
  };
}

/** Who reads: without the whole fleet in reach, only what is one's own is seen. */
interface WaiverReader {
  readonly accountId: string;
  readonly userName: string;
  readonly scope: Scope;
}

/** A page of waivers: open questions, then what ends next, then the rest. */
export async function listWaiverPage(
  store: ControlStore,
  query: {
    readonly state?: WaiverState | undefined;
    readonly policyId?: string | undefined;
    readonly q?: string | undefined;
    readonly limit: number;
    readonly cursor?: string | undefined;
  },
  { accountId, userName, scope }: WaiverReader,
  nowMs: number,
): Promise<{ items: WaiverRow[]; nextCursor?: string; total: number }> {
  let matching = store.selectFrom('waiver');
  if (query.state !== undefined) matching = matching.where('state', '=', query.state);
  if (query.policyId !== undefined) matching = matching.where('policy_id', '=', query.policyId);
  if (query.q !== undefined && query.q !== '') {
    const pattern = containsPattern(query.q.toLowerCase());
    matching = matching.where((row) =>
      row.or(
        (['policy_id', 'statement_id', 'owner', 'bound', 'reason'] as const).map(
          (column) => sql<boolean>`lower(${sql.ref(column)}) like ${pattern} escape '\\'`,
        ),
      ),
    );
  }
  if (!scope.isAll)
    matching = matching.where((row) => row.or([row('asked_by_id', '=', accountId), row('owner', '=', userName)]));
  const offset = query.cursor === undefined ? 0 : readOffset(query.cursor);
  const [rows, { count }] = await Promise.all([
    matching
      .selectAll()
      .orderBy((row) =>
        row.case().when('state', '=', 'asked').then(0).when('state', '=', 'active').then(1).else(2).end(),
      )
      .orderBy(({ fn }) => fn.coalesce('until', 'asked_at'))
      .orderBy('id')
      .limit(query.limit + 1)
      .offset(offset)
      .execute(),
    matching.select(({ fn }) => fn.countAll<number>().as('count')).executeTakeFirstOrThrow(),
  ]);
  return {
    items: rows.slice(0, query.limit).map((row) => toWaiverRow(row, nowMs)),
    ...(rows.length > query.limit
      ? { nextCursor: Buffer.from(String(offset + query.limit)).toString('base64url') }
      : {}),
    total: count,
  };
}

function readOffset(cursor: string): number {
  const offset = Number(Buffer.from(cursor, 'base64url').toString());
  if (Number.isSafeInteger(offset) && offset >= 0 && offset < 2 ** 31) return offset;
  throw new SentinelError('bad-request', 'cursor: is none that this server gave');
}
