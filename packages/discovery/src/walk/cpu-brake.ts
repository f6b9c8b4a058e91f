/** Credit that an idle time may save up. */
const MAX_CREDIT_MS = 100;
const MAX_PAUSE_MS = 500;

/** Holds the whole process to a share of one core by pausing the thread that asks. */
export class CpuBrake {
  readonly #share: number;
  #wallMs = performance.now();
  #cpuMs = usedMs();
  #debtMs = 0;

  /** @param percent - Share of one core, above 0. */
  constructor(percent: number) {
    this.#share = Math.max(percent, 1) / 100;
  }

  /** Milliseconds to pause now so that the share holds. */
  owedMs(): number {
    const wallMs = performance.now();
    const cpuMs = usedMs();
    this.#debtMs += cpuMs - this.#cpuMs - (wallMs - this.#wallMs) * this.#share;
    this.#debtMs = Math.max(this.#debtMs, -MAX_CREDIT_MS * this.#share);
    this.#wallMs = wallMs;
    this.#cpuMs = cpuMs;
    return this.#debtMs <= 0 ? 0 : Math.min(this.#debtMs / this.#share, MAX_PAUSE_MS);
  }

  /** Pauses this thread where the share is used up. */
  pause(): void {
    const owedMs = this.owedMs();
    if (owedMs >= 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, owedMs);
  }
}

function usedMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}
