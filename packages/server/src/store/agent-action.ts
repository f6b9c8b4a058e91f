import {
  type ActionDetail,
  type ActionKind,
  type ActionResult,
  type ActionRow,
  type ActionState,
  type AgentAction,
  type EndpointFacts,
  SentinelError,
  type SignedAction,
  STANDING_KINDS,
} from '@sentinel/protocol';
import type { ControlStore } from './control-store.ts';

/** Row of an action. */
export interface AgentActionTable {
  id: string;
  kind: ActionKind;
  /** AgentAction as JSON, as it was signed. */
  content: string;
  /** SignedAction as JSON. */
  signed: string;
  created_at: number;
  created_by: string;
  not_after: number;
}

/** Row of an action on one endpoint. */
export interface AgentActionEndpointTable {
  action_id: string;
  endpoint_id: string;
  state: ActionState;
  sent_at: number | null;
  finished_at: number | null;
  detail: string | null;
}

/** States in which an endpoint has still something to do. */
const OPEN: readonly ActionState[] = ['asked', 'sent'];

/**
 * Keeps an action and whom it is for, as the groups stand now.
 * @throws SentinelError `conflict` where it is known, `not-found` where no endpoint is meant.
 */
export async function storeAction(
  store: ControlStore,
  { action, signed }: { action: AgentAction; signed: SignedAction },
  createdBy: string,
  nowMs: number,
): Promise<string[]> {
  return store.transaction().execute(async (transaction) => {
    const known = await transaction
      .selectFrom('agent_action')
      .select('id')
      .where('id', '=', action.id)
      .executeTakeFirst();
    if (known !== undefined) throw new SentinelError('conflict', `Action ${action.id} was sent before.`);
    const all = await transaction.selectFrom('endpoint').select(['id', 'endpoint_groups']).execute();
    const { endpoints, groups } = action.target;
    const meant = all
      .filter(({ id, endpoint_groups }) => {
        if (endpoints.includes(id) || groups.includes('*')) return true;
        return groups.length > 0 && (JSON.parse(endpoint_groups) as string[]).some((group) => groups.includes(group));
      })
      .map(({ id }) => id);
    if (meant.length === 0) throw new SentinelError('not-found', 'The action is for no endpoint of this server.');
    await transaction
      .insertInto('agent_action')
      .values({
        id: action.id,
        kind: action.order.kind,
        content: JSON.stringify(action),
        signed: JSON.stringify(signed),
        created_at: nowMs,
        created_by: createdBy,
        not_after: Date.parse(action.notAfter),
      })
      .execute();
    for (let at = 0; at < meant.length; at += 1000) {
      const part = meant.slice(at, at + 1000);
      await transaction
        .insertInto('agent_action_endpoint')
        .values(
          part.map((endpointId) => ({
            action_id: action.id,
            endpoint_id: endpointId,
            state: 'asked' as const,
            sent_at: null,
            finished_at: null,
            detail: null,
          })),
        )
        .execute();
    }
    return meant;
  });
}

/** Gives an endpoint the orders that stand for its groups and that it has not heard of, because it is new. */
export async function adoptStanding(store: ControlStore, endpointId: string, nowMs: number): Promise<void> {
  const missing = await store
    .selectFrom('agent_action')
    .select(['id', 'content'])
    .where('kind', 'in', [...STANDING_KINDS])
    .where('not_after', '>', nowMs)
    .where('id', 'not in', (inner) =>
      inner.selectFrom('agent_action_endpoint').select('action_id').where('endpoint_id', '=', endpointId),
    )
    .execute();
  if (missing.length === 0) return;
  const endpoint = await store
    .selectFrom('endpoint')
    .select('endpoint_groups')
    .where('id', '=', endpointId)
    .executeTakeFirst();
  const own = JSON.parse(endpoint?.endpoint_groups ?? '[]') as string[];
  const lifted = await liftedOrders(store);
  const rows = missing
    .filter(({ id, content }) => {
      const { groups } = (JSON.parse(content) as AgentAction).target;
      return !lifted.has(id) && groups.some((group) => group === '*' || own.includes(group));
    })
    .map(({ id }) => ({
      action_id: id,
      endpoint_id: endpointId,
      state: 'asked' as const,
      sent_at: null,
      finished_at: null,
      detail: null,
    }));
  if (rows.length > 0)
    await store
      .insertInto('agent_action_endpoint')
      .values(rows)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
}

