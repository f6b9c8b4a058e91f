import type { ControlStore } from '../store/control-store.ts';
import { raiseCeiling, readCeiling } from '../store/endpoint-key.ts';

/** Numbers that are granted at once, so that not every request has to be written down. */
const GRANT = 512;
/** Requests of one endpoint that may overtake each other. */
const WINDOW = 64n;
const MASK = (1n << WINDOW) - 1n;
const MOST_ENDPOINTS = 200_000;

/** What this server took of an endpoint. */
interface Taken {
  highest: number;
  /** Bit n: the number n below the highest was taken. */
  window: bigint;
  /** Up to here this server may take numbers; it is written down before. */
  ceiling: number;
}

/**
 * Takes every number of an endpoint's requests once, whichever server they reach, and after any crash: the
 * store holds a ceiling below which nothing counts that the server which raised it does not remember. So
 * one write buys {@link GRANT} requests, and a server that starts again asks each agent once for a higher number.
 */
export class SequenceGuard {
  readonly #control: ControlStore;
  readonly #server: string;
  readonly #taken = new Map<string, Taken>();
  readonly #turns = new Map<string, Promise<unknown>>();

  /** @param server - Id of this server's life, never used again. */
  constructor(control: ControlStore, server: string) {
    this.#control = control;
    this.#server = server;
  }

  /** Takes a number. @returns the next free one where it was used, or may have been; else nothing. */
  async take(endpointId: string, sequence: number): Promise<number | undefined> {
    const taken = this.#taken.get(endpointId);
    if (taken !== undefined && sequence <= taken.ceiling) return takeWithin(taken, sequence);
    // One at a time: two that come together must not both raise the ceiling.
    const turn = (this.#turns.get(endpointId) ?? Promise.resolve()).then(() => this.#raise(endpointId, sequence));
    const settled = turn.catch(() => {});
    this.#turns.set(endpointId, settled);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(endpointId) === settled) this.#turns.delete(endpointId);
    }
  }

  async #raise(endpointId: string, sequence: number): Promise<number | undefined> {
    const taken = this.#taken.get(endpointId);
    if (taken !== undefined && sequence <= taken.ceiling) return takeWithin(taken, sequence);
    const { ceiling, server } = await readCeiling(this.#control, endpointId);
    const isOurs = taken !== undefined && server === this.#server && ceiling === taken.ceiling;
    if (!isOurs && sequence <= ceiling) {
      this.#taken.delete(endpointId);
      return ceiling + 1;
    }
    const to = sequence + GRANT;
    if (!(await raiseCeiling(this.#control, endpointId, { from: ceiling, to, server: this.#server })))
      return Math.max(ceiling, sequence) + 1;
    if (isOurs) {
      taken.ceiling = to;
      return takeWithin(taken, sequence);
    }
    this.#taken.set(endpointId, { highest: sequence, window: 1n, ceiling: to });
    if (this.#taken.size > MOST_ENDPOINTS) {
      const [oldest] = this.#taken.keys();
      if (oldest !== undefined) this.#taken.delete(oldest);
    }
    return undefined;
  }
}

function takeWithin(taken: Taken, sequence: number): number | undefined {
  if (sequence > taken.highest) {
    const step = BigInt(sequence - taken.highest);
    taken.window = step >= WINDOW ? 1n : ((taken.window << step) | 1n) & MASK;
    taken.highest = sequence;
    return undefined;
  }
  const bit = BigInt(taken.highest - sequence);
  if (bit >= WINDOW || (taken.window & (1n << bit)) !== 0n) return taken.highest + 1;
  taken.window |= 1n << bit;
  return undefined;
}
