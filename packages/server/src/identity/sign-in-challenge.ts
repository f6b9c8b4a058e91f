import { hashSecretToken, newSecretToken } from '../secret-token.ts';
import type { ControlStore } from '../store/control-store.ts';

/** What a challenge is part of. */
export type ChallengeKind = 'second-factor' | 'totp-setup' | 'passkey-setup' | 'passkey-sign-in' | 'oidc';

/** Row of the first half of something that takes two requests; whichever server gets the second one. */
export interface SignInChallengeTable {
  token_hash: string;
  kind: ChallengeKind;
  account_id: string | null;
  content: string;
  expires_at: number;
}

/** How long the second half may take. */
export const CHALLENGE_MS = 5 * 60 * 1000;

/** Keeps the first half; its token goes to the caller. */
export async function createChallenge(
  store: ControlStore,
  kind: ChallengeKind,
  { accountId, content, nowMs }: { accountId?: string; content: string; nowMs: number },
): Promise<{ token: string; expiresAtMs: number }> {
  const token = newSecretToken('chl');
  const expiresAtMs = nowMs + CHALLENGE_MS;
  await store
    .insertInto('sign_in_challenge')
    .values({
      token_hash: hashSecretToken(token),
      kind,
      account_id: accountId ?? null,
      content,
      expires_at: expiresAtMs,
    })
    .execute();
  return { token, expiresAtMs };
}

/** The first half, which stays: a wrong code may be tried again while the lock allows it. */
export async function readChallenge(
  store: ControlStore,
  kind: ChallengeKind,
  token: string,
  nowMs: number,
): Promise<SignInChallengeTable | undefined> {
  return store
    .selectFrom('sign_in_challenge')
    .selectAll()
    .where('token_hash', '=', hashSecretToken(token))
    .where('kind', '=', kind)
    .where('expires_at', '>', nowMs)
    .executeTakeFirst();
}

/** The first half, which is used up. */
export async function takeChallenge(
  store: ControlStore,
  kind: ChallengeKind,
  token: string,
  nowMs: number,
): Promise<SignInChallengeTable | undefined> {
  const row = await store
    .deleteFrom('sign_in_challenge')
    .where('token_hash', '=', hashSecretToken(token))
    .where('kind', '=', kind)
    .returningAll()
    .executeTakeFirst();
  return row !== undefined && row.expires_at > nowMs ? row : undefined;
}
