import type { Session } from '@sentinel/protocol';
import { newUuidV7 } from '../uuid-v7.ts';
import type { ControlStore } from './control-store.ts';

/** Row of an account. */
export interface AccountTable {
  id: string;
  user_name: string;
  role: Session['role'];
  /** See password-hash.ts; null while the account signs in by link only. */
  password_hash: string | null;
  created_at: number;
}

/** Name of the account that a first start makes. */
const FIRST_ACCOUNT = 'owner';

/** Makes the first account if there is none; gives the id of the first owner. */
export async function ensureOwner(store: ControlStore, nowMs: number): Promise<string> {
  const owner = await store
    .selectFrom('account')
    .select('id')
    .where('role', '=', 'owner')
    .orderBy('created_at')
    .executeTakeFirst();
  if (owner !== undefined) return owner.id;
  const id = newUuidV7();
  await store
    .insertInto('account')
    .values({ id, user_name: FIRST_ACCOUNT, role: 'owner', password_hash: null, created_at: nowMs })
    .execute();
  return id;
}

/** The account with this name. */
export function findAccount(store: ControlStore, userName: string): Promise<AccountTable | undefined> {
  return store.selectFrom('account').selectAll().where('user_name', '=', userName).executeTakeFirst();
}

/** Sets the password and ends every other session of the account. */
export async function setAccountPassword(
  store: ControlStore,
  accountId: string,
  passwordHash: string,
  keepSessionHash: string,
): Promise<void> {
  await store.transaction().execute(async (transaction) => {
    await transaction.updateTable('account').set({ password_hash: passwordHash }).where('id', '=', accountId).execute();
    await transaction
      .deleteFrom('session')
      .where('account_id', '=', accountId)
      .where('token_hash', '!=', keepSessionHash)
      .execute();
  });
}
