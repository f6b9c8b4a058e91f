import { type KeyObject, randomUUID, sign } from 'node:crypto';
import { actionMessage } from '@sentinel/policy';
import { ACTION_FORMAT, type ActionOrder, type ActionTarget, AgentAction, SignedAction } from '@sentinel/protocol';
import { operatorKey } from '../policy/sign-bundle.ts';

const MINUTE_MS = 60_000;

/** What is to be done, where, why and how long it may be done. */
export interface ActionToSign {
  /** That of the request, where there was one. */
  readonly id?: string;
  readonly organisation: string;
  readonly order: ActionOrder;
  readonly target: ActionTarget;
  readonly reason: string;
  readonly minutes: number;
}

/**
 * A new action, signed by one operator.
 * @throws Error with a sentence where no endpoint would take it.
 */
export function signAction(request: ActionToSign, key: KeyObject, nowMs: number): SignedAction {
  const { organisation, order, target, reason, minutes } = request;
  const action = AgentAction.safeParse({
    format: ACTION_FORMAT,
    id: request.id ?? randomUUID(),
    organisation,
    issuedAt: new Date(nowMs).toISOString(),
    notAfter: new Date(nowMs + minutes * MINUTE_MS).toISOString(),
    target,
    order,
    reason,
  });
  if (!action.success) {
    const [issue] = action.error.issues;
    throw new Error(`the action is not right: ${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
  }
  return cosignAction({ payload: Buffer.from(JSON.stringify(action.data)).toString('base64'), signatures: [] }, key);
}

/** The same action with one more operator's signature; signing twice changes nothing. */
export function cosignAction(signed: SignedAction, key: KeyObject): SignedAction {
  const publicKey = operatorKey(key);
  const signature = sign(null, actionMessage(Buffer.from(signed.payload, 'base64')), key).toString('base64');
  return {
    ...signed,
    signatures: [...signed.signatures.filter((one) => one.key !== publicKey), { key: publicKey, signature }],
  };
}

/** A signed action out of a file's text. @throws when it is none. */
export function parseSignedAction(text: string): SignedAction {
  const parsed = SignedAction.safeParse(JSON.parse(text));
  if (!parsed.success) throw new Error('it is no signed action');
  return parsed.data;
}
