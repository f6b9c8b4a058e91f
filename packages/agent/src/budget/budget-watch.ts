import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AgentHealth, GivenUp } from '@sentinel/protocol';
import type { Logger } from 'pino';
import { Budget, LIMITS, type Limits, type Usage } from './budget.ts';

const ROUND_MS = 5000;
/** A folder is not counted at every round: that alone would cost. */
const DISK_ROUNDS = 12;

/** Something that the agent can do without for a time. */
export interface Feature {
  readonly name: string;
  stop(): Promise<void> | void;
  start(): Promise<void> | void;
}

/** What {@link BudgetWatch} needs. */
export interface BudgetWatchOptions {
  /** Data folder whose size counts. */
  readonly folder: string;
  /** In the order in which they are given up. */
  readonly features: readonly Feature[];
  readonly log: Logger;
  /** Ends the agent, so that the service starts it anew. */
  readonly restart: (reason: string) => void;
  readonly limits?: Limits;
  readonly roundMs?: number;
}

/** Keeps the agent within its budget: gives up feature by feature, says why, and takes back what it can. */
export class BudgetWatch {
  readonly #options: BudgetWatchOptions;
  readonly #budget: Budget;
  readonly #givenUp: GivenUp[] = [];
  #timer: NodeJS.Timeout | undefined;
  #cpu = process.cpuUsage();
  #at = performance.now();
  #round = 0;
  #diskBytes = 0;
  #memoryBytes = 0;
  #step: Promise<void> = Promise.resolve();

  constructor(options: BudgetWatchOptions) {
    this.#options = options;
    this.#budget = new Budget(options.limits ?? LIMITS);
  }

  /** How it stands. */
  get health(): AgentHealth {
    return {
      cpuShare: Number(this.#budget.cpuShare.toFixed(4)),
      memoryBytes: this.#memoryBytes,
      diskBytes: this.#diskBytes,
      givenUp: [...this.#givenUp],
    };
  }

  /** Begins. */
  start(): void {
    this.#timer = setInterval(() => this.#look(), this.#options.roundMs ?? ROUND_MS);
    this.#timer.unref();
  }

  /** Ends, once a step under way is done. */
  async stop(): Promise<void> {
    clearInterval(this.#timer);
    await this.#step;
  }

  #look(): void {
    const { features, log, restart } = this.#options;
    const verdict = this.#budget.judge(this.#use(), this.#givenUp.length < features.length);
    switch (verdict.kind) {
      case 'well':
        return;
      case 'give-up': {
        const feature = features[this.#givenUp.length];
        if (feature === undefined) return;
        this.#givenUp.push({ feature: feature.name, reason: verdict.reason, since: new Date().toISOString() });
        log.warn({ feature: feature.name, reason: verdict.reason }, 'given up to stay within the budget');
        this.#then(() => feature.stop());
        return;
      }
      case 'take-back': {
        const last = this.#givenUp.pop();
        if (last === undefined) return;
        log.info({ feature: last.feature }, 'taken up again');
        this.#then(() => features.find(({ name }) => name === last.feature)?.start());
        return;
      }
      case 'restart':
        log.error({ reason: verdict.reason }, 'starts anew: nothing is left to give up');
        restart(verdict.reason);
    }
  }

  #then(step: () => Promise<void> | void): void {
    const { log } = this.#options;
    this.#step = this.#step.then(step).catch((error: unknown) => log.warn({ err: error }, 'a feature did not obey'));
  }

  #use(): Usage {
    const now = performance.now();
    const spent = process.cpuUsage(this.#cpu);
    const cpuShare = (spent.user + spent.system) / 1000 / Math.max(1, now - this.#at);
    this.#cpu = process.cpuUsage();
    this.#at = now;
    if (this.#round++ % DISK_ROUNDS === 0) this.#diskBytes = sizeOf(this.#options.folder);
    this.#memoryBytes = process.memoryUsage.rss();
    return { cpuShare, memoryBytes: this.#memoryBytes, diskBytes: this.#diskBytes };
  }
}

function sizeOf(folder: string): number {
  let sizeBytes = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      if (entry.isDirectory()) sizeBytes += sizeOf(path);
      else if (entry.isFile()) sizeBytes += statSync(path, { throwIfNoEntry: false })?.size ?? 0;
    }
  } catch {
    // It went away while it was counted.
  }
  return sizeBytes;
}
