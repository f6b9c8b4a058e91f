import { SentinelError } from '@sentinel/protocol';
import { type AccountRow, findAccountById, rolesOf, textsOf } from '../store/account.ts';
import type { ControlStore } from '../store/control-store.ts';
import { changeAccount, createAccount } from '../store/person-account.ts';
import { type GroupRoles, rolesOfGroups } from './group-roles.ts';
import type { OidcPerson } from './oidc.ts';

/** What became of somebody's account at their sign-in. */
export interface OidcEntry {
  readonly account: AccountRow;
  readonly change: 'none' | 'created' | 'linked' | 'roles';
  readonly before?: { readonly roles: readonly string[]; readonly departments: readonly string[] };
}

/**
 * The account of somebody whom the company's sign-in let in; made at the first time, where a group gives a role.
 * A local account of the same name is never taken over: whoever names people at the provider could else become anyone here.
 * @throws SentinelError `not-signed-in` if no group gives a role, or the account is not active.
 */
export async function accountOfOidc(
  store: ControlStore,
  person: OidcPerson,
  groupRoles: GroupRoles,
  nowMs: number,
): Promise<OidcEntry> {
  const known = await findKnown(store, person);
  const given = person.groups === undefined ? undefined : rolesOfGroups(groupRoles, person.groups);
  if (known === undefined) {
    if (given === undefined || given.roles.length === 0) throw refused('None of your groups has a role here.');
    const id = await createAccount(store, {
      userName: person.userName,
      displayName: person.displayName,
      email: person.email,
      roles: given.roles,
      departments: given.departments,
      kind: 'person',
      source: 'oidc',
      oidc: { issuer: person.issuer, subject: person.subject },
      nowMs,
    });
    return { account: await read(store, id), change: 'created' };
  }
  if (known.row.is_active !== 1) throw refused('Your account is not active.');
  if (known.isNewLink)
    await store
      .updateTable('account')
      .set({ oidc_issuer: person.issuer, oidc_subject: person.subject, updated_at: nowMs })
      .where('id', '=', known.row.id)
      .execute();
  const before = { roles: rolesOf(known.row), departments: textsOf(known.row.departments) };
  // What the directory keeps, SCIM says; a local account keeps what people gave it.
  if (given !== undefined && known.row.source === 'oidc') {
    if (given.roles.length === 0) throw refused('None of your groups has a role here any more.');
    if (given.roles.join() !== before.roles.join() || given.departments.join() !== before.departments.join()) {
      await changeAccount(store, known.row.id, { roles: given.roles, departments: given.departments }, nowMs);
      return { account: await read(store, known.row.id), change: 'roles', before };
    }
  }
  return { account: known.row, change: known.isNewLink ? 'linked' : 'none' };
}

async function findKnown(
  store: ControlStore,
  { issuer, subject, userName, email }: OidcPerson,
): Promise<{ row: AccountRow; isNewLink: boolean } | undefined> {
  const row = await store
    .selectFrom('account')
    .selectAll()
    .where('oidc_issuer', '=', issuer)
    .where('oidc_subject', '=', subject)
    .executeTakeFirst();
  if (row !== undefined) return { row, isNewLink: false };
  // The directory that SCIM speaks for is the one that the provider signs in from.
  const names = [userName, ...(email === undefined ? [] : [email])].map((name) => name.toLowerCase());
  const provisioned = await store
    .selectFrom('account')
    .selectAll()
    .where('source', '=', 'scim')
    .where('oidc_subject', 'is', null)
    .where(({ fn }) => fn('lower', ['user_name']), 'in', names)
    .executeTakeFirst();
  return provisioned === undefined ? undefined : { row: provisioned, isNewLink: true };
}

async function read(store: ControlStore, id: string): Promise<AccountRow> {
  const row = await findAccountById(store, id);
  if (row === undefined) throw new Error('an account that was just made is not there');
  return row;
}

function refused(detail: string): SentinelError {
  return new SentinelError('not-signed-in', detail);
}
