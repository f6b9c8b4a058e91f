import {
  ACTION_FORMAT,
  ACTION_KINDS,
  AgentAction,
  isStanding,
  MAX_ACTION_DAYS,
  MAX_STANDING_DAYS,
  SignedAction,
} from '@sentinel/protocol';
import { z } from 'zod';
import {
  checkSignatures,
  fromBase64,
  labelled,
  type OperatorTrust,
  parseJson,
  type SignatureRefusal,
} from '../bundle/check-signatures.ts';

const DAY_MS = 86_400_000;
/** How far ahead of the endpoint's clock an action may say it was made: clocks differ. */
const CLOCK_DIFFERENCE_MS = 3_600_000;

/** What an endpoint believes, and what it did before. */
export interface ActionTrust extends OperatorTrust {
  readonly organisation: string;
  readonly endpointId: string;
  readonly groups: readonly string[];
  /** Ids of actions that were begun here. */
  readonly done: { has(id: string): boolean };
  /** When the newest `set-mode` that was done here was issued; an older one would take the endpoint back. */
  readonly modeIssuedAtMs?: number;
}

/** Why an action is not done. */
export type ActionRefusal =
  | SignatureRefusal
  | 'no-trust'
  | 'unreadable'
  | 'newer-format'
  | 'unknown-kind'
  | 'malformed'
  | 'other-organisation'
  | 'other-endpoint'
  | 'from-the-future'
  | 'lives-too-long'
  | 'expired'
  | 'replayed'
  | 'superseded';

/** Outcome of looking at an action. */
export type ActionVerdict =
  | { readonly action: AgentAction; readonly refusal?: never }
  | { readonly action?: never; readonly refusal: ActionRefusal; readonly detail: string };

/**
 * Whether an endpoint does an action: signed by enough of the operators it knows, for it, of the closed list, in time, and for the first time.
 * The signatures are checked over the very bytes before anything in them is read.
 */
export async function verifyAction(value: unknown, trust: ActionTrust, nowMs: number): Promise<ActionVerdict> {
  if (trust.keys.length === 0 || !(trust.threshold >= 1))
    return refuse('no-trust', 'this endpoint knows no operator key');
  const signed = SignedAction.safeParse(value);
  const bytes = signed.success ? fromBase64(signed.data.payload) : undefined;
  if (!signed.success || bytes === undefined) return refuse('unreadable', 'it is no signed action');
  const fault = await checkSignatures(actionMessage(bytes), signed.data.signatures, trust);
  if (fault !== undefined) return refuse(fault.refusal, fault.detail);
  const content = parseJson(new TextDecoder().decode(bytes));
  const head = z.object({ format: z.int(), order: z.object({ kind: z.string() }) }).safeParse(content);
  if (head.success && head.data.format > ACTION_FORMAT)
    return refuse('newer-format', `form ${head.data.format} is not known here; update the agent`);
  if (head.success && !(ACTION_KINDS as readonly string[]).includes(head.data.order.kind))
    return refuse('unknown-kind', `${head.data.order.kind.slice(0, 40)} is nothing that this agent does`);
  const parsed = AgentAction.safeParse(content);
  if (!parsed.success) return refuse('malformed', parsed.error.issues[0]?.message ?? 'it does not fit its shape');
  return checkContent(parsed.data, trust, nowMs);
}

/** The bytes that operators sign. */
export function actionMessage(payload: Uint8Array): Uint8Array<ArrayBuffer> {
  return labelled('sentinel action 1\n', payload);
}

function checkContent(action: AgentAction, trust: ActionTrust, nowMs: number): ActionVerdict {
  const { id, organisation, target, order } = action;
  if (organisation !== trust.organisation)
    return refuse('other-organisation', `it is for ${organisation}, this is ${trust.organisation}`);
  const isForGroup = target.groups.some((group) => group === '*' || trust.groups.includes(group));
  if (!isForGroup && !target.endpoints.includes(trust.endpointId))
    return refuse('other-endpoint', 'it is for other endpoints');
  const issuedAtMs = Date.parse(action.issuedAt);
  const endMs = Date.parse(action.notAfter);
  if (issuedAtMs > nowMs + CLOCK_DIFFERENCE_MS)
    return refuse('from-the-future', `it says it was made at ${action.issuedAt}`);
  // A lift must live as long as what it may have to keep from beginning.
  const mostDays = isStanding(order.kind) || order.kind === 'lift' ? MAX_STANDING_DAYS : MAX_ACTION_DAYS;
  if (endMs - issuedAtMs > mostDays * DAY_MS)
    return refuse('lives-too-long', `an action of this kind may live ${mostDays} days`);
  if (endMs <= nowMs) return refuse('expired', `it was good until ${action.notAfter}`);
  if (trust.done.has(id)) return refuse('replayed', 'it was done here before');
  if (order.kind === 'set-mode' && trust.modeIssuedAtMs !== undefined && issuedAtMs <= trust.modeIssuedAtMs)
    return refuse('superseded', 'a newer one was done here before');
  return { action };
}

function refuse(refusal: ActionRefusal, detail: string): ActionVerdict {
  return { refusal, detail };
}
