import { z } from 'zod';
import { ActionOrder, ActionTarget, SignedAction } from '../agent-action.ts';
import { field } from '../field.ts';
import { defineOperation } from '../operation.ts';

const Time = z.iso.datetime({ precision: 3 });
const RequestId = z.object({ requestId: z.uuid() });

/** Days in which a request can be signed. */
export const ACTION_REQUEST_DAYS = 7;

/** How it stands with a request. */
export const ActionRequestState = z.enum(['waiting', 'sent', 'withdrawn', 'expired']);
export type ActionRequestState = z.infer<typeof ActionRequestState>;

/** What somebody wants done on endpoints, before an operator has signed it; nothing follows from it until then. */
export const ActionRequest = z.object({
  id: field(z.uuid(), { description: 'Id, also of the action that comes of it.', sensitivity: 'public' }),
  state: ActionRequestState,
  order: ActionOrder,
  target: ActionTarget,
  reason: field(z.string(), { description: 'Why.', sensitivity: 'internal' }),
  about: field(z.string().optional(), {
    description: 'What it is about in words, such as the name of a script.',
    sensitivity: 'internal',
  }),
  askedBy: field(z.string(), { description: 'Who asks.', sensitivity: 'internal' }),
  askedAt: field(Time, { description: 'When it was asked.', sensitivity: 'public' }),
  signed: SignedAction.optional().meta({ description: 'With the signatures so far, where it takes several.' }),
  closedBy: field(z.string().optional(), { description: 'Who sent it or took it back.', sensitivity: 'internal' }),
});
export type ActionRequest = z.infer<typeof ActionRequest>;

export const createActionRequest = defineOperation({
  id: 'createActionRequest',
  method: 'POST',
  path: '/action-requests',
  permission: 'action.send',
  summary: 'Ask for an action. An operator signs it on their own computer: the server holds no key.',
  body: z.strictObject({
    order: ActionOrder,
    target: ActionTarget.refine(({ endpoints, groups }) => endpoints.length + groups.length > 0, 'say where'),
    reason: z.string().trim().min(3).max(500).meta({ description: 'Why; it is signed and audited.' }),
    about: z.string().trim().min(1).max(200).optional(),
  }),
  response: ActionRequest,
});

export const listActionRequests = defineOperation({
  id: 'listActionRequests',
  method: 'GET',
  path: '/action-requests',
  permission: 'read',
  summary: 'Actions that somebody asked for, newest first, at most 200.',
  query: z.object({ state: ActionRequestState.optional() }),
  response: z.object({ items: z.array(ActionRequest) }),
});

export const keepActionSignature = defineOperation({
  id: 'keepActionSignature',
  method: 'POST',
  path: '/action-requests/:requestId/signature',
  permission: 'action.send',
  summary: 'Keep what one operator signed until another one has, where it takes several.',
  params: RequestId,
  body: SignedAction,
  response: ActionRequest,
  maxBodyBytes: 256 * 1024,
});

export const withdrawActionRequest = defineOperation({
  id: 'withdrawActionRequest',
  method: 'POST',
  path: '/action-requests/:requestId/withdrawal',
  permission: 'action.send',
  summary: 'Take a request back, or refuse it.',
  params: RequestId,
  body: z.strictObject({ reason: z.string().trim().min(3).max(500) }),
  response: ActionRequest,
});
