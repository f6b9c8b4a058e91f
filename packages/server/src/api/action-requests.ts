import { actionMessage } from '@sentinel/policy';
import { type ActionRequest, AgentAction, SentinelError } from '@sentinel/protocol';
import { signedContent } from '../channel/signed-content.ts';
import type { Services } from '../services.ts';
import {
  askForAction,
  closeActionRequest,
  findActionRequest,
  isAsAsked,
  keepSignature,
  listActionRequests,
} from '../store/action-request.ts';
import type { Person } from '../store/session.ts';
import type { Handlers } from './handler.ts';

type Ids = 'createActionRequest' | 'listActionRequests' | 'keepActionSignature' | 'withdrawActionRequest';

/** Actions on their way from whoever wants one to an operator, who signs it or does not. */
export function actionRequests({ control, audit }: Services): Handlers<Ids> {
  const readWaiting = async (person: Person, id: string): Promise<ActionRequest> => {
    const found = await findActionRequest(control, id, Date.now());
    if (found === undefined || !isSeen(person, found))
      throw new SentinelError('not-found', 'There is no such request.');
    if (found.state !== 'waiting') throw new SentinelError('conflict', `The request is ${found.state}.`);
    return found;
  };
  return {
    async createActionRequest({ body, person }) {
      const { isAll, endpointIds } = person.scope;
      const { endpoints, groups } = body.target;
      if (!isAll && (groups.length > 0 || endpoints.some((id) => !endpointIds.includes(id))))
        throw new SentinelError('not-allowed', 'That is for endpoints that you do not see.');
      const { request, isNew } = await askForAction(control, body, person.userName, Date.now());
      if (isNew)
        await audit.record(person, {
          action: 'action.request',
          object: { kind: 'action-request', id: request.id },
          after: { order: body.order, target: body.target },
          reason: body.reason,
        });
      return request;
    },
    async listActionRequests({ query: { state }, person }) {
      const all = await listActionRequests(control, state, Date.now());
      return { items: all.filter((request) => isSeen(person, request)) };
    },
    async keepActionSignature({ params: { requestId }, body, person }) {
      const request = await readWaiting(person, requestId);
      const action = AgentAction.safeParse(signedContent(body, actionMessage));
      if (!action.success || action.data.id !== requestId || !isAsAsked(request, action.data))
        throw new SentinelError('bad-request', 'What was signed is not what was asked for.');
      await keepSignature(control, requestId, body);
      await audit.record(person, {
        action: 'action.sign',
        object: { kind: 'action-request', id: requestId },
        after: { signers: body.signatures.map(({ key }) => key) },
      });
      return { ...request, signed: body };
    },
    async withdrawActionRequest({ params: { requestId }, body: { reason }, person }) {
      const request = await readWaiting(person, requestId);
      await closeActionRequest(control, requestId, 'withdrawn', person.userName);
      await audit.record(person, {
        action: 'action.withdraw',
        object: { kind: 'action-request', id: requestId },
        before: { order: request.order },
        reason,
      });
      return { ...request, state: 'withdrawn', closedBy: person.userName };
    },
  };
}

/** Who sees a part of the fleet sees what they asked for and what is for computers of that part. */
function isSeen({ scope, userName }: Person, { askedBy, target }: ActionRequest): boolean {
  return scope.isAll || askedBy === userName || target.endpoints.some((id) => scope.endpointIds.includes(id));
}
