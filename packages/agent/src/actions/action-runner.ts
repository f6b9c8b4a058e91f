import { type ActionRefusal, verifyAction } from '@sentinel/policy';
import {
  type ActionKind,
  type ActionOrder,
  type ActionResult,
  AgentAction,
  type SignedAction,
} from '@sentinel/protocol';
import type { Logger } from 'pino';
import type { Guard } from '../guard.ts';
import type { OperatorTrustConfig } from '../trust-file.ts';
import type { DoneActions } from './done-actions.ts';

const MAX_DETAIL = 16 * 1024;
const MOST_TOLD = 10_000;

/** How each kind of the closed list is done; gives what was done, in a sentence, or throws one. */
export type ActionHandlers = {
  readonly [K in ActionKind]: (
    order: Extract<ActionOrder, { kind: K }>,
    action: AgentAction,
    signed: SignedAction,
  ) => Promise<string>;
};

/** What {@link ActionRunner} needs. */
export interface ActionRunnerOptions {
  readonly trust: OperatorTrustConfig | undefined;
  readonly endpointId: () => string | undefined;
  /** When the newest `set-mode` in force was issued. */
  readonly modeIssuedAtMs: () => number | undefined;
  readonly done: DoneActions;
  readonly handlers: ActionHandlers;
  readonly guard: Guard;
  /** Tells the server; gives whether it heard. */
  readonly report: (actionId: string, result: ActionResult) => Promise<boolean>;
  readonly log: Logger;
}

/** Does what operators signed, each action once, one at a time, and says what came of it. Whatever else comes is refused, counted and told. */
export class ActionRunner {
  readonly #options: ActionRunnerOptions;
  #turn: Promise<unknown> = Promise.resolve();
  readonly #told = new Set<string>();

  constructor(options: ActionRunnerOptions) {
    this.#options = options;
  }

  /** Looks at an action and does it where it is right. @returns why not, where it is not. */
  take(signed: unknown): Promise<ActionRefusal | undefined> {
    const taken = this.#turn.then(() => this.#take(signed as SignedAction));
    this.#turn = taken.catch((error: unknown) =>
      this.#options.log.error({ err: error }, 'an action could not be done'),
    );
    return taken;
  }

  /** Tells the server what it does not know yet. */
  async reportRest(): Promise<void> {
    const { done, report } = this.#options;
    for (const { id, result } of done.unreported) if (await report(id, result)) await done.reported(id);
  }

  /** Waits for what is under way. */
  async settled(): Promise<void> {
    await this.#turn;
  }

  async #take(signed: SignedAction): Promise<ActionRefusal | undefined> {
    const { trust, endpointId, modeIssuedAtMs, done, guard, report, log } = this.#options;
    const issued = modeIssuedAtMs();
    const verdict = await verifyAction(
      signed,
      {
        organisation: '',
        keys: [],
        threshold: 1,
        groups: [],
        ...trust,
        endpointId: endpointId() ?? '',
        done,
        ...(issued === undefined ? {} : { modeIssuedAtMs: issued }),
      },
      Date.now(),
    );
    if (verdict.action === undefined) {
      const { refusal, detail } = verdict;
      const id = idOf(signed);
      // A server that sends again what was done has not heard of it; that is no attack.
      if (refusal === 'replayed' && id !== undefined && done.unreported.some((one) => one.id === id)) {
        await this.reportRest();
        return refusal;
      }
      // What a server sends again and again is one refusal.
      const what = `${id} ${refusal}`;
      const isNews = id === undefined || !this.#told.has(what);
      if (this.#told.size > MOST_TOLD) this.#told.clear();
      this.#told.add(what);
      if (isNews) guard.count('actionsRefused', `action: ${refusal}: ${detail}`);
      log.warn({ reason: refusal, detail }, 'an action was refused');
      if (id !== undefined && refusal !== 'replayed')
        await report(id, { state: 'refused', detail: `${refusal}: ${detail}` });
      return refusal;
    }
    const { action } = verdict;
    await done.begin(action.id, Date.parse(action.notAfter));
    const result = await this.#do(action, signed);
    log.info({ action: action.order.kind, outcome: result.state }, 'an action was done');
    await done.finish(action.id, result);
    if (await report(action.id, result)) await done.reported(action.id);
    return undefined;
  }

  async #do(action: AgentAction, signed: SignedAction): Promise<ActionResult> {
    try {
      const { order } = action;
      const handler = this.#options.handlers[order.kind] as (
        order: ActionOrder,
        action: AgentAction,
        signed: SignedAction,
      ) => Promise<string>;
      return { state: 'done', detail: (await handler(order, action, signed)).slice(0, MAX_DETAIL) };
    } catch (error) {
      return { state: 'failed', detail: (error instanceof Error ? error.message : String(error)).slice(0, MAX_DETAIL) };
    }
  }
}

/** Id that an action claims to have; nothing is believed of it but whom to answer about it. */
function idOf(signed: SignedAction): string | undefined {
  try {
    const content: unknown = JSON.parse(Buffer.from(signed.payload, 'base64').toString());
    return AgentAction.shape.id.safeParse((content as { id?: unknown }).id).data;
  } catch {
    return undefined;
  }
}
