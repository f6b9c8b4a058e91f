import { z } from 'zod';

/** What a person or a service may be; one account may have several. */
export const Role = z.enum([
  'owner',
  'admin',
  'analyst',
  'policy-author',
  'approver',
  'auditor',
  'privacy-officer',
  'department-owner',
  'user',
  'service',
  'viewer',
]);
export type Role = z.infer<typeof Role>;

/** What a signed-in person or a token may be allowed to do. */
export const PersonPermission = z.enum([
  /** Anything about one's own account. */
  'self',
  /** Runs, scripts, machines, findings, policies, approvals: the lists and pages, within one's scope. */
  'read',
  /** Settings of the product. */
  'manage',
  'enrolment.manage',
  'people.manage',
  'token.manage',
  'policy.write',
  /** The second person of a policy, a waiver, a bundle. */
  'policy.approve',
  /** Asking for the approval of a script. */
  'script.request',
  'script.approve',
  'finding.write',
  /** Labels, calendars, departments, owners. */
  'data.manage',
  /** Stopping a run and the rest of the closed list. */
  'action.send',
  'vault.read',
  'vault.restore',
  'leaver.manage',
  'audit.read',
  'retention.manage',
  'privacy.unmask',
]);
export type PersonPermission = z.infer<typeof PersonPermission>;

const READS: readonly PersonPermission[] = ['self', 'read'];

/** Permissions of each role. Nobody but an owner has all; the author of a policy is never its second person. */
const PERMISSIONS: Readonly<Record<Role, readonly PersonPermission[]>> = {
  owner: PersonPermission.options,
  admin: [
    ...READS,
    'manage',
    'enrolment.manage',
    'people.manage',
    'token.manage',
    'data.manage',
    'action.send',
    'retention.manage',
    'leaver.manage',
    'script.request',
  ],
  analyst: [...READS, 'finding.write', 'action.send', 'script.request', 'vault.read'],
  'policy-author': [...READS, 'policy.write', 'script.request'],
  approver: [...READS, 'policy.approve', 'script.approve', 'script.request'],
  auditor: [...READS, 'audit.read', 'vault.read'],
  'privacy-officer': [...READS, 'audit.read', 'privacy.unmask', 'retention.manage'],
  'department-owner': [...READS, 'script.request', 'script.approve', 'finding.write'],
  user: ['self', 'read', 'script.request'],
  service: READS,
  viewer: READS,
};

/** What a role may do. */
export function permissionsOf(role: Role): ReadonlySet<PersonPermission> {
  return new Set(PERMISSIONS[role]);
}

/** What somebody with these roles may do. */
export function permissionsOfAll(roles: readonly Role[]): ReadonlySet<PersonPermission> {
  return new Set(roles.flatMap((role) => [...PERMISSIONS[role]]));
}

/** How far a role sees: everything, the machines of its departments, or the runs of its own accounts. */
export type RoleReach = 'all' | 'department' | 'own';

/** How far a role sees; a service sees everything unless it was given departments. */
export function reachOf(role: Role, hasDepartments: boolean): RoleReach {
  if (role === 'user') return 'own';
  if (role === 'department-owner') return 'department';
  return role === 'service' && hasDepartments ? 'department' : 'all';
}
