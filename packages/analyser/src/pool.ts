import { createHash, randomBytes } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { Analysis, PackageVerdict } from '@sentinel/protocol';
import type { AnalyseOptions } from './analyse.ts';
import type { PackSetup } from './packs/rule-packs.ts';
import { nowMs, type PoolAnswers, type PoolQuestion, type PoolSetup, Progress } from './pool-messages.ts';

/** What the pool may use. */
export interface PoolOptions {
  /** Number of workers; one a core without it. */
  readonly workers?: number;
  /** Longest time for one source, in milliseconds. */
  readonly timeMs?: number;
  /** Largest heap of one worker, in mebibytes; the engines' own memory is bounded apart from it. */
  readonly memoryMebibytes?: number;
  /** Company packs whose added rules the workers look for. */
  readonly packs?: PackSetup;
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
  /** Sources that it has in hand, in their order. */
  jobs: Job[];
  readonly progress: Progress;
  readonly openedMs: number;
  /** When it was last given work, and the processor time of the process then. */
  givenMs: number;
  cpu: NodeJS.CpuUsage;
  timer: NodeJS.Timeout | undefined;
  /** Sources that it has answered. */
  answered: number;
}

/** Sources given to a worker at once, and their bytes together. */
const BATCH = { sources: 16, bytes: 128 * 1024 };
/** Longest time for a worker to load its engines, in milliseconds. */
const START_MS = 20_000;
/** How often it is asked whether a worker has begun. */
const START_CHECK_MS = 50;
/** On a machine that is busy with other things a source may take so much longer. */
const STARVED_FACTOR = 5;
/** Sources after which a worker is replaced: whatever it may leak is gone then. */
const SOURCES_PER_WORKER = 20_000;

/**
 * Workers that analyse sources. A source that takes too long or too much memory, or that brings its worker down, is
 * answered with a stated failure; the worker is replaced.
 */
export class AnalysisPool {
  readonly #timeMs: number;
  readonly #memoryMebibytes: number;
  readonly #module: URL;
  readonly #packs: PackSetup | undefined;
  readonly #seats: Seat[] = [];
  readonly #waiting: Job[] = [];
  readonly #size: number;
  /** Without a key of the caller, one for all workers: fingerprints stay comparable within the pool. */
  readonly #fingerprintKey = randomBytes(32);
  #number = 0;
  #deaths = 0;
  #isClosed = false;

  constructor(options: PoolOptions = {}) {
    this.#size = Math.max(1, options.workers ?? availableParallelism());
    this.#timeMs = options.timeMs ?? 2_000;
    this.#memoryMebibytes = options.memoryMebibytes ?? 96;
    this.#packs = options.packs;
    this.#module = options.workerModule ?? new URL('pool-worker.ts', import.meta.url);
  }

