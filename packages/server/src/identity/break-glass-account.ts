import { AuditTrail } from '../audit/audit-trail.ts';
import type { ControlStore } from '../store/control-store.ts';
import { createAccount } from '../store/person-account.ts';
import { createSignInLink } from '../store/sign-in-link.ts';

/** Name of the emergency account. */
export const BREAK_GLASS_NAME = 'break-glass';

/**
 * Opens the emergency account: an owner that nobody can sign in to but by a one-time link made on the
 * machine of the server. Every use stands in the audit trail with its reason, and the console shows it in red.
 * @returns the token of the link.
 */
export async function openBreakGlass(
  control: ControlStore,
  { reason, osUser, nowMs }: { readonly reason: string; readonly osUser: string; readonly nowMs: number },
): Promise<string> {
  const known = await control.selectFrom('account').select('id').where('is_break_glass', '=', 1).executeTakeFirst();
  const id = known?.id ?? (await make(control, nowMs));
  // One link at a time, and the session of an earlier one ends.
  await control.deleteFrom('sign_in_link').where('account_id', '=', id).execute();
  await control.deleteFrom('session').where('account_id', '=', id).execute();
  await control.updateTable('account').set({ is_active: 1, updated_at: nowMs }).where('id', '=', id).execute();
  // The record first: a link that nobody knows of must not be.
  await new AuditTrail(control).record(
    { accountId: 'system', userName: osUser },
    { action: 'break-glass.open', object: { kind: 'account', id }, reason },
    { client: 'sentinel server break-glass' },
  );
  return createSignInLink(control, id, nowMs);
}

async function make(control: ControlStore, nowMs: number): Promise<string> {
  const id = await createAccount(control, {
    userName: BREAK_GLASS_NAME,
    displayName: 'Emergency account',
    roles: ['owner'],
    kind: 'person',
    source: 'local',
    nowMs,
  });
  await control.updateTable('account').set({ is_break_glass: 1 }).where('id', '=', id).execute();
  return id;
}
