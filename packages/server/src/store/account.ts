import { Role } from '@sentinel/protocol';
import type { ColumnType, Generated, Selectable } from 'kysely';
import { z } from 'zod';
import { newUuidV7 } from '../uuid-v7.ts';
import type { ControlStore } from './control-store.ts';

/** Row of an account. Lists are JSON. */
export interface AccountTable {
  id: string;
  user_name: string;
  /** The first of its roles. */
  role: Role;
  other_roles: Generated<string>;
  /** Departments that a department owner, or a service with a scope, sees. */
  departments: Generated<string>;
  /** Accounts of operating systems that are this person's. */
  os_users: Generated<string>;
  display_name: string | null;
  email: string | null;
  /** Id in the company's directory. */
  external_id: string | null;
  oidc_issuer: string | null;
  oidc_subject: string | null;
  kind: ColumnType<'person' | 'service', 'person' | 'service' | undefined>;
  /** Who keeps it: the console, the company's directory, or its sign-in. */
  source: ColumnType<'local' | 'scim' | 'oidc', 'local' | 'scim' | 'oidc' | undefined>;
  is_active: Generated<number>;
  is_break_glass: Generated<number>;
  /** See password-hash.ts; null while the account signs in without a password. */
  password_hash: string | null;
  /** Sealed; null while no authenticator app is set up. */
  totp_secret: string | null;
  /** Last step that was used: none is used twice. */
  totp_step: number | null;
  created_at: number;
  updated_at: number | null;
}

/** An account as it is read. */
export type AccountRow = Selectable<AccountTable>;

/** Name of the account that a first start makes. */
const FIRST_ACCOUNT = 'owner';

const Texts = z.array(z.string());

/** Makes the first account if there is none; gives the id of the first owner. */
export async function ensureOwner(store: ControlStore, nowMs: number): Promise<string> {
  const owner = await store
    .selectFrom('account')
    .select('id')
    .where('role', '=', 'owner')
    .where('is_break_glass', '=', 0)
    .where('is_active', '=', 1)
    .orderBy('created_at')
    .executeTakeFirst();
  if (owner !== undefined) return owner.id;
  const id = newUuidV7();
  await store
    .insertInto('account')
    .values({ id, user_name: FIRST_ACCOUNT, role: 'owner', password_hash: null, created_at: nowMs })
    // Of servers that start together for the first time one makes it.
    .onConflict((conflict) => conflict.column('user_name').doNothing())
    .execute();
  const made = await store.selectFrom('account').select('id').where('user_name', '=', FIRST_ACCOUNT).executeTakeFirst();
  return made?.id ?? id;
}

/** The account with this name. */
export function findAccount(store: ControlStore, userName: string): Promise<AccountRow | undefined> {
  return store.selectFrom('account').selectAll().where('user_name', '=', userName).executeTakeFirst();
}

/** The account with this id. */
export function findAccountById(store: ControlStore, id: string): Promise<AccountRow | undefined> {
  return store.selectFrom('account').selectAll().where('id', '=', id).executeTakeFirst();
}

/** All roles of an account; one that this program does not know counts for nothing. */
export function rolesOf(row: Pick<AccountRow, 'role' | 'other_roles'>): Role[] {
  const others = textsOf(row.other_roles).filter((role): role is Role => Role.safeParse(role).success);
  return [row.role, ...others.filter((role) => role !== row.role)];
}

/** A list that a row holds as JSON. */
export function textsOf(json: string): string[] {
  return Texts.parse(JSON.parse(json));
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