  /** Workers that went down by themselves: a source that is done by the second one hides it. */
  get deaths(): number {
    return this.#deaths;
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
        for (const job of seat.jobs.splice(0)) answerFailed(job, 'the pool was closed');
        clearTimeout(seat.timer);
        return seat.worker.terminate();
      }),
    );
  }

  #serve(): void {
    while (this.#waiting.length > 0) {
      let seat = this.#seats.find(({ jobs }) => jobs.length === 0);
      if (seat === undefined && this.#seats.length < this.#size) seat = this.#open();
      if (seat === undefined) return;
      this.#give(seat, this.#takeBatch());
    }
  }

  /** The next sources for one worker: several small ones, so that none of the workers is left without. */
  #takeBatch(): Job[] {
    const most = Math.min(BATCH.sources, Math.ceil(this.#waiting.length / (2 * this.#size)));
    const batch: Job[] = [];
    let bytes = 0;
    for (const job of this.#waiting) {
      bytes += job.question.bytes.length;
      const isAlone = batch.length === 0;
      if (!isAlone && (batch.length >= most || bytes > BATCH.bytes || job.isSecondTry)) break;
      batch.push(job);
      if (job.isSecondTry) break;
    }
    this.#waiting.splice(0, batch.length);
    return batch;
  }

  #give(seat: Seat, batch: Job[]): void {
    seat.jobs = batch;
    seat.givenMs = nowMs();
    seat.cpu = process.cpuUsage();
    // A worker that is still starting says itself when it begins.
    if (seat.answered > 0) seat.progress.begin(batch[0]?.question.number ?? 0);
    seat.worker.ref();
    this.#watch(seat);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker, not a window
    seat.worker.postMessage(batch.map(({ question }) => question));
  }

  /** Replaces a worker that is at one source for too long. */
  #watch(seat: Seat): void {
    clearTimeout(seat.timer);
    const isStarting = seat.progress.number === 0;
    const spentMs = nowMs() - seat.progress.startedMs;
    let leftMs = isStarting ? seat.openedMs + START_MS - nowMs() : this.#timeMs - spentMs;
    if (leftMs <= 0 && !isStarting && this.#isStarved(seat) && spentMs < STARVED_FACTOR * this.#timeMs) leftMs = 200;
    if (leftMs <= 0)
      this.#replace(seat, isStarting ? 'the worker did not start' : `not done within ${this.#timeMs} ms`, isStarting);
    else seat.timer = setTimeout(() => this.#watch(seat), isStarting ? Math.min(leftMs, START_CHECK_MS) : leftMs + 1);
  }

  /** Whether the workers got less than half of the processor time that they asked for since this one was given work. */
  #isStarved({ givenMs, cpu }: Seat): boolean {
    const { user, system } = process.cpuUsage(cpu);
    const busy = this.#seats.filter(({ jobs }) => jobs.length > 0).length;
    return (user + system) / 1_000 / Math.max(1, busy) < (nowMs() - givenMs) / 2;
  }

  #open(): Seat {
    const progress = new Progress();
    const worker = new Worker(this.#module, {
      resourceLimits: { maxOldGenerationSizeMb: this.#memoryMebibytes, maxYoungGenerationSizeMb: 12, stackSizeMb: 4 },
      workerData: { progress: progress.buffer, packs: this.#packs } satisfies PoolSetup,
    });
    const openedMs = nowMs();
    const cpu = process.cpuUsage();
    const seat: Seat = { worker, jobs: [], progress, openedMs, givenMs: openedMs, cpu, timer: undefined, answered: 0 };
    worker.on('message', (answers: PoolAnswers) => this.#answered(seat, answers));
    worker.on('error', (error: Error) => {
      const code = 'code' in error ? String(error.code) : '';
      if (code === 'ERR_WORKER_OUT_OF_MEMORY') this.#replace(seat, 'out of memory');
      else this.#replace(seat, `the worker failed: ${error.message}`, true);
    });
    worker.on('exit', () => this.#replace(seat, 'the worker ended', true));
    this.#seats.push(seat);
    return seat;
  }

  #answered(seat: Seat, { answers, isSpent }: PoolAnswers): void {
    const byNumber = new Map(answers.map(({ number, analysis }) => [number, analysis]));
    const done = seat.jobs.filter(({ question }) => byNumber.has(question.number));
    seat.jobs = seat.jobs.filter((job) => !done.includes(job));
    seat.answered += done.length;
    for (const { question, judgePackages, resolve } of done) {
      const analysis = byNumber.get(question.number);
      if (analysis !== undefined) resolve(judged(analysis, judgePackages));
    }
    if (isSpent || (seat.jobs.length === 0 && seat.answered >= SOURCES_PER_WORKER)) {
      this.#retire(seat);
    } else if (seat.jobs.length === 0) {
      clearTimeout(seat.timer);
      // An idle worker keeps no program alive.
      seat.worker.unref();
    }
    this.#serve();
  }

  /** Takes a seat away with its worker; what it had in hand waits again. */
  #retire(seat: Seat): void {
    const at = this.#seats.indexOf(seat);
    if (at >= 0) this.#seats.splice(at, 1);
    clearTimeout(seat.timer);
    this.#waiting.unshift(...seat.jobs.splice(0));
    void seat.worker.terminate();
  }

  /**
   * Takes a seat away because of the source that its worker was at: that one is tried once more where that may help, else
   * answered as failed. The sources behind it wait again.
   */
  #replace(seat: Seat, reason: string, mayTryAgain = false): void {
    if (!this.#seats.includes(seat)) return;
    if (!reason.startsWith('not done')) this.#deaths += 1;
    const culprit = seat.jobs.find(({ question }) => question.number === seat.progress.number) ?? seat.jobs[0];
    seat.jobs = seat.jobs.filter((job) => job !== culprit);
    this.#retire(seat);
    if (culprit !== undefined) {
      if (mayTryAgain && !culprit.isSecondTry && !this.#isClosed) {
        culprit.isSecondTry = true;
        this.#waiting.unshift(culprit);
      } else answerFailed(culprit, reason);
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
