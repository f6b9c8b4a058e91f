import { readFileSync } from 'node:fs';
import { isInForce, verifyAction } from '@sentinel/policy';
import { type AgentAction, SignedAction } from '@sentinel/protocol';
import type { Logger } from 'pino';
import { z } from 'zod';
import type { OperatorTrustConfig } from '../trust-file.ts';
import { writeDurably } from '../write-durably.ts';

/** More than any company needs at once; a statement each is asked at every act. */
const MOST = 500;

/** What {@link StandingOrders} needs. */
export interface StandingOrdersOptions {
  readonly path: string;
  readonly trust: OperatorTrustConfig | undefined;
  readonly log: Logger;
}

/** Orders that hold until they are lifted or over, over restarts. They are kept as they were signed, and judged again when they are read. */
export class StandingOrders {
  readonly #options: StandingOrdersOptions;
  readonly #held = new Map<string, { readonly action: AgentAction; readonly signed: SignedAction }>();

  constructor(options: StandingOrdersOptions) {
    this.#options = options;
  }

  /** Orders that hold, oldest first. */
  get all(): readonly AgentAction[] {
    return [...this.#held.values()].map(({ action }) => action);
  }

  /** Reads what was kept. What is not as operators signed it is left out, and told. */
  async open(): Promise<void> {
    const { path, trust, log } = this.#options;
    if (trust === undefined) return;
    let text: string;
    try {
      text = readFileSync(path, 'utf8');
    } catch {
      return;
    }
    const kept = z.array(SignedAction).safeParse(parsed(text));
    for (const signed of kept.data ?? []) {
      // It was in time, and for this endpoint, when it came; the endpoint may have another id since.
      const { issuedMs, endpointId } = claimsOf(signed);
      const verdict = await verifyAction(signed, { ...trust, endpointId, done: new Set() }, issuedMs);
      if (verdict.action === undefined)
        log.error({ reason: verdict.refusal }, 'a kept order is not as it was signed, and does not hold');
      else this.#held.set(verdict.action.id, { action: verdict.action, signed });
    }
    if (!kept.success) log.error('the kept orders cannot be read, and do not hold');
  }

  /** Has an order hold; when it returns, it outlives the agent. @throws Error where there are too many. */
  async add(action: AgentAction, signed: SignedAction): Promise<void> {
    const nowMs = Date.now();
    for (const [id, held] of this.#held) if (!isInForce(held.action, nowMs)) this.#held.delete(id);
    // Of decisions on one version only the last is kept.
    const { order } = action;
    for (const [id, { action: other }] of this.#held)
      if (
        order.kind === 'decide-approval' &&
        other.order.kind === 'decide-approval' &&
        other.order.sha256 === order.sha256
      ) {
        if (Date.parse(other.issuedAt) > Date.parse(action.issuedAt)) return;
        this.#held.delete(id);
      }
    if (this.#held.size >= MOST) throw new Error(`${MOST} orders stand here already; lift some`);
    this.#held.set(action.id, { action, signed });
    await this.#write();
  }

  /** Ends an order. @returns whether it held. */
  async lift(actionId: string): Promise<boolean> {
    if (!this.#held.delete(actionId)) return false;
    await this.#write();
    return true;
  }

  #write(): Promise<void> {
    const signed = [...this.#held.values()].map((held) => held.signed);
    return writeDurably(this.#options.path, `${JSON.stringify(signed)}\n`, 0o600);
  }
}

/** When an order says it was made, and for whom. */
function claimsOf({ payload }: SignedAction): { issuedMs: number; endpointId: string } {
  const content = parsed(Buffer.from(payload, 'base64').toString());
  const { data } = z
    .object({
      issuedAt: z.iso.datetime({ precision: 3 }),
      target: z.object({ endpoints: z.array(z.string()) }),
    })
    .safeParse(content);
  return {
    issuedMs: data === undefined ? Date.now() : Date.parse(data.issuedAt),
    endpointId: data?.target.endpoints[0] ?? '',
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
