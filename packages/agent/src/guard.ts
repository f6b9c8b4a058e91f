import type { TrustReport } from '@sentinel/protocol';

/** Counters of the guard that only grow. */
export type GuardCounter =
  | 'bundlesRefused'
  | 'actionsRefused'
  | 'canariesMissed'
  | 'probesDamaged'
  | 'recordGaps'
  | 'probesFlooded';

/** What speaks against this endpoint's being as it should, counted since the start of the agent. */
export class Guard {
  readonly #counts: Record<GuardCounter, number> = {
    bundlesRefused: 0,
    actionsRefused: 0,
    canariesMissed: 0,
    probesDamaged: 0,
    recordGaps: 0,
    probesFlooded: 0,
  };
  #lastRefusal: string | undefined;
  /** Called when something new is to be told soon. */
  onNews: () => void = () => undefined;

  /** Counts. @param refusal - For a bundle or an action, why it was not taken. */
  count(counter: GuardCounter, refusal?: string): void {
    this.#counts[counter]++;
    if (refusal !== undefined) this.#lastRefusal = refusal.slice(0, 300);
    this.onNews();
  }

  /** The counters, for the heartbeat. */
  get counts(): Pick<TrustReport, GuardCounter | 'lastRefusal'> {
    return { ...this.#counts, ...(this.#lastRefusal === undefined ? {} : { lastRefusal: this.#lastRefusal }) };
  }
}
