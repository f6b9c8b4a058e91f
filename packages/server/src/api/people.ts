import { type Account, SentinelError } from '@sentinel/protocol';
import { checkMayGrant, checkMayLetIn, checkOwnerStays, checkSeesAll } from '../identity/guarded-roles.ts';
import { SCIM_PATH } from '../identity/scim/scim-path.ts';
import type { Services } from '../services.ts';
import { type AccountRow, findAccountById, rolesOf } from '../store/account.ts';
import { changeAccount, createAccount, listAccountPage, toAccounts } from '../store/person-account.ts';
import { createSignInLink, SIGN_IN_LINK_MS } from '../store/sign-in-link.ts';
import type { Handlers } from './handler.ts';

type PeopleOperations =
  | 'listPeople'
  | 'getPerson'
  | 'createPerson'
  | 'updatePerson'
  | 'createPersonLink'
  | 'endPersonSessions'
  | 'getSignInSettings';

/** Accounts of people and services. */
export function people({ control, audit, signInSettings }: Services): Handlers<PeopleOperations> {
  const read = async (accountId: string): Promise<AccountRow> => {
    const row = await findAccountById(control, accountId);
    if (row === undefined) throw new SentinelError('not-found', 'There is no account with this id.');
    return row;
  };
  const show = async (row: AccountRow): Promise<Account> => {
    const [account] = await toAccounts(control, [row], Date.now());
    if (account === undefined) throw new Error('an account that was read is not there');
    return account;
  };
  return {
    listPeople: ({ query }) => listAccountPage(control, query, Date.now()),
    getPerson: async ({ params }) => show(await read(params.accountId)),
    async createPerson({ body, person }) {
      checkSeesAll(person);
      checkMayGrant(person, [], body.roles);
      const isService = body.kind === 'service';
      if (isService !== body.roles.includes('service') || (isService && body.roles.length > 1))
        throw new SentinelError('bad-request', 'body: roles: a service has the role service, and nobody else has it');
      const nowMs = Date.now();
      const id = await createAccount(control, { ...body, source: 'local', nowMs });
      const account = await show(await read(id));
      await audit.record(person, { action: 'account.create', object: { kind: 'account', id }, after: told(account) });
      if (isService) return { account };
      return { account, signInToken: await createSignInLink(control, id, nowMs) };
    },
    async updatePerson({ params: { accountId }, body: { reason, ...change }, person }) {
      checkSeesAll(person);
      const row = await read(accountId);
      const before = await show(row);
      checkMayLetIn(person, row);
      if (change.roles !== undefined) {
        if (accountId === person.accountId && change.roles.join() !== before.roles.join())
          throw new SentinelError('not-allowed', 'Nobody changes their own roles.');
        checkMayGrant(person, before.roles, change.roles);
        if ((row.kind === 'service') !== change.roles.includes('service'))
          throw new SentinelError('bad-request', 'body: roles: a service has the role service, and nobody else has it');
      }
      if (accountId === person.accountId && (change.departments !== undefined || change.osUsers !== undefined))
        if (!person.roles.includes('owner')) throw new SentinelError('not-allowed', 'Nobody changes their own reach.');
      const losesOwner =
        rolesOf(row).includes('owner') &&
        (change.isActive === false || (change.roles !== undefined && !change.roles.includes('owner')));
      if (losesOwner) await checkOwnerStays(control, accountId);
      await changeAccount(control, accountId, change, Date.now());
      const after = await show(await read(accountId));
      await audit.record(person, {
        action: 'account.change',
        object: { kind: 'account', id: accountId },
        before: told(before),
        after: told(after),
        ...(reason === undefined ? {} : { reason }),
      });
      return after;
    },
    async createPersonLink({ params: { accountId }, body, person }) {
      const row = await read(accountId);
      checkMayLetIn(person, row);
      if (row.kind === 'service' || row.is_active !== 1)
        throw new SentinelError('conflict', 'Only an active account of a person signs in by a link.');
      const nowMs = Date.now();
      await control
        .updateTable('account')
        .set({ totp_secret: null, totp_step: null, updated_at: nowMs })
        .where('id', '=', accountId)
        .execute();
      await control.deleteFrom('recovery_code').where('account_id', '=', accountId).execute();
      const signInToken = await createSignInLink(control, accountId, nowMs);
      await audit.record(person, {
        action: 'account.let-in',
        object: { kind: 'account', id: accountId },
        before: { hasTotp: row.totp_secret !== null },
        reason: body.reason,
      });
      return { signInToken, expiresAt: new Date(nowMs + SIGN_IN_LINK_MS).toISOString() };
    },
    async endPersonSessions({ params: { accountId }, person }) {
      checkMayLetIn(person, await read(accountId));
      const { numDeletedRows } = await control
        .deleteFrom('session')
        .where('account_id', '=', accountId)
        .executeTakeFirst();
      const ended = Number(numDeletedRows);
      await audit.record(person, {
        action: 'session.end-all',
        object: { kind: 'account', id: accountId },
        after: { ended },
      });
      return { ended };
    },
    async getSignInSettings() {
      const { oidc, groupRoles } = signInSettings;
      return {
        ...(oidc === undefined
          ? {}
          : {
              oidc: {
                name: oidc.name,
                issuer: oidc.issuer,
                clientId: oidc.clientId,
                groupsClaim: oidc.groupsClaim,
              },
            }),
        groupRoles: Object.entries(groupRoles).map(([group, { roles, departments }]) => ({
          group,
          roles: [...roles],
          departments: [...departments],
        })),
        scimPath: SCIM_PATH,
      };
    },
  };
}

/** What an audit record says of an account. */
function told({ userName, kind, roles, departments, osUsers, isActive, displayName, email }: Account) {
  return { userName, kind, roles, departments, osUsers, isActive, displayName, email };
}
