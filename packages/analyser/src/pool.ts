import { createHash, randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Analysis, PackageVerdict } from '@sentinel/protocol';
import type { AnalyseOptions } from './analyse.ts';
import type { PoolAnswer, PoolQuestion } from './pool-messages.ts';

/** What the pool may use. */
export interface PoolOptions {
  /** Number of workers; one a core without it. */
  readonly workers?: number;
  /** Longest time for one source, in milliseconds. */
  readonly timeMs?: number;
  /** Largest heap of one worker, in mebibytes. */
  readonly memoryMebibytes?: number;
  /** Module of the workers; for tests. */
  readonly workerModule?: URL;
}

interface Job {
  readonly question: PoolQuestion;
  readonly judgePackages: AnalyseOptions['judgePackages'];
  readonly resolve: (analysis: Analysis) => void;
  /** Whether a worker went down over it before: a second try tells its fault from that of an earlier source. */
  isSecondTry: boolean;
}

interface Seat {
  worker: Worker;
  job: Job | undefined;
  timer: NodeJS.Timeout | undefined;
}

/**
 * Workers that analyse sources. A source that takes too long or too much memory, or that brings its worker down, is
 * answered with a stated failure; the worker is replaced.
 */
export class AnalysisPool {
  readonly #timeMs: number;
  readonly #memoryMebibytes: number;
  readonly #module: URL;
  readonly #seats: Seat[] = [];
  readonly #waiting: Job[] = [];
  readonly #size: number;
  /** Without a key of the caller, one for all workers: fingerprints stay comparable within the pool. */
  readonly #fingerprintKey = randomBytes(32);
  #number = 0;
  #isClosed = false;

  constructor(options: PoolOptions = {}) {
    this.#size = Math.max(1, options.workers ?? availableParallelism());
    this.#timeMs = options.timeMs ?? 10_000;
    this.#memoryMebibytes = options.memoryMebibytes ?? 300;
    this.#module = options.workerModule ?? new URL('pool-worker.ts', import.meta.url);
  }

  /** All that can be said of a source; never rejects for any content. */
  analyse(bytes: Uint8Array, options: AnalyseOptions): Promise<Analysis> {
    if (this.#isClosed) return Promise.resolve(failedAnalysis(bytes, options.path, 'the pool is closed'));
    this.#number += 1;
    const question: PoolQuestion = {
      number: this.#number,
      bytes,
      path: options.path,
      localModules: [...(options.localModules ?? [])],
      pythonMinor: options.pythonMinor,
      fingerprintKey: options.fingerprintKey ?? this.#fingerprintKey,
    };
    return new Promise((resolve) => {
      this.#waiting.push({ question, judgePackages: options.judgePackages, resolve, isSecondTry: false });
      this.#serve();
    });
  }

  /** Ends all workers; sources still waiting are answered as failed. */
  async close(): Promise<void> {
    this.#isClosed = true;
    for (const job of this.#waiting.splice(0)) answerFailed(job, 'the pool was closed');
    await Promise.all(
      this.#seats.splice(0).map((seat) => {
        if (seat.job !== undefined) answerFailed(seat.job, 'the pool was closed');
        seat.job = undefined;
        clearTimeout(seat.timer);
        return seat.worker.terminate();
      }),
    );
  }

  #serve(): void {
    while (this.#waiting.length > 0) {
      let seat = this.#seats.find(({ job }) => job === undefined);
      if (seat === undefined && this.#seats.length < this.#size) seat = this.#open();
      if (seat === undefined) return;
      const job = this.#waiting.shift();
      if (job === undefined) return;
      this.#give(seat, job);
    }
  }

  #give(seat: Seat, job: Job): void {
    seat.job = job;
    seat.worker.ref();
    seat.timer = setTimeout(() => this.#replace(seat, `not done within ${this.#timeMs} ms`), this.#timeMs);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
    seat.worker.postMessage(job.question);
  }

  #open(): Seat {
    const worker = new Worker(this.#module, {
      resourceLimits: { maxOldGenerationSizeMb: this.#memoryMebibytes, stackSizeMb: 4 },
    });
    const seat: Seat = { worker, job: undefined, timer: undefined };
    worker.on('message', (answer: PoolAnswer) => this.#answered(seat, answer));
    worker.on('error', (error: Error) => {
      const code = 'code' in error ? String(error.code) : '';
      if (code === 'ERR_WORKER_OUT_OF_MEMORY') this.#replace(seat, 'out of memory');
      else this.#replace(seat, `the worker failed: ${error.message}`, true);
    });
    worker.on('exit', () => this.#replace(seat, 'the worker ended', true));
    this.#seats.push(seat);
    return seat;
  }

  #answered(seat: Seat, { number, analysis }: PoolAnswer): void {
    const { job } = seat;
    if (job === undefined || job.question.number !== number) return;
    clearTimeout(seat.timer);
    seat.job = undefined;
    // An idle worker keeps no program alive.
    seat.worker.unref();
    job.resolve(judged(analysis, job.judgePackages));
    this.#serve();
  }

  /** Takes a seat away with its worker; its source is tried once more where that may help, else answered as failed. */
  #replace(seat: Seat, reason: string, mayTryAgain = false): void {
    const at = this.#seats.indexOf(seat);
    if (at < 0) return;
    this.#seats.splice(at, 1);
    clearTimeout(seat.timer);
    const { job } = seat;
    seat.job = undefined;
    void seat.worker.terminate();
    if (job !== undefined) {
      if (mayTryAgain && !job.isSecondTry && !this.#isClosed) {
        job.isSecondTry = true;
        this.#waiting.unshift(job);
      } else answerFailed(job, reason);
    }
    this.#serve();
  }
}

function judged(analysis: Analysis, judge: AnalyseOptions['judgePackages']): Analysis {
  if (judge === undefined) return analysis;
  let verdicts: PackageVerdict[] = [];
  const failures = [...analysis.failures];
  try {
    verdicts = judge(analysis.packages);
  } catch (error) {
    failures.push(`verdicts: ${error instanceof Error ? error.message : 'unknown'}`);
  }
  return { ...analysis, verdicts, failures };
}

function answerFailed(job: Job, reason: string): void {
  job.resolve(failedAnalysis(job.question.bytes, job.question.path, reason));
}

/** The answer for a source that could not be analysed. */
function failedAnalysis(bytes: Uint8Array, path: string, reason: string): Analysis {
  return {
    path,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    language: 'python3',
    parse: 'failed',
    imports: [],
    capabilities: [],
    flows: [],
    hosts: [],
    secrets: [],
    weaknesses: [],
    packages: [],
    verdicts: [],
    unresolved: { calls: 0, reasons: [] },
    failures: [`analysis: ${reason}`],
  };
}
