import { z } from 'zod';
import { ACTION_KINDS, ActionOrder, ActionResult, ActionState, ActionTarget, SignedAction } from '../agent-action.ts';
import { field } from '../field.ts';
import { defineOperation } from '../operation.ts';
import { PageQuery, pageOf } from '../page.ts';

const Time = z.iso.datetime({ precision: 3 });

/** An action as lists show it. */
export const ActionRow = z.object({
  id: field(z.uuid(), { description: 'Id, as signed.', sensitivity: 'public' }),
  order: ActionOrder,
  target: ActionTarget,
  reason: field(z.string(), { description: 'Why, as signed.', sensitivity: 'internal' }),
  createdAt: field(Time, { description: 'When the server got it.', sensitivity: 'public' }),
  createdBy: field(z.string(), { description: 'Who brought it.', sensitivity: 'internal' }),
  notAfter: field(Time, { description: 'Its end.', sensitivity: 'public' }),
  liftedBy: field(z.uuid().optional(), {
    description: 'The action that ended it, where it was one that stood.',
    sensitivity: 'public',
  }),
  states: field(z.partialRecord(ActionState, z.int().nonnegative()), {
    description: 'Endpoints by state.',
    sensitivity: 'public',
  }),
});
export type ActionRow = z.infer<typeof ActionRow>;

/** How it stands with an action on each endpoint. */
export const ActionDetail = ActionRow.extend({
  endpoints: z.array(
    z.object({
      endpointId: z.uuid(),
      hostName: z.string(),
      state: ActionState,
      sentAt: Time.optional(),
      finishedAt: Time.optional(),
      detail: z.string().optional(),
    }),
  ),
});
export type ActionDetail = z.infer<typeof ActionDetail>;

export const createAction = defineOperation({
  id: 'createAction',
  method: 'POST',
  path: '/actions',
  permission: 'action.send',
  summary:
    'Send an action that an operator signed to its endpoints. They judge the signature; the server cannot make one.',
  body: SignedAction,
  response: ActionDetail,
  maxBodyBytes: 256 * 1024,
});

export const listActions = defineOperation({
  id: 'listActions',
  method: 'GET',
  path: '/actions',
  permission: 'read',
  summary: 'Actions, newest first.',
  query: PageQuery.extend({
    kind: z.enum(ACTION_KINDS).optional(),
    endpointId: z.uuid().optional(),
  }),
  response: pageOf(ActionRow),
});

export const getAction = defineOperation({
  id: 'getAction',
  method: 'GET',
  path: '/actions/:actionId',
  permission: 'read',
  summary: 'One action, endpoint by endpoint.',
  params: z.object({ actionId: z.uuid() }),
  response: ActionDetail,
});

export const listOpenActions = defineOperation({
  id: 'listOpenActions',
  method: 'GET',
  path: '/open-actions',
  permission: 'agent',
  summary: 'Actions that wait for the calling endpoint, for agents without a channel.',
  response: z.object({ items: z.array(SignedAction) }),
});

export const reportAction = defineOperation({
  id: 'reportAction',
  method: 'POST',
  path: '/actions/:actionId/result',
  permission: 'agent',
  summary: 'What came of an action on the calling endpoint.',
  params: z.object({ actionId: z.uuid() }),
  body: ActionResult,
  response: z.object({}),
});
