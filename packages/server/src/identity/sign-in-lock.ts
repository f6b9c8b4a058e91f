import { createHash } from 'node:crypto';
import { SentinelError } from '@sentinel/protocol';
import type { ControlStore } from '../store/control-store.ts';

/** Row of a name with failed sign-ins. */
export interface SignInLockTable {
  name_hash: string;
  failures: number;
  locked_until: number;
  updated_at: number;
}

const FREE_ATTEMPTS = 5;
const FIRST_LOCK_MS = 30_000;
const LONGEST_LOCK_MS = 15 * 60_000;
/** Failures older than this are forgotten. */
export const LOCK_MEMORY_MS = 24 * 60 * 60 * 1000;

/**
 * Slows guessing down: after five failures a name is locked for half a minute, then twice as long each time.
 * It knows names, not accounts, so that a lock does not tell which accounts exist; it is kept in the
 * store, so that neither another server nor a restart forgets it. Passkeys and the sign-in link work all the while.
 */
export class SignInLock {
  readonly #control: ControlStore;

  constructor(control: ControlStore) {
    this.#control = control;
  }

  /** @throws SentinelError `too-many-requests` while the name is locked. */
  async check(userName: string, nowMs: number): Promise<void> {
    const row = await this.#control
      .selectFrom('sign_in_lock')
      .select('locked_until')
      .where('name_hash', '=', hashName(userName))
      .executeTakeFirst();
    if (row !== undefined && row.locked_until > nowMs)
      throw new SentinelError('too-many-requests', 'Too many failed sign-ins with this name.');
  }

  /** Counts a failure; whether the name is locked now. */
  async failed(userName: string, nowMs: number): Promise<boolean> {
    const nameHash = hashName(userName);
    return this.#control.transaction().execute(async (transaction) => {
      const { failures } = await transaction
        .insertInto('sign_in_lock')
        .values({ name_hash: nameHash, failures: 1, locked_until: 0, updated_at: nowMs })
        .onConflict((conflict) =>
          conflict
            .column('name_hash')
            .doUpdateSet((row) => ({ failures: row('sign_in_lock.failures', '+', 1), updated_at: nowMs })),
        )
        .returning('failures')
        .executeTakeFirstOrThrow();
      if (failures < FREE_ATTEMPTS) return false;
      const lockMs = Math.min(FIRST_LOCK_MS * 2 ** (failures - FREE_ATTEMPTS), LONGEST_LOCK_MS);
      await transaction
        .updateTable('sign_in_lock')
        .set({ locked_until: nowMs + lockMs })
        .where('name_hash', '=', nameHash)
        .execute();
      return true;
    });
  }

  async succeeded(userName: string): Promise<void> {
    await this.#control.deleteFrom('sign_in_lock').where('name_hash', '=', hashName(userName)).execute();
  }
}

/** Names that somebody tried are not kept: a mistyped name may be a password. */
function hashName(userName: string): string {
  return createHash('sha256').update(userName.normalize('NFC').toLowerCase()).digest('hex');
}
