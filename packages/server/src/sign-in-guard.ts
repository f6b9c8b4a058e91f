import { SentinelError } from '@sentinel/protocol';

const FREE_ATTEMPTS = 5;
const FIRST_LOCK_MS = 30_000;
const LONGEST_LOCK_MS = 15 * 60_000;
const KEPT_NAMES = 10_000;

interface Failures {
  count: number;
  lockedUntilMs: number;
}

/**
 * Slows guessing down: after five failures a name is locked for half a minute, then twice as long each time.
 * It knows names, not accounts, so that a lock does not tell which accounts exist; the sign-in link
 * works all the while.
 */
export class SignInGuard {
  readonly #failures = new Map<string, Failures>();

  /** @throws SentinelError `too-many-requests` while the name is locked. */
  check(userName: string, nowMs: number): void {
    const failures = this.#failures.get(userName);
    if (failures !== undefined && failures.lockedUntilMs > nowMs) {
      throw new SentinelError('too-many-requests', 'Too many failed sign-ins with this name.');
    }
  }

  failed(userName: string, nowMs: number): void {
    const count = (this.#failures.get(userName)?.count ?? 0) + 1;
    const lockMs = count < FREE_ATTEMPTS ? 0 : Math.min(FIRST_LOCK_MS * 2 ** (count - FREE_ATTEMPTS), LONGEST_LOCK_MS);
    this.#failures.delete(userName);
    this.#failures.set(userName, { count, lockedUntilMs: nowMs + lockMs });
    if (this.#failures.size <= KEPT_NAMES) return;
    for (const oldest of this.#failures.keys()) {
      this.#failures.delete(oldest);
      break;
    }
  }

  succeeded(userName: string): void {
    this.#failures.delete(userName);
  }
}
