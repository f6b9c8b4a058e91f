import type { ScriptApprovalTable } from '../store/script-approval.ts';
import type { Person } from '../store/session.ts';

/** Who stands behind a script version. */
export interface Authors {
  /** Accounts of operating systems that own its file or ran it first. */
  readonly names: readonly string[];
}

/** Why somebody may not decide a request; undefined where they may. */
export function whyNot(
  person: Pick<Person, 'accountId' | 'userName' | 'permissions'>,
  osUsers: readonly string[],
  row: Pick<ScriptApprovalTable, 'requested_by_id' | 'requested_by'>,
  authors: Authors,
): string | undefined {
  if (!person.permissions.has('script.approve')) return 'Your role does not approve scripts.';
  const own = new Set([person.userName, ...osUsers].map(plainName));
  if (
    row.requested_by_id === person.accountId ||
    (row.requested_by_id === null && own.has(plainName(row.requested_by)))
  )
    return 'You asked for it: another person decides.';
  if (authors.names.some((name) => own.has(plainName(name))))
    return 'You wrote it or ran it first: another person decides.';
  return undefined;
}

/** An account without its domain, in lower case: `CONTOSO\Ann` and `ann@contoso.com` are both ann. */
function plainName(name: string): string {
  return (name.split('\\').at(-1) ?? name).split('@')[0]?.toLowerCase() ?? name;
}
