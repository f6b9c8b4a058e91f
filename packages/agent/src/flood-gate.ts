/** How much of one probe is read. */
export interface FloodLimits {
  readonly bytesPerSecond: number;
  /** Read at once before the rate counts: what a large honest run writes, or one that waited for the agent. */
  readonly burstBytes: number;
}

const LIMITS: FloodLimits = { bytesPerSecond: 1024 * 1024, burstBytes: 32 * 1024 * 1024 };
/** Less is not worth an opening of the file. */
const LEAST_BYTES = 4096;

/** A throttling that began or ended just now. */
export interface Throttling {
  readonly since: string;
  readonly until?: string;
  readonly bytesRead: number;
}

/** Lets so much of a probe's file through that no probe can keep the agent from all others. */
export class FloodGate {
  readonly #limits: FloodLimits;
  #bytes: number;
  #atMs: number | undefined;
  #since: string | undefined;
  #bytesRead = 0;

  constructor(limits: FloodLimits = LIMITS) {
    this.#limits = limits;
    this.#bytes = limits.burstBytes;
  }

  /** Bytes that may be read now. @param nowMs - Of a clock that nobody sets. */
  allowedBytes(nowMs: number): number {
    const { bytesPerSecond, burstBytes } = this.#limits;
    const passedMs = nowMs - (this.#atMs ?? nowMs);
    this.#atMs = nowMs;
    this.#bytes = Math.min(burstBytes, this.#bytes + (passedMs / 1000) * bytesPerSecond);
    return this.#bytes < LEAST_BYTES ? 0 : Math.floor(this.#bytes);
  }

  /**
   * Notes what was read.
   * @param isHeldBack - Whether there is more that may not be read now.
   * @returns what to record: the begin of a throttling, or its end, which is when all was read again.
   */
  took(bytes: number, isHeldBack: boolean): Throttling | undefined {
    this.#bytes -= bytes;
    if (this.#since !== undefined) this.#bytesRead += bytes;
    if (isHeldBack && this.#since === undefined) {
      this.#since = new Date().toISOString();
      this.#bytesRead = 0;
      return { since: this.#since, bytesRead: 0 };
    }
    if (isHeldBack || bytes > 0 || this.#since === undefined) return undefined;
    const since = this.#since;
    this.#since = undefined;
    return { since, until: new Date().toISOString(), bytesRead: this.#bytesRead };
  }
}
