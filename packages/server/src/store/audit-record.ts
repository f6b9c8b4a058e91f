import type { AuditHead, AuditQuery, AuditRecord, ChainedAuditRecord } from '@sentinel/protocol';
import { SentinelError } from '@sentinel/protocol';
import { FIRST_PREVIOUS } from '../audit/audit-trail.ts';
import type { ControlStore } from './control-store.ts';

/** A page of records, newest first, and how many match. */
export async function listAuditPage(
  store: ControlStore,
  query: AuditQuery & { limit: number; cursor?: string | undefined },
): Promise<{ items: (AuditRecord & { hash: string })[]; nextCursor?: string; total: number }> {
  const before = query.cursor === undefined ? undefined : readCursor(query.cursor);
  let page = matching(store, query).select(['number', 'content', 'hash']);
  if (before !== undefined) page = page.where('number', '<', before);
  const rows = await page
    .orderBy('number', 'desc')
    .limit(query.limit + 1)
    .execute();
  const { total } = await matching(store, query)
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const shown = rows.slice(0, query.limit);
  const last = shown.at(-1);
  return {
    items: shown.map(toAuditRecord),
    ...(rows.length > query.limit && last !== undefined ? { nextCursor: String(last.number) } : {}),
    total,
  };
}

/** The end of the chain. */
export async function readAuditHead(store: ControlStore, nowMs: number): Promise<AuditHead> {
  const last = await store
    .selectFrom('audit_record')
    .select(['number', 'hash'])
    .orderBy('number', 'desc')
    .limit(1)
    .executeTakeFirst();
  return { number: last?.number ?? 0, hash: last?.hash ?? FIRST_PREVIOUS, at: new Date(nowMs).toISOString() };
}

/** Records after a number in the order of the chain, at most so many. */
export async function readAuditChain(store: ControlStore, after: number, limit: number): Promise<ChainedAuditRecord[]> {
  const rows = await store
    .selectFrom('audit_record')
    .select(['number', 'content', 'hash'])
    .where('number', '>', after)
    .orderBy('number')
    .limit(limit)
    .execute();
  return rows;
}

/** Records of a stretch of time by actor or object, for an answer; newest first. */
export async function findActs(
  store: ControlStore,
  asked: { readonly who?: string | undefined; readonly what?: string | undefined },
  window: { readonly fromMs: number; readonly toMs: number },
  limit: number,
): Promise<{ items: AuditRecord[]; total: number }> {
  let acts = store.selectFrom('audit_record').where('at', '>=', window.fromMs).where('at', '<', window.toMs);
  const { who, what } = asked;
  if (who !== undefined) acts = acts.where('actor_name', '=', who);
  if (what !== undefined) acts = acts.where('object_id', '=', what);
  const rows = await acts.select(['number', 'content', 'hash']).orderBy('number', 'desc').limit(limit).execute();
  const { total } = await acts.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  return { items: rows.map(toAuditRecord), total };
}

function matching(store: ControlStore, query: AuditQuery) {
  let records = store.selectFrom('audit_record');
  const { actor, action, objectKind, objectId, since, until } = query;
  if (actor !== undefined)
    records = records.where((row) => row.or([row('actor_name', '=', actor), row('actor_id', '=', actor)]));
  if (action !== undefined)
    // The protocol lets no wildcard through here.
    records = records.where((row) => row.or([row('action', '=', action), row('action', 'like', `${action}.%`)]));
  if (objectKind !== undefined) records = records.where('object_kind', '=', objectKind);
  if (objectId !== undefined) records = records.where('object_id', '=', objectId);
  if (since !== undefined) records = records.where('at', '>=', Date.parse(since));
  if (until !== undefined) records = records.where('at', '<', Date.parse(until));
  return records;
}

function toAuditRecord({ content, hash }: { content: string; hash: string }): AuditRecord & { hash: string } {
  const { previous: _, ...record } = JSON.parse(content) as AuditRecord & { previous: string };
  return { ...record, hash };
}

function readCursor(cursor: string): number {
  const number = Number(cursor);
  if (Number.isSafeInteger(number) && number > 0) return number;
  throw new SentinelError('bad-request', 'cursor: is none that this server gave');
}
