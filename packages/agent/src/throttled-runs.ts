import type { ThrottledRun } from '@sentinel/protocol';
import type { Logger } from 'pino';
import type { Guard } from './guard.ts';

const MAX_KEPT = 20;

/** Keeps the record of runs that flooded the agent: each begin and end, counted where it speaks against the endpoint. */
export class ThrottledRuns {
  readonly #guard: Guard;
  readonly #log: Logger;
  #runs: readonly ThrottledRun[] = [];

  constructor(guard: Guard, log: Logger) {
    this.#guard = guard;
    this.#log = log;
  }

  /** The last ones, newest last. */
  get list(): readonly ThrottledRun[] {
    return this.#runs;
  }

  /** A run begins to be throttled, or is no more. */
  readonly note = (run: ThrottledRun): void => {
    const others = this.#runs.filter(({ runId, since }) => runId !== run.runId || since !== run.since);
    this.#runs = [...others, run].slice(-MAX_KEPT);
    if (run.until === undefined) {
      this.#log.warn({ 'sentinel.run.id': run.runId }, 'a probe writes more than is read at once; it is throttled');
      this.#guard.count('probesFlooded');
    } else
      this.#log.info(
        { 'sentinel.run.id': run.runId, since: run.since, bytes: run.bytesRead },
        'a probe is no longer throttled',
      );
  };
}
