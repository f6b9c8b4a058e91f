import { hashSecretToken, newSecretToken } from '../secret-token.ts';
import type { ControlStore } from './control-store.ts';

/** Row of a one-time sign-in link. */
export interface SignInLinkTable {
  token_hash: string;
  account_id: string;
  expires_at: number;
}

/** How long a link may be used. */
export const SIGN_IN_LINK_MS = 15 * 60 * 1000;

/** Makes the token of a one-time link. */
export async function createSignInLink(store: ControlStore, accountId: string, nowMs: number): Promise<string> {
  const token = newSecretToken('lnk');
  await store
    .insertInto('sign_in_link')
    .values({ token_hash: hashSecretToken(token), account_id: accountId, expires_at: nowMs + SIGN_IN_LINK_MS })
    .execute();
  return token;
}

/** Uses a link up; gives its account, or undefined if the link was used, expired or never made. */
export async function useSignInLink(store: ControlStore, token: string, nowMs: number): Promise<string | undefined> {
  const row = await store
    .deleteFrom('sign_in_link')
    .where('token_hash', '=', hashSecretToken(token))
    .returning(['account_id', 'expires_at'])
    .executeTakeFirst();
  return row !== undefined && row.expires_at > nowMs ? row.account_id : undefined;
}
