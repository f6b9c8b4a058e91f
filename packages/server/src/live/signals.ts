/** Called with the text that was published. */
export type SignalListener = (body: string) => void;

/** Short messages between the parts of one or several servers; lost ones only cost time. */
export interface Signals {
  /** Tells every listener of the topic, on every server. */
  publish(topic: string, body: string): Promise<void>;
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
