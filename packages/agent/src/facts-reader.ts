import { BriefWorker, type WorkFailed } from './brief-worker.ts';
import type { FactsAnswer, FactsQuestion } from './facts-worker.ts';

/** What came of a source; failed: the process broke or took too long, and another time may go better. */
export type ReadAnswer = FactsAnswer | WorkFailed;

/** Analyses scripts that ran, one at a time, in a process that is there only while there is something to analyse. */
export class FactsReader {
  readonly #worker = new BriefWorker<Omit<FactsQuestion, 'number'>, FactsAnswer>(
    new URL('facts-worker.ts', import.meta.url),
  );

  /** What can be said of a source; never rejects. */
  read(question: Omit<FactsQuestion, 'number'>): Promise<ReadAnswer> {
    return this.#worker.ask(question);
  }

  /** Ends the process. */
  close(): Promise<void> {
    return this.#worker.close();
  }
}
