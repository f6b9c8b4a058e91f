import type { ControlStore } from '../store/control-store.ts';

/** Topic told to this server alone when it could not hear the others for a while; the body is since when, in ms. */
export const MISSED_SIGNALS = 'signals.missed';

/** Called with the text that was published. */
export type SignalListener = (body: string) => void;

/** Short messages between the parts of one or several servers; lost ones only cost time. */
export interface Signals {
  /** Tells every listener of the topic, on every server. */
  publish(topic: string, body: string): Promise<void>;
  /**
   * Tells the other servers if and when the transaction is committed, so that a server that dies at that
   * moment has told them or has done nothing. Call the answer after the commit: it tells this server's listeners.
   */
  publishWithin(transaction: ControlStore, topic: string, body: string): Promise<() => void>;
  /** Listens; the answer ends it. */
  subscribe(topic: string, listener: SignalListener): () => void;
  close(): Promise<void>;
}

/** Signals within this process. */
export class LocalSignals implements Signals {
  readonly #listeners = new Map<string, Set<SignalListener>>();

  async publish(topic: string, body: string): Promise<void> {
    this.deliver(topic, body);
  }

  async publishWithin(_transaction: ControlStore, topic: string, body: string): Promise<() => void> {
    return () => this.deliver(topic, body);
  }

  /** Tells the listeners of this process. */
  deliver(topic: string, body: string): void {
    for (const listener of this.#listeners.get(topic) ?? []) listener(body);
  }

  subscribe(topic: string, listener: SignalListener): () => void {
    const listeners = this.#listeners.get(topic) ?? new Set();
    this.#listeners.set(topic, listeners);
    listeners.add(listener);
    return () => listeners.delete(listener);
  }

  async close(): Promise<void> {
    this.#listeners.clear();
  }
}
