import type { EnrolmentToken } from '@sentinel/protocol';
import { hashSecretToken, newSecretToken } from '../secret-token.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import type { ControlStore } from './control-store.ts';

/** Row of an enrolment token. */
export interface EnrolmentTokenTable {
  id: string;
  token_hash: string;
  created_at: number;
  expires_at: number;
  uses_left: number;
}

/** Makes a token; its text is in the answer only. */
export async function createEnrolmentToken(
  store: ControlStore,
  { lifeMs, uses, nowMs }: { lifeMs: number; uses: number; nowMs: number },
): Promise<EnrolmentToken & { token: string }> {
  const token = newSecretToken('enr');
  const row = {
    id: newUuidV7(),
    token_hash: hashSecretToken(token),
    created_at: nowMs,
    expires_at: Math.floor(nowMs + lifeMs),
    uses_left: uses,
  };
  await store.insertInto('enrolment_token').values(row).execute();
  return {
    id: row.id,
    token,
    createdAt: new Date(row.created_at).toISOString(),
    expiresAt: new Date(row.expires_at).toISOString(),
    usesLeft: row.uses_left,
  };
}

/** Whether a token can still be used. */
export async function isEnrolmentToken(store: ControlStore, token: string, nowMs: number): Promise<boolean> {
  const row = await store
    .selectFrom('enrolment_token')
    .select('id')
    .where('token_hash', '=', hashSecretToken(token))
    .where('uses_left', '>', 0)
    .where('expires_at', '>', nowMs)
    .executeTakeFirst();
  return row !== undefined;
}

/** Takes one use of a token; false if it is unknown, expired or used up. */
export async function useEnrolmentToken(store: ControlStore, token: string, nowMs: number): Promise<boolean> {
  const result = await store
    .updateTable('enrolment_token')
    .set((expression) => ({ uses_left: expression('uses_left', '-', 1) }))
    .where('token_hash', '=', hashSecretToken(token))
    .where('uses_left', '>', 0)
    .where('expires_at', '>', nowMs)
    .executeTakeFirst();
  return result.numUpdatedRows === 1n;
}
