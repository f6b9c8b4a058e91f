import { PersonPermission, permissionsOfAll } from '@sentinel/protocol';
import type { Origin } from '../audit/audit-trail.ts';
import { hashSecretToken, newSecretToken } from '../secret-token.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import { rolesOf, textsOf } from './account.ts';
import type { ControlStore } from './control-store.ts';
import { accountPart, type Person } from './session.ts';

/** Row of an API token. */
export interface ApiTokenTable {
  id: string;
  token_hash: string;
  /** Service account or person that it acts as. */
  account_id: string;
  name: string;
  /** JSON. */
  permissions: string;
  created_by: string;
  created_at: number;
  expires_at: number;
  last_used_at: number | null;
  last_address: string | null;
  revoked_at: number | null;
}

/** Prefix of every API token, so that secret scanners know one when they see it. */
export const API_TOKEN_PREFIX = 'sntl';
const SEEN_MS = 60 * 1000;

/** Makes a token; its text is in the answer only. */
export async function createApiToken(
  store: ControlStore,
  given: {
    readonly accountId: string;
    readonly name: string;
    readonly permissions: readonly PersonPermission[];
    readonly createdBy: string;
    readonly lifeMs: number;
    readonly nowMs: number;
  },
): Promise<{ id: string; token: string }> {
  const token = newSecretToken(API_TOKEN_PREFIX);
  const id = newUuidV7();
  await store
    .insertInto('api_token')
    .values({
      id,
      token_hash: hashSecretToken(token),
      account_id: given.accountId,
      name: given.name,
      permissions: JSON.stringify([...new Set(given.permissions)]),
      created_by: given.createdBy,
      created_at: given.nowMs,
      expires_at: given.nowMs + given.lifeMs,
    })
    .execute();
  return { id, token };
}

/** Who a token acts as, while it holds and its account is active. */
export async function findTokenPerson(
  store: ControlStore,
  token: string,
  nowMs: number,
  origin: Origin,
): Promise<Person | undefined> {
  const row = await store
    .selectFrom('api_token')
    .innerJoin('account', 'account.id', 'api_token.account_id')
    .selectAll('account')
    .select([
      'api_token.id as token_id',
      'api_token.token_hash',
      'api_token.expires_at',
      'api_token.permissions',
      'api_token.last_used_at',
    ])
    .where('api_token.token_hash', '=', hashSecretToken(token))
    .where('api_token.expires_at', '>', nowMs)
    .where('api_token.revoked_at', 'is', null)
    .where('account.is_active', '=', 1)
    .executeTakeFirst();
  if (row === undefined) return undefined;
  if (nowMs - (row.last_used_at ?? 0) > SEEN_MS)
    await store
      .updateTable('api_token')
      .set({ last_used_at: nowMs, last_address: origin.address ?? null })
      .where('id', '=', row.token_id)
      .execute();
  const own = permissionsOfAll(rolesOf(row));
  // A person's token loses with the person; a service has what its token was given, and no more.
  const granted = textsOf(row.permissions).filter(
    (name): name is PersonPermission =>
      PersonPermission.safeParse(name).success &&
      name !== 'self' &&
      (row.kind === 'service' || own.has(name as PersonPermission)),
  );
  return {
    ...(await accountPart(store, row)),
    permissions: new Set(granted),
    expiresAtMs: row.expires_at,
    sessionHash: row.token_hash,
    sessionId: row.token_id,
    isToken: true,
    origin: { ...origin, session: row.token_id },
  };
}
