import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { CpuBrake } from './cpu-brake.ts';
import type { FolderTask } from './folder-task.ts';
import { followOrder } from './follow-order.ts';
import type { WorkerOrder, WorkerReport, WorkerStart } from './worker-messages.ts';

/** Folders that one walker gets at a time; it goes on below them by itself. */
const TASKS_AT_A_TIME = 64;
/** The own thread also hands out work: it must come back soon. */
const OWN_SLICE_MS = 10;
/** So few folders are read before another thread has even started. */
const WORTH_A_THREAD = 3000;
/** Memory of a worker: folder names are all it holds. */
const WORKER_YOUNG_MB = 2;
const WORKER_OLD_MB = 256;

/**
 * Walk by several threads, the own one among them: a thread costs some 15 MB. Deep first, so that few folders wait
 * at any time.
 */
export class WalkPool {
  readonly #start: WorkerStart;
  readonly #walkerCount: number;
  readonly #brake: CpuBrake | undefined;
  readonly #workers: Worker[] = [];
  readonly #pending: FolderTask[] = [];
  readonly #busy = new Set<Worker>();

  /** @param walkerCount - Threads that read, the own one included. */
  constructor(start: WorkerStart, walkerCount: number) {
    this.#start = start;
    this.#walkerCount = walkerCount;
    this.#brake = start.cpuPercent === undefined ? undefined : new CpuBrake(start.cpuPercent);
  }

  /** Folders that nobody has read yet. */
  get unfinished(): readonly FolderTask[] {
    return this.#pending;
  }

  /**
   * Walks until no folder is left or the signal says to stop; what is in hand is finished first.
   * @param isShallow - Whether to read only the given folders.
   * @param onReport - Gets every report.
   */
  async walk(
    tasks: readonly FolderTask[],
    isShallow: boolean,
    onReport: (report: WorkerReport) => void,
    signal?: AbortSignal,
  ): Promise<void> {
    for (const task of tasks) this.#pending.push(task);
    if (this.#pending.length === 0) return;
    if (!isShallow || tasks.length > WORTH_A_THREAD) this.#openWorkers();
    const failures: Error[] = [];
    let wake = () => {};
    const take = (report: WorkerReport) => {
      for (const task of report.rest) this.#pending.push(task);
      onReport(report);
    };
    for (const worker of this.#workers) {
      worker.removeAllListeners('message').removeAllListeners('error');
      worker.on('message', (report: WorkerReport) => {
        this.#busy.delete(worker);
        take(report);
        if (signal?.aborted !== true) this.#hand(worker, isShallow);
        wake();
      });
      worker.on('error', (error: Error) => {
        failures.push(error);
        wake();
      });
    }
    while (failures.length === 0) {
      const isStopped = signal?.aborted === true;
      if (!isStopped) for (const worker of this.#workers) this.#hand(worker, isShallow);
      if (!isStopped && this.#pending.length > 0) {
        take(followOrder({ tasks: this.#split(), isShallow }, this.#start, OWN_SLICE_MS, this.#brake));
        await nextTurn();
      } else if (this.#busy.size > 0) {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      } else return;
    }
    throw failures[0];
  }

  /** Ends the threads. */
  async close(): Promise<void> {
    await Promise.all(this.#workers.map((worker) => worker.terminate()));
  }

  #openWorkers(): void {
    while (this.#workers.length < this.#walkerCount - 1) {
      this.#workers.push(
        new Worker(new URL('./walk-worker.ts', import.meta.url), {
          workerData: this.#start,
          resourceLimits: { maxYoungGenerationSizeMb: WORKER_YOUNG_MB, maxOldGenerationSizeMb: WORKER_OLD_MB },
        }),
      );
    }
  }

  #hand(worker: Worker, isShallow: boolean): void {
    if (this.#busy.has(worker) || this.#pending.length === 0) return;
    this.#busy.add(worker);
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    worker.postMessage({ tasks: this.#split(), isShallow } satisfies WorkerOrder);
  }

  /** An even share of what waits, so that no walker idles while another has a long list. */
  #split(): FolderTask[] {
    return this.#pending.splice(-Math.min(TASKS_AT_A_TIME, Math.ceil(this.#pending.length / this.#walkerCount)));
  }
}
