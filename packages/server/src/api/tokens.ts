import { type ApiToken, PERSONAL_PERMISSIONS, PersonPermission, SentinelError } from '@sentinel/protocol';
import { checkSeesAll } from '../identity/guarded-roles.ts';
import type { Services } from '../services.ts';
import { findAccount, textsOf } from '../store/account.ts';
import { type ApiTokenTable, createApiToken } from '../store/api-token.ts';
import { createAccount } from '../store/person-account.ts';
import type { Person } from '../store/session.ts';
import type { Handlers } from './handler.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** API tokens of services and people. */
export function tokens({ control, audit }: Services): Handlers<'listTokens' | 'createToken' | 'revokeToken'> {
  const select = () =>
    control
      .selectFrom('api_token')
      .innerJoin('account', 'account.id', 'api_token.account_id')
      .selectAll('api_token')
      .select(['account.user_name', 'account.kind', 'account.departments']);
  const read = async (id: string): Promise<ApiToken> => {
    const row = await select().where('api_token.id', '=', id).executeTakeFirst();
    if (row === undefined) throw new SentinelError('not-found', 'There is no token with this id.');
    return toApiToken(row);
  };
  const actAs = async (
    body: { readonly service?: string | undefined; readonly departments: readonly string[] },
    person: Person,
    nowMs: number,
  ): Promise<string> => {
    if (body.service === undefined) return person.accountId;
    const known = await findAccount(control, body.service);
    if (known?.kind === 'person')
      throw new SentinelError('conflict', 'This is the account of a person, not of a service.');
    if (known !== undefined) {
      if (known.is_active !== 1) throw new SentinelError('conflict', 'This service account is not active.');
      return known.id;
    }
    const id = await createAccount(control, {
      userName: body.service,
      kind: 'service',
      roles: ['service'],
      departments: body.departments,
      source: 'local',
      nowMs,
    });
    await audit.record(person, {
      action: 'account.create',
      object: { kind: 'account', id },
      after: { userName: body.service, kind: 'service', departments: body.departments },
    });
    return id;
  };
  return {
    async listTokens() {
      const rows = await select().orderBy('api_token.created_at', 'desc').orderBy('api_token.id', 'desc').execute();
      return { items: rows.map(toApiToken), total: rows.length };
    },
    async createToken({ body, person }) {
      checkSeesAll(person);
      const beyond = body.permissions.filter((name) => !person.permissions.has(name));
      if (beyond.length > 0)
        throw new SentinelError('not-allowed', `Nobody hands out what they may not do: ${beyond.join(', ')}.`);
      const personal = body.permissions.filter((name) =>
        body.service === undefined ? name === 'self' : PERSONAL_PERMISSIONS.includes(name),
      );
      if (personal.length > 0)
        throw new SentinelError('bad-request', `body: permissions: ${personal.join(', ')} takes a person`);
      const nowMs = Date.now();
      const made = await createApiToken(control, {
        accountId: await actAs(body, person, nowMs),
        name: body.name,
        permissions: body.permissions,
        createdBy: person.userName,
        lifeMs: body.expiresInDays * DAY_MS,
        nowMs,
      });
      const shown = await read(made.id);
      await audit.record(person, { action: 'token.create', object: { kind: 'token', id: made.id }, after: shown });
      return { ...shown, token: made.token };
    },
    async revokeToken({ params: { tokenId }, person }) {
      const before = await read(tokenId);
      await control
        .updateTable('api_token')
        .set({ revoked_at: Date.now() })
        .where('id', '=', tokenId)
        .where('revoked_at', 'is', null)
        .execute();
      await audit.record(person, { action: 'token.revoke', object: { kind: 'token', id: tokenId }, before });
      return read(tokenId);
    },
  };
}

function toApiToken(
  row: ApiTokenTable & {
    readonly user_name: string;
    readonly kind: 'person' | 'service';
    readonly departments: string;
  },
): ApiToken {
  return {
    id: row.id,
    name: row.name,
    accountId: row.account_id,
    userName: row.user_name,
    kind: row.kind,
    permissions: textsOf(row.permissions).filter(
      (name): name is PersonPermission => PersonPermission.safeParse(name).success,
    ),
    departments: textsOf(row.departments),
    createdBy: row.created_by,
    createdAt: new Date(row.created_at).toISOString(),
    expiresAt: new Date(row.expires_at).toISOString(),
    ...(row.last_used_at === null ? {} : { lastUsedAt: new Date(row.last_used_at).toISOString() }),
    ...(row.last_address === null ? {} : { lastAddress: row.last_address }),
    ...(row.revoked_at === null ? {} : { revokedAt: new Date(row.revoked_at).toISOString() }),
  };
}
