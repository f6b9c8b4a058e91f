import { type ChildProcess, fork } from 'node:child_process';
import type { FactsAnswer, FactsQuestion } from './facts-worker.ts';

/** Longest time for one source, the loading of the engines on a busy computer included. */
const TIME_MS = 30_000;
/** The engines' memory is given back after so much rest. */
const REST_MS = 4_000;

/** What came of a source; failed: the process broke or took too long, and another time may go better. */
export type ReadAnswer = FactsAnswer | { readonly kind: 'failed'; readonly reason: string };

/**
 * Analyses scripts that ran, one at a time, in a process that is there only while there is something to analyse: the engines'
 * memory is never the agent's.
 */
export class FactsReader {
  #worker: ChildProcess | undefined;
  #rest: NodeJS.Timeout | undefined;
  #number = 0;

  /** What can be said of a source; never rejects. */
  async read(question: Omit<FactsQuestion, 'number'>): Promise<ReadAnswer> {
    clearTimeout(this.#rest);
    this.#worker ??= fork(new URL('facts-worker.ts', import.meta.url), {
      execArgv: ['--max-old-space-size=256'],
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    });
    const worker = this.#worker;
    const number = ++this.#number;
    const { promise, resolve } = Promise.withResolvers<ReadAnswer>();
    const fail = (reason: string) => resolve({ kind: 'failed', reason });
    const onMessage = (message: unknown) => {
      const answer = message as FactsAnswer & { number: number };
      if (answer.number === number) resolve(answer);
    };
    const onError = (error: Error) => fail(`analysis failed: ${error.message}`);
    const onExit = () => fail('analysis ended');
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    const limit = setTimeout(() => fail('analysis takes too long'), TIME_MS);
    if (!worker.send({ ...question, number } satisfies FactsQuestion) && !worker.connected) fail('analysis ended');
    const answer = await promise;
    clearTimeout(limit);
    worker.off('message', onMessage).off('exit', onExit);
    if (answer.kind === 'failed') await this.close();
    else {
      worker.off('error', onError);
      this.#rest = setTimeout(() => void this.close(), REST_MS);
      this.#rest.unref();
    }
    return answer;
  }

  /** Ends the process. */
  async close(): Promise<void> {
    clearTimeout(this.#rest);
    const worker = this.#worker;
    this.#worker = undefined;
    if (worker === undefined || worker.exitCode !== null || worker.signalCode !== null) return;
    const ended = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.kill('SIGKILL');
    await ended;
  }
}
