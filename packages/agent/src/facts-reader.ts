import { Worker } from 'node:worker_threads';
import type { FactsAnswer, FactsQuestion } from './facts-worker.ts';

/** Longest time for one source, the loading of the engines included. */
const TIME_MS = 20_000;
/** The engines' memory is given back after so much rest. */
const REST_MS = 4_000;

/** Analyses scripts that ran, one at a time, in a thread that is there only while there is something to analyse. */
export class FactsReader {
  #worker: Worker | undefined;
  #rest: NodeJS.Timeout | undefined;
  #number = 0;

  /** What can be said of a source; never rejects. */
  async read(question: Omit<FactsQuestion, 'number'>): Promise<FactsAnswer> {
    clearTimeout(this.#rest);
    this.#worker ??= new Worker(new URL('facts-worker.ts', import.meta.url), {
      resourceLimits: { maxOldGenerationSizeMb: 256 },
    });
    const worker = this.#worker;
    worker.unref();
    const number = ++this.#number;
    const { promise, resolve } = Promise.withResolvers<FactsAnswer>();
    const refuse = (reason: string) => resolve({ kind: 'refused', reason });
    const onMessage = (answer: FactsAnswer & { number: number }) => {
      if (answer.number === number) resolve(answer);
    };
    const onError = (error: Error) => refuse(`analysis failed: ${error.message}`);
    const onExit = () => refuse('analysis ended');
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    const limit = setTimeout(() => refuse('analysis takes too long'), TIME_MS);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread, not a window
    worker.postMessage({ ...question, number } satisfies FactsQuestion);
    const answer = await promise;
    clearTimeout(limit);
    worker.off('message', onMessage).off('exit', onExit);
    if (answer.kind === 'refused' && answer.reason.startsWith('analysis')) await this.close();
    else {
      worker.off('error', onError);
      this.#rest = setTimeout(() => void this.close(), REST_MS);
      this.#rest.unref();
    }
    return answer;
  }

  /** Ends the thread. */
  async close(): Promise<void> {
    clearTimeout(this.#rest);
    const worker = this.#worker;
    this.#worker = undefined;
    await worker?.terminate();
  }
}
