import type { Role } from '@sentinel/protocol';
import { SentinelError } from '@sentinel/protocol';
import { type AccountRow, rolesOf } from '../store/account.ts';
import type { ControlStore } from '../store/control-store.ts';
import type { Person } from '../store/session.ts';

/** Roles that only an owner gives, takes or signs in for: whoever hands them out could be their own second person. */
const GUARDED: ReadonlySet<Role> = new Set(['owner', 'admin', 'approver', 'auditor', 'privacy-officer']);

/** @throws SentinelError `not-allowed` if the person may not give or take one of the roles. */
export function checkMayGrant(person: Person, before: readonly Role[], after: readonly Role[]): void {
  if (person.roles.includes('owner')) return;
  const changed = [
    ...before.filter((role) => !after.includes(role)),
    ...after.filter((role) => !before.includes(role)),
  ];
  const guarded = changed.find((role) => GUARDED.has(role));
  if (guarded !== undefined)
    throw new SentinelError('not-allowed', `Only an owner gives or takes the role ${guarded}.`);
}

/** @throws SentinelError `not-allowed` if the person may not let somebody into this account. */
export function checkMayLetIn(person: Person, account: AccountRow): void {
  if (person.roles.includes('owner')) return;
  const guarded = rolesOf(account).find((role) => GUARDED.has(role));
  if (guarded !== undefined)
    throw new SentinelError('not-allowed', `Only an owner may do this to an account with the role ${guarded}.`);
}

/** @throws SentinelError `conflict` if nobody with the role owner would be left. */
export async function checkOwnerStays(store: ControlStore, accountId: string): Promise<void> {
  const others = await store
    .selectFrom('account')
    .select(['role', 'other_roles'])
    .where('is_active', '=', 1)
    .where('is_break_glass', '=', 0)
    .where('kind', '=', 'person')
    .where('id', '!=', accountId)
    .execute();
  if (!others.some((row) => rolesOf(row).includes('owner')))
    throw new SentinelError('conflict', 'This is the last owner: give somebody else the role first.');
}

/** @throws SentinelError `not-allowed` if the person sees a part of the fleet only, and could give away the rest. */
export function checkSeesAll(person: Person): void {
  if (!person.scope.isAll)
    throw new SentinelError('not-allowed', 'Who sees a part of the fleet only hands out no access to it.');
}