/** Orders that were lifted, with the action that did it. */
async function liftedOrders(store: ControlStore): Promise<Map<string, string>> {
  const rows = await store.selectFrom('agent_action').select(['id', 'content']).where('kind', '=', 'lift').execute();
  return new Map(
    rows.flatMap(({ id, content }): [string, string][] => {
      const { order } = JSON.parse(content) as AgentAction;
      return order.kind === 'lift' ? [[order.actionId, id]] : [];
    }),
  );
}

/** Actions that wait for an endpoint, oldest first. */
export async function listOpenActions(
  store: ControlStore,
  endpointId: string,
  nowMs: number,
): Promise<{ id: string; signed: SignedAction }[]> {
  const rows = await store
    .selectFrom('agent_action_endpoint')
    .innerJoin('agent_action', 'agent_action.id', 'agent_action_endpoint.action_id')
    .select(['agent_action.id', 'agent_action.signed'])
    .where('agent_action_endpoint.endpoint_id', '=', endpointId)
    .where('agent_action_endpoint.state', 'in', OPEN)
    .where('agent_action.not_after', '>', nowMs)
    .orderBy('agent_action.created_at')
    .limit(100)
    .execute();
  return rows.map(({ id, signed }) => ({ id, signed: JSON.parse(signed) as SignedAction }));
}

/** How many actions wait for an endpoint. */
export async function countOpenActions(store: ControlStore, endpointId: string, nowMs: number): Promise<number> {
  const { count } = await store
    .selectFrom('agent_action_endpoint')
    .innerJoin('agent_action', 'agent_action.id', 'agent_action_endpoint.action_id')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('agent_action_endpoint.endpoint_id', '=', endpointId)
    .where('agent_action_endpoint.state', 'in', OPEN)
    .where('agent_action.not_after', '>', nowMs)
    .executeTakeFirstOrThrow();
  return count;
}

/** Writes down that actions went out to an endpoint. */
export async function markSent(
  store: ControlStore,
  actionIds: readonly string[],
  endpointIds: readonly string[],
  nowMs: number,
): Promise<void> {
  for (let at = 0; at < endpointIds.length; at += 500)
    await store
      .updateTable('agent_action_endpoint')
      .set({ state: 'sent', sent_at: nowMs })
      .where('action_id', 'in', [...actionIds])
      .where('endpoint_id', 'in', endpointIds.slice(at, at + 500))
      .where('state', '=', 'asked')
      .execute();
}

/** Keeps what an endpoint says came of an action; the first word counts. @returns whether it was asked to do it. */
export async function finishAction(
  store: ControlStore,
  { actionId, endpointId, result }: { actionId: string; endpointId: string; result: ActionResult },
  nowMs: number,
): Promise<boolean> {
  const updated = await store
    .updateTable('agent_action_endpoint')
    .set({ state: result.state, detail: result.detail, finished_at: nowMs })
    .where('action_id', '=', actionId)
    .where('endpoint_id', '=', endpointId)
    .where('state', 'in', OPEN)
    .executeTakeFirst();
  if (updated.numUpdatedRows === 1n) return true;
  const known = await store
    .selectFrom('agent_action_endpoint')
    .select('state')
    .where('action_id', '=', actionId)
    .where('endpoint_id', '=', endpointId)
    .executeTakeFirst();
  return known !== undefined;
}

