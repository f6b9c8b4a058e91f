import type { Session } from '@sentinel/protocol';
import { hashSecretToken, newSecretToken } from '../secret-token.ts';
import type { ControlStore } from './control-store.ts';

/** Row of a session. */
export interface SessionTable {
  token_hash: string;
  account_id: string;
  created_at: number;
  expires_at: number;
}

/** How long a session lasts, whether used or not. */
export const SESSION_MS = 12 * 60 * 60 * 1000;

/** A signed-in person, as the server knows them. */
export interface Person {
  readonly accountId: string;
  readonly userName: string;
  readonly role: Session['role'];
  readonly hasPassword: boolean;
  readonly expiresAtMs: number;
  /** Hash of the session's token. */
  readonly sessionHash: string;
}

/** Starts a session; the token goes into the cookie and is not kept. */
export async function startSession(
  store: ControlStore,
  accountId: string,
  nowMs: number,
): Promise<{ token: string; person: Person }> {
  const token = newSecretToken('ses');
  const row = {
    token_hash: hashSecretToken(token),
    account_id: accountId,
    created_at: nowMs,
    expires_at: nowMs + SESSION_MS,
  };
  await store.insertInto('session').values(row).execute();
  const person = await findPerson(store, token, nowMs);
  if (person === undefined) throw new Error('a session that was just started is not there');
  return { token, person };
}

/** Whose session it is, while it lasts. */
export async function findPerson(store: ControlStore, token: string, nowMs: number): Promise<Person | undefined> {
  const row = await store
    .selectFrom('session')
    .innerJoin('account', 'account.id', 'session.account_id')
    .select([
      'session.token_hash',
      'session.expires_at',
      'account.id',
      'account.user_name',
      'account.role',
      'account.password_hash',
    ])
    .where('session.token_hash', '=', hashSecretToken(token))
    .where('session.expires_at', '>', nowMs)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  return {
    accountId: row.id,
    userName: row.user_name,
    role: row.role,
    hasPassword: row.password_hash !== null,
    expiresAtMs: row.expires_at,
    sessionHash: row.token_hash,
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
    hasPassword: person.hasPassword,
    expiresAt: new Date(person.expiresAtMs).toISOString(),
  };
}
