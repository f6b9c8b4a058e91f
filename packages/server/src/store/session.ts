import { type PersonPermission, permissionsOfAll, type Role, type Session } from '@sentinel/protocol';
import type { Origin } from '../audit/audit-trail.ts';
import { hashSecretToken, newSecretToken } from '../secret-token.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import { type AccountRow, rolesOf, textsOf } from './account.ts';
import type { ControlStore } from './control-store.ts';
import { resolveScope, type Scope } from './scope.ts';

/** How somebody signed in. */
export type SignInMethod =
  | 'link'
  | 'password'
  | 'password+totp'
  | 'password+recovery'
  | 'passkey'
  | 'oidc'
  | 'break-glass';

/** Row of a session. */
export interface SessionTable {
  token_hash: string;
  account_id: string;
  created_at: number;
  expires_at: number;
  /** Public id, for the list of sessions. */
  id: string | null;
  address: string | null;
  /** What the browser calls itself. */
  client: string | null;
  method: string | null;
  last_seen_at: number | null;
}

/** How long a session lasts, whether used or not. */
export const SESSION_MS = 12 * 60 * 60 * 1000;
/** A session of the break-glass account is short. */
export const BREAK_GLASS_SESSION_MS = 60 * 60 * 1000;
/** How exact the time of the last use is. */
const SEEN_MS = 60 * 1000;

/** A signed-in person or a service with a token, as the server knows them. */
export interface Person {
  readonly accountId: string;
  readonly userName: string;
  /** The first of the roles. */
  readonly role: Role;
  readonly roles: readonly Role[];
  readonly permissions: ReadonlySet<PersonPermission>;
  /** What of the fleet may be seen; queries take it. */
  readonly scope: Scope;
  readonly hasPassword: boolean;
  readonly isBreakGlass: boolean;
  readonly expiresAtMs: number;
  /** Hash of the session's token; of the API token where that is how the call came. */
  readonly sessionHash: string;
  /** Public id of the session or token. */
  readonly sessionId: string;
  readonly isToken: boolean;
  /** Where the present request comes from. */
  readonly origin: Origin;
}

/** Starts a session; the token goes into the cookie and is not kept. */
export async function startSession(
  store: ControlStore,
  accountId: string,
  nowMs: number,
  { method = 'link', origin = {} }: { method?: SignInMethod; origin?: Origin } = {},
): Promise<{ token: string; person: Person }> {
  const token = newSecretToken('ses');
  const lifeMs = method === 'break-glass' ? BREAK_GLASS_SESSION_MS : SESSION_MS;
  const row = {
    token_hash: hashSecretToken(token),
    account_id: accountId,
    created_at: nowMs,
    expires_at: nowMs + lifeMs,
    id: newUuidV7(),
    address: origin.address ?? null,
    client: origin.client ?? null,
    method,
    last_seen_at: nowMs,
  };
  await store.insertInto('session').values(row).execute();
  const person = await findPerson(store, token, nowMs, origin);
  if (person === undefined) throw new Error('a session that was just started is not there');
  return { token, person };
}

/** Whose session it is, while it lasts and the account is active. */
export async function findPerson(
  store: ControlStore,
  token: string,
  nowMs: number,
  origin: Origin = {},
): Promise<Person | undefined> {
  const row = await store
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account_id')
    .selectAll('account')
    .select(['session.token_hash', 'session.expires_at', 'session.id as session_id', 'session.last_seen_at'])
    .where('session.token_hash', '=', hashSecretToken(token))
    .where('session.expires_at', '>', nowMs)
    .where('account.is_active', '=', 1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (nowMs - (row.last_seen_at ?? 0) > SEEN_MS)
    await store.updateTable('session').set({ last_seen_at: nowMs }).where('token_hash', '=', row.token_hash).execute();
  const sessionId = row.session_id ?? row.token_hash.slice(0, 16);
  return {
    ...(await accountPart(store, row)),
    permissions: permissionsOfAll(rolesOf(row)),
    expiresAtMs: row.expires_at,
    sessionHash: row.token_hash,
    sessionId,
    isToken: false,
    origin: { ...origin, session: sessionId },
  };
}

/** What a caller takes over from its account. */
export async function accountPart(store: ControlStore, row: AccountRow) {
  const roles = rolesOf(row);
  return {
    accountId: row.id,
    userName: row.user_name,
    role: row.role,
    roles,
    scope: await resolveScope(store, {
      roles,
      departments: textsOf(row.departments),
      osUsers: textsOf(row.os_users),
    }),
    hasPassword: row.password_hash !== null,
    isBreakGlass: row.is_break_glass === 1,
  };
}

/** Ends a session. */
export async function endSession(store: ControlStore, sessionHash: string): Promise<void> {
  await store.deleteFrom('session').where('token_hash', '=', sessionHash).execute();
}

/** The API's shape of a session. */
export function toSession(person: Person): Session {
  return {
    userName: person.userName,
    role: person.role,
    roles: [...person.roles],
    permissions: [...person.permissions],
    isScoped: !person.scope.isAll,
    departments: [...person.scope.departments],
    isBreakGlass: person.isBreakGlass,
    hasPassword: person.hasPassword,
    expiresAt: new Date(person.expiresAtMs).toISOString(),
  };
}
