import { actionMessage } from '@sentinel/policy';
import { AgentAction, SentinelError, type SignedAction } from '@sentinel/protocol';
import { ACTION_TOPIC } from '../channel/agent-channels.ts';
import { signedContent } from '../channel/signed-content.ts';
import type { Services } from '../services.ts';
import { closeActionRequest, findActionRequest, isAsAsked } from '../store/action-request.ts';
import {
  adoptStanding,
  findAction,
  finishAction,
  listActions,
  listOpenActions,
  markSent,
  storeAction,
} from '../store/agent-action.ts';
import { readCursor, writeCursor } from './action-cursor.ts';
import type { Handlers } from './handler.ts';

type ActionOperation = 'createAction' | 'listActions' | 'getAction' | 'listOpenActions' | 'reportAction';

/** Actions on their way from operators, who sign them, to endpoints, who judge them and say what came of it. */
export function actions({ control, signals, audit }: Services): Handlers<ActionOperation> {
  const read = async (actionId: string) => {
    const found = await findAction(control, actionId, Date.now());
    if (found === undefined) throw new SentinelError('not-found', 'There is no such action.');
    return found;
  };
  return {
    async createAction({ body, person }) {
      const action = readAction(body);
      const nowMs = Date.now();
      const { id, order, target, reason } = action;
      const request = await findActionRequest(control, id, nowMs);
      if (request !== undefined && !isAsAsked(request, action))
        throw new SentinelError('bad-request', 'What was signed is not what was asked for.');
      if (request !== undefined && request.state !== 'waiting')
        throw new SentinelError('conflict', `The request is ${request.state}.`);
      await storeAction(control, { action, signed: body }, person.userName, nowMs);
      if (request !== undefined) await closeActionRequest(control, id, 'sent', person.userName);
      await audit.record(person, {
        action: 'action.send',
        object: { kind: 'action', id },
        after: { order, target, ...(request === undefined ? {} : { askedBy: request.askedBy }) },
        reason,
      });
      await signals.publish(ACTION_TOPIC, id);
      return read(id);
    },
    async listActions({ query: { limit, cursor, kind, endpointId }, person }) {
      const { isAll, endpointIds } = person.scope;
      if (endpointId !== undefined && !isAll && !endpointIds.includes(endpointId)) return { items: [], total: 0 };
      const within = endpointId === undefined ? (isAll ? undefined : endpointIds) : [endpointId];
      const before = cursor === undefined ? undefined : readCursor(cursor);
      const { items, total, last } = await listActions(
        control,
        { limit, before, kind, endpointIds: within },
        Date.now(),
      );
      const hasMore = items.length === limit && last !== undefined;
      return { items, total, ...(hasMore ? { nextCursor: writeCursor(last) } : {}) };
    },
    async getAction({ params: { actionId }, person }) {
      const found = await read(actionId);
      const { isAll, endpointIds } = person.scope;
      if (isAll) return found;
      const endpoints = found.endpoints.filter(({ endpointId }) => endpointIds.includes(endpointId));
      if (endpoints.length === 0) throw new SentinelError('not-found', 'There is no such action.');
      return { ...found, endpoints };
    },
    async listOpenActions({ endpointId }) {
      const nowMs = Date.now();
      await adoptStanding(control, endpointId, nowMs);
      const open = await listOpenActions(control, endpointId, nowMs);
      if (open.length > 0)
        await markSent(
          control,
          open.map(({ id }) => id),
          [endpointId],
          nowMs,
        );
      return { items: open.map(({ signed }) => signed) };
    },
    async reportAction({ endpointId, params: { actionId }, body }) {
      if (!(await finishAction(control, { actionId, endpointId, result: body }, Date.now())))
        throw new SentinelError('not-found', 'There is no such action for this endpoint.');
      await signals.publish('action-result', JSON.stringify({ actionId, endpointId, state: body.state }));
      return {};
    },
  };
}

function readAction(signed: SignedAction): AgentAction {
  const parsed = AgentAction.safeParse(signedContent(signed, actionMessage));
  if (!parsed.success)
    throw new SentinelError('bad-request', `The payload is no action: ${parsed.error.issues[0]?.message ?? ''}`);
  if (Date.parse(parsed.data.notAfter) <= Date.now())
    throw new SentinelError('bad-request', 'The action is over; no endpoint would do it.');
  return parsed.data;
}
