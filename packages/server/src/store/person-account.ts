import type { Account, Role } from '@sentinel/protocol';
import { SentinelError } from '@sentinel/protocol';
import { type SqlBool, sql } from 'kysely';
import { newUuidV7 } from '../uuid-v7.ts';
import { type AccountRow, rolesOf, textsOf } from './account.ts';
import type { ControlStore } from './control-store.ts';
import { containsPattern } from './like-pattern.ts';

/** What can be said of an account; what is left out stays, or is empty in a new one. */
export interface AccountFacts {
  readonly displayName?: string | null | undefined;
  readonly email?: string | null | undefined;
  readonly roles?: readonly Role[] | undefined;
  readonly departments?: readonly string[] | undefined;
  readonly osUsers?: readonly string[] | undefined;
  readonly isActive?: boolean | undefined;
  readonly externalId?: string | null | undefined;
}

/**
 * Makes an account.
 * @throws SentinelError `conflict` if the name is taken.
 */
export async function createAccount(
  store: ControlStore,
  given: AccountFacts & {
    readonly userName: string;
    readonly roles: readonly Role[];
    readonly kind: 'person' | 'service';
    readonly source: AccountRow['source'];
    readonly oidc?: { readonly issuer: string; readonly subject: string };
    readonly nowMs: number;
  },
): Promise<string> {
  const id = newUuidV7();
  const [role, ...others] = given.roles;
  if (role === undefined) throw new Error('an account has a role');
  const taken = await store
    .selectFrom('account')
    .select('id')
    .where(({ fn }) => fn('lower', ['user_name']), '=', given.userName.toLowerCase())
    .executeTakeFirst();
  if (taken !== undefined) throw new SentinelError('conflict', 'There is an account with this name.');
  await store
    .insertInto('account')
    .values({
      id,
      user_name: given.userName,
      role,
      other_roles: JSON.stringify(others),
      departments: JSON.stringify(given.departments ?? []),
      os_users: JSON.stringify(given.osUsers ?? []),
      display_name: given.displayName ?? null,
      email: given.email ?? null,
      external_id: given.externalId ?? null,
      oidc_issuer: given.oidc?.issuer ?? null,
      oidc_subject: given.oidc?.subject ?? null,
      kind: given.kind,
      source: given.source,
      is_active: given.isActive === false ? 0 : 1,
      created_at: given.nowMs,
      updated_at: given.nowMs,
    })
    .execute();
  return id;
}

/** Changes an account; ends its sessions, links and personal tokens once it is not active any more. */
export async function changeAccount(
  store: ControlStore,
  accountId: string,
  change: AccountFacts,
  nowMs: number,
): Promise<void> {
  const [role, ...others] = change.roles ?? [];
  await store.transaction().execute(async (transaction) => {
    await transaction
      .updateTable('account')
      .set({
        ...(change.displayName === undefined ? {} : { display_name: change.displayName }),
        ...(change.email === undefined ? {} : { email: change.email }),
        ...(role === undefined ? {} : { role, other_roles: JSON.stringify(others) }),
        ...(change.departments === undefined ? {} : { departments: JSON.stringify(change.departments) }),
        ...(change.osUsers === undefined ? {} : { os_users: JSON.stringify(change.osUsers) }),
        ...(change.externalId === undefined ? {} : { external_id: change.externalId }),
        ...(change.isActive === undefined ? {} : { is_active: change.isActive ? 1 : 0 }),
        updated_at: nowMs,
      })
      .where('id', '=', accountId)
      .execute();
    if (change.isActive !== false) return;
    await transaction.deleteFrom('session').where('account_id', '=', accountId).execute();
    await transaction.deleteFrom('sign_in_link').where('account_id', '=', accountId).execute();
    await transaction
      .updateTable('api_token')
      .set({ revoked_at: nowMs })
      .where('account_id', '=', accountId)
      .where('revoked_at', 'is', null)
      .execute();
  });
}

/** A page of accounts by name, and how many match. */
export async function listAccountPage(
  store: ControlStore,
  { q, limit, cursor }: { q?: string | undefined; limit: number; cursor?: string | undefined },
  nowMs: number,
): Promise<{ items: Account[]; nextCursor?: string; total: number }> {
  let matching = store.selectFrom('account');
  if (q !== undefined) {
    const pattern = containsPattern(q.toLowerCase());
    matching = matching.where(
      sql<SqlBool>`(lower(user_name) like ${pattern} escape '\\' or lower(coalesce(display_name, '')) like ${pattern} escape '\\')`,
    );
  }
  const { total } = await matching.select(({ fn }) => fn.countAll<number>().as('total')).executeTakeFirstOrThrow();
  let page = matching.selectAll();
  if (cursor !== undefined) page = page.where('user_name', '>', Buffer.from(cursor, 'base64url').toString());
  const rows = await page
    .orderBy('user_name')
    .limit(limit + 1)
    .execute();
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: await toAccounts(store, shown, nowMs),
    ...(rows.length > limit && last !== undefined
      ? { nextCursor: Buffer.from(last.user_name).toString('base64url') }
      : {}),
    total,
  };
}

/** Accounts as the API shows them. */
export async function toAccounts(store: ControlStore, rows: readonly AccountRow[], nowMs: number): Promise<Account[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [sessions, passkeys] = await Promise.all([
    store
      .selectFrom('session')
      .select(({ fn }) => ['account_id', fn.countAll<number>().as('count'), fn.max('last_seen_at').as('seen')])
      .where('account_id', 'in', ids)
      .where('expires_at', '>', nowMs)
      .groupBy('account_id')
      .execute(),
    store
      .selectFrom('passkey')
      .select(({ fn }) => ['account_id', fn.countAll<number>().as('count')])
      .where('account_id', 'in', ids)
      .groupBy('account_id')
      .execute(),
  ]);
  const sessionsOf = new Map(sessions.map((row) => [row.account_id, row]));
  const passkeysOf = new Map(passkeys.map((row) => [row.account_id, row.count]));
  return rows.map((row): Account => {
    const seen = sessionsOf.get(row.id);
    return {
      id: row.id,
      userName: row.user_name,
      ...(row.display_name === null ? {} : { displayName: row.display_name }),
      ...(row.email === null ? {} : { email: row.email }),
      kind: row.kind,
      source: row.source,
      roles: rolesOf(row),
      departments: textsOf(row.departments),
      osUsers: textsOf(row.os_users),
      isActive: row.is_active === 1,
      isBreakGlass: row.is_break_glass === 1,
      hasPassword: row.password_hash !== null,
      hasTotp: row.totp_secret !== null,
      passkeys: passkeysOf.get(row.id) ?? 0,
      sessions: seen?.count ?? 0,
      createdAt: new Date(row.created_at).toISOString(),
      ...(seen === undefined || seen.seen === null ? {} : { lastSeenAt: new Date(seen.seen).toISOString() }),
    };
  });
}
