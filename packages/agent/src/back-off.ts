/** Longest time that a server may ask us to wait. */
const MAX_RETRY_AFTER_MS = 10 * 60 * 1000;

/**
 * Waiting times between attempts: exponential with full jitter, so that a fleet does not return in one wave.
 * Source: AWS Architecture Blog, "Exponential Backoff And Jitter".
 */
export class BackOff {
  readonly #firstMs: number;
  readonly #longestMs: number;
  readonly #random: () => number;
  #failures = 0;

  constructor(firstMs = 500, longestMs = 60_000, random: () => number = Math.random) {
    this.#firstMs = firstMs;
    this.#longestMs = longestMs;
    this.#random = random;
  }

  /** Time to wait after one more failure; never below what the server asked for. */
  next(retryAfterMs = 0): number {
    const ceiling = Math.min(this.#longestMs, this.#firstMs * 2 ** Math.min(this.#failures, 20));
    this.#failures++;
    // A tenth of the ceiling at least: zero would make two attempts of one.
    const jittered = ceiling * (0.1 + 0.9 * this.#random());
    return Math.max(jittered, Math.min(retryAfterMs, MAX_RETRY_AFTER_MS));
  }

  /** To be called after a success. */
  reset(): void {
    this.#failures = 0;
  }
}

/** Reads a `Retry-After` header: seconds, or a date. Source: RFC 9110, 10.2.3. */
export function retryAfterMs(header: string | null, nowMs: number): number {
  if (header === null) return 0;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const date = Date.parse(header);
  return Number.isNaN(date) ? 0 : Math.max(0, date - nowMs);
}
