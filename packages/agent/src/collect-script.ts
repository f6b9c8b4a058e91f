import { Worker } from 'node:worker_threads';
import type { CollectedScript, Script } from '@sentinel/protocol';
import type { CollectAnswer, CollectQuestion } from './collect-worker.ts';

/** A source that may leave this computer, or why it may not. */
export type Collected =
  | { readonly kind: 'collected'; readonly script: CollectedScript }
  | { readonly kind: 'refused'; readonly reason: string };

/** What the server says of it. */
export interface CollectOptions {
  /** Key of the fingerprints of credentials. */
  readonly fingerprintKey: Uint8Array;
  readonly maxSourceBytes: number;
}

/** Longest time for one source. */
const TIME_MS = 15_000;
/** The engine's memory is given back after so much rest. */
const REST_MS = 5_000;

/**
 * Reads sources of scripts that ran and takes their credentials out, in a thread of its own: the engine that finds
 * credentials is loaded only where a source is new, and gone soon after.
 */
export class ScriptReader {
  readonly #waiting = new Map<number, (answer: CollectAnswer) => void>();
  #worker: Worker | undefined;
  #number = 0;
  #rest: NodeJS.Timeout | undefined;

  /** Reads a script where it ran. A source that is not the one of that hash any more is refused. */
  async collect(script: Script, { fingerprintKey, maxSourceBytes }: CollectOptions): Promise<Collected> {
    const isNotebook = script.kind === 'notebook';
    if (script.path === undefined || (script.sha256 === undefined && !isNotebook))
      return { kind: 'refused', reason: 'its source is no file' };
    const answer = await this.#ask({
      path: script.path,
      ...(isNotebook || script.sha256 === undefined ? {} : { sha256: script.sha256 }),
      fingerprintKey,
      maxSourceBytes,
    });
    if (answer.kind === 'refused') return answer;
    return {
      kind: 'collected',
      script: {
        sha256: answer.sha256,
        scriptId: script.id,
        name: script.name.slice(0, 500),
        kind: script.kind,
        path: script.path.slice(0, 4096),
        sizeBytes: answer.sizeBytes,
        text: answer.text,
        references: [...answer.references],
        collectedAt: new Date().toISOString(),
      },
    };
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    clearTimeout(this.#rest);
    const worker = this.#worker;
    this.#drop('the agent stops');
    await worker?.terminate();
  }

  async #ask(question: Omit<CollectQuestion, 'number'>): Promise<CollectAnswer> {
    clearTimeout(this.#rest);
    const number = ++this.#number;
    const worker = this.#open();
    const limit = setTimeout(() => {
      this.#drop('it takes too long to look for credentials');
      void worker.terminate();
    }, TIME_MS);
    const answer = await new Promise<CollectAnswer>((resolve) => {
      this.#waiting.set(number, resolve);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
      worker.postMessage({ ...question, number } satisfies CollectQuestion);
    });
    clearTimeout(limit);
    if (this.#waiting.size === 0) {
      this.#rest = setTimeout(() => {
        this.#worker = undefined;
        void worker.terminate();
      }, REST_MS);
      this.#rest.unref();
    }
    return answer;
  }

  #open(): Worker {
    if (this.#worker !== undefined) return this.#worker;
    const worker = new Worker(new URL('collect-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    worker.unref();
    worker.on('message', (answer: CollectAnswer & { number: number }) => {
      const resolve = this.#waiting.get(answer.number);
      this.#waiting.delete(answer.number);
      resolve?.(answer);
    });
    worker.on('error', (error: Error) => this.#drop(`looking for credentials failed: ${error.message}`));
    worker.on('exit', () => {
      if (this.#worker === worker) this.#drop('looking for credentials ended');
    });
    this.#worker = worker;
    return worker;
  }

  /** Nobody waits for a thread that is gone. */
  #drop(reason: string): void {
    this.#worker = undefined;
    for (const resolve of this.#waiting.values()) resolve({ kind: 'refused', reason });
    this.#waiting.clear();
  }
}

/** Reads one script, with a thread for it alone. */
export async function collectScript(script: Script, options: CollectOptions): Promise<Collected> {
  const reader = new ScriptReader();
  try {
    return await reader.collect(script, options);
  } finally {
    await reader.close();
  }
}