/** A page of actions, newest first. */
export async function listActions(
  store: ControlStore,
  filter: {
    limit: number;
    before: { createdAt: number; id: string } | undefined;
    kind: ActionKind | undefined;
    endpointIds: readonly string[] | undefined;
  },
  nowMs: number,
): Promise<{ items: ActionRow[]; total: number; last: { createdAt: number; id: string } | undefined }> {
  const matching = () => {
    let query = store.selectFrom('agent_action');
    if (filter.kind !== undefined) query = query.where('kind', '=', filter.kind);
    const { endpointIds } = filter;
    if (endpointIds !== undefined)
      query = query.where('id', 'in', (inner) =>
        inner
          .selectFrom('agent_action_endpoint')
          .select('action_id')
          .where('endpoint_id', 'in', endpointIds.length === 0 ? [''] : [...endpointIds]),
      );
    return query;
  };
  const { before } = filter;
  let page = matching().selectAll();
  if (before !== undefined)
    page = page.where((row) =>
      row.or([
        row('created_at', '<', before.createdAt),
        row.and([row('created_at', '=', before.createdAt), row('id', '<', before.id)]),
      ]),
    );
  const rows = await page.orderBy('created_at', 'desc').orderBy('id', 'desc').limit(filter.limit).execute();
  const { total } = await matching()
    .select(({ fn }) => fn.countAll<number>().as('total'))
    .executeTakeFirstOrThrow();
  const ids = rows.map(({ id }) => id);
  const counts =
    ids.length === 0
      ? []
      : await store
          .selectFrom('agent_action_endpoint')
          .select(({ fn }) => ['action_id', 'state', fn.countAll<number>().as('endpoints')])
          .where('action_id', 'in', ids)
          .groupBy(['action_id', 'state'])
          .execute();
  const last = rows.at(-1);
  const lifted = await liftedOrders(store);
  return {
    items: rows.map((row) =>
      toRow(
        row,
        lifted.get(row.id),
        counts.filter(({ action_id }) => action_id === row.id).map(({ state, endpoints }) => [state, endpoints]),
        nowMs,
      ),
    ),
    total,
    last: last === undefined ? undefined : { createdAt: last.created_at, id: last.id },
  };
}

/** One action with all its endpoints. */
export async function findAction(store: ControlStore, id: string, nowMs: number): Promise<ActionDetail | undefined> {
  const row = await store.selectFrom('agent_action').selectAll().where('id', '=', id).executeTakeFirst();
  if (row === undefined) return undefined;
  const parts = await store
    .selectFrom('agent_action_endpoint')
    .innerJoin('endpoint', 'endpoint.id', 'agent_action_endpoint.endpoint_id')
    .selectAll('agent_action_endpoint')
    .select('endpoint.facts')
    .where('action_id', '=', id)
    .orderBy('endpoint_id')
    .execute();
  const time = (ms: number | null) => (ms === null ? undefined : new Date(ms).toISOString());
  return {
    ...toRow(
      row,
      (await liftedOrders(store)).get(row.id),
      parts.map(({ state }) => [state, 1]),
      nowMs,
    ),
    endpoints: parts.map((part) => ({
      endpointId: part.endpoint_id,
      hostName: (JSON.parse(part.facts) as EndpointFacts).hostName,
      state: stateNow(part.state, row.not_after, nowMs),
      ...(part.sent_at === null ? {} : { sentAt: time(part.sent_at) }),
      ...(part.finished_at === null ? {} : { finishedAt: time(part.finished_at) }),
      ...(part.detail === null ? {} : { detail: part.detail }),
    })),
  };
}

function toRow(
  row: AgentActionTable,
  liftedBy: string | undefined,
  counts: readonly [ActionState, number][],
  nowMs: number,
): ActionRow {
  const { order, target, reason } = JSON.parse(row.content) as AgentAction;
  const states: Partial<Record<ActionState, number>> = {};
  for (const [state, count] of counts) {
    const now = stateNow(state, row.not_after, nowMs);
    states[now] = (states[now] ?? 0) + count;
  }
  return {
    id: row.id,
    order,
    target,
    reason,
    createdAt: new Date(row.created_at).toISOString(),
    createdBy: row.created_by,
    notAfter: new Date(row.not_after).toISOString(),
    ...(liftedBy === undefined ? {} : { liftedBy }),
    states,
  };
}

function stateNow(state: ActionState, notAfterMs: number, nowMs: number): ActionState {
  return OPEN.includes(state) && notAfterMs <= nowMs ? 'expired' : state;
}
