/** What an agent took at a moment. */
export interface Usage {
  /** Share of one processor since the usage before; 1 is all of it. */
  readonly cpuShare: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

/** What an agent may take. */
export interface Limits {
  readonly cpuShare: number;
  readonly memoryBytes: number;
  readonly diskBytes: number;
}

/** A budget of many laptops together: an agent nobody notices. Source: osquery's watchdog allows 200 MB and 10 % for 12 s. */
export const LIMITS: Limits = {
  cpuShare: 0.1,
  memoryBytes: 200 * 1024 * 1024,
  diskBytes: 1024 * 1024 * 1024,
};

/** What a round of the budget says. */
export type Verdict =
  | { readonly kind: 'well' }
  /** One more feature has to go. */
  | { readonly kind: 'give-up'; readonly reason: string }
  /** The feature that went last may come back. */
  | { readonly kind: 'take-back' }
  /** Nothing is left to give up and memory is far beyond: only a new start helps. */
  | { readonly kind: 'restart'; readonly reason: string };

/** Usages that count together: one peak is no reason. */
const WINDOW = 12;
/** Rounds below half of every limit until something comes back. */
const CALM_ROUNDS = 60;
/** Rounds after a step before the next one: what was given up needs time to show. */
const PATIENCE = 12;
const HARD_FACTOR = 1.5;

/** Judges usages in their order; no clock, no process. */
export class Budget {
  readonly #limits: Limits;
  readonly #recent: Usage[] = [];
  #calm = 0;
  #wait = 0;

  constructor(limits: Limits = LIMITS) {
    this.#limits = limits;
  }

  /** Mean share of a processor over the window. */
  get cpuShare(): number {
    return mean(this.#recent.map(({ cpuShare }) => cpuShare));
  }

  /**
   * Takes the next usage.
   * @param canGiveUp - Whether there is still a feature to give up.
   */
  judge(usage: Usage, canGiveUp: boolean): Verdict {
    this.#recent.push(usage);
    if (this.#recent.length > WINDOW) this.#recent.shift();
    if (this.#wait > 0) this.#wait--;
    const excess = this.#excess(usage);
    this.#calm = excess === undefined && this.#isCalm(usage) ? this.#calm + 1 : 0;
    if (excess === undefined) {
      if (this.#calm < CALM_ROUNDS) return { kind: 'well' };
      this.#calm = 0;
      this.#wait = PATIENCE;
      return { kind: 'take-back' };
    }
    if (this.#wait > 0) return { kind: 'well' };
    this.#wait = PATIENCE;
    if (canGiveUp) return { kind: 'give-up', reason: excess };
    return usage.memoryBytes > this.#limits.memoryBytes * HARD_FACTOR
      ? { kind: 'restart', reason: excess }
      : { kind: 'well' };
  }

  #excess(usage: Usage): string | undefined {
    const { cpuShare, memoryBytes, diskBytes } = this.#limits;
    const isFull = this.#recent.length === WINDOW;
    if (isFull && this.cpuShare > cpuShare)
      return `processor ${percent(this.cpuShare)} of one core, ${percent(cpuShare)} allowed`;
    if (isFull && Math.min(...this.#recent.map((one) => one.memoryBytes)) > memoryBytes)
      return `memory ${mebibytes(usage.memoryBytes)}, ${mebibytes(memoryBytes)} allowed`;
    if (usage.diskBytes > diskBytes) return `disk ${mebibytes(usage.diskBytes)}, ${mebibytes(diskBytes)} allowed`;
    return undefined;
  }

  #isCalm(usage: Usage): boolean {
    const { cpuShare, memoryBytes, diskBytes } = this.#limits;
    return this.cpuShare < cpuShare / 2 && usage.memoryBytes < memoryBytes * 0.8 && usage.diskBytes < diskBytes * 0.8;
  }
}

function mean(numbers: readonly number[]): number {
  return numbers.length === 0 ? 0 : numbers.reduce((sum, number) => sum + number, 0) / numbers.length;
}

function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}

function mebibytes(bytes: number): string {
  return `${Math.round(bytes / 1024 / 1024)} MiB`;
}
