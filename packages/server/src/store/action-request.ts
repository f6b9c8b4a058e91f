import {
  ACTION_REQUEST_DAYS,
  type ActionOrder,
  type ActionRequest,
  type ActionRequestState,
  type ActionTarget,
  SentinelError,
  type SignedAction,
} from '@sentinel/protocol';
import { newUuidV7 } from '../uuid-v7.ts';
import type { ControlStore } from './control-store.ts';
import { DAY_MS } from './store-time.ts';

const MOST_LISTED = 200;

/** Row of a request. */
export interface ActionRequestTable {
  id: string;
  state: 'waiting' | 'sent' | 'withdrawn';
  /** Order, target and reason as JSON. */
  content: string;
  about: string | null;
  asked_by: string;
  asked_at: number;
  /** SignedAction as JSON. */
  signed: string | null;
  closed_by: string | null;
}

/** What is asked for. */
export interface WantedAction {
  readonly order: ActionOrder;
  readonly target: ActionTarget;
  readonly reason: string;
  readonly about?: string | undefined;
}

/** Keeps a request; one for the same thing that waits already is given instead. */
export async function askForAction(
  store: ControlStore,
  { order, target, reason, about }: WantedAction,
  askedBy: string,
  nowMs: number,
): Promise<{ request: ActionRequest; isNew: boolean }> {
  const waiting = await listActionRequests(store, 'waiting', nowMs);
  const same = waiting.find((one) => sameJson(one.order, order) && sameJson(one.target, target));
  if (same !== undefined) return { request: same, isNew: false };
  const row: ActionRequestTable = {
    id: newUuidV7(),
    state: 'waiting',
    content: JSON.stringify({ order, target, reason }),
    about: about ?? null,
    asked_by: askedBy,
    asked_at: nowMs,
    signed: null,
    closed_by: null,
  };
  await store.insertInto('action_request').values(row).execute();
  return { request: toRequest(row, nowMs), isNew: true };
}

/** Requests, newest first. */
export async function listActionRequests(
  store: ControlStore,
  state: ActionRequestState | undefined,
  nowMs: number,
): Promise<ActionRequest[]> {
  let query = store.selectFrom('action_request').selectAll();
  const oldest = nowMs - ACTION_REQUEST_DAYS * DAY_MS;
  if (state === 'waiting') query = query.where('state', '=', 'waiting').where('asked_at', '>', oldest);
  else if (state === 'expired') query = query.where('state', '=', 'waiting').where('asked_at', '<=', oldest);
  else if (state !== undefined) query = query.where('state', '=', state);
  const rows = await query.orderBy('asked_at', 'desc').orderBy('id', 'desc').limit(MOST_LISTED).execute();
  return rows.map((row) => toRequest(row, nowMs));
}

/** One request; undefined where there is none. */
export async function findActionRequest(
  store: ControlStore,
  id: string,
  nowMs: number,
): Promise<ActionRequest | undefined> {
  const row = await store.selectFrom('action_request').selectAll().where('id', '=', id).executeTakeFirst();
  return row === undefined ? undefined : toRequest(row, nowMs);
}

/** Keeps the signatures so far of a request that waits. @throws SentinelError `conflict` where it waits no more. */
export async function keepSignature(store: ControlStore, id: string, signed: SignedAction): Promise<void> {
  await changeWaiting(store, id, { signed: JSON.stringify(signed) });
}

/** Ends a request that waits. @throws SentinelError `conflict` where it waits no more. */
export async function closeActionRequest(
  store: ControlStore,
  id: string,
  state: 'sent' | 'withdrawn',
  closedBy: string,
): Promise<void> {
  await changeWaiting(store, id, { state, closed_by: closedBy });
}

/** Whether an action is what was asked for, no more and no less. */
export function isAsAsked(request: WantedAction, action: WantedAction): boolean {
  return (
    sameJson(request.order, action.order) && sameJson(request.target, action.target) && request.reason === action.reason
  );
}

async function changeWaiting(store: ControlStore, id: string, change: Partial<ActionRequestTable>): Promise<void> {
  const { numUpdatedRows } = await store
    .updateTable('action_request')
    .set(change)
    .where('id', '=', id)
    .where('state', '=', 'waiting')
    .executeTakeFirst();
  if (numUpdatedRows !== 1n) throw new SentinelError('conflict', 'The request waits no more.');
}

function toRequest(row: ActionRequestTable, nowMs: number): ActionRequest {
  const { order, target, reason } = JSON.parse(row.content) as WantedAction;
  const isOver = row.state === 'waiting' && row.asked_at <= nowMs - ACTION_REQUEST_DAYS * DAY_MS;
  return {
    id: row.id,
    state: isOver ? 'expired' : row.state,
    order,
    target,
    reason,
    ...(row.about === null ? {} : { about: row.about }),
    askedBy: row.asked_by,
    askedAt: new Date(row.asked_at).toISOString(),
    ...(row.signed === null ? {} : { signed: JSON.parse(row.signed) as SignedAction }),
    ...(row.closed_by === null ? {} : { closedBy: row.closed_by }),
  };
}

/** Equal content, whatever the order of keys. */
function sameJson(left: object, right: object): boolean {
  const sorted = (value: object) => JSON.stringify(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return sorted(left) === sorted(right);
}
