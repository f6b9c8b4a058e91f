import type { Role } from '@sentinel/protocol';

/** What the settings say of one group of the company's directory. */
export interface GroupRole {
  readonly roles: readonly Role[];
  readonly departments: readonly string[];
}

/** Groups of the company's directory by name. */
export type GroupRoles = Readonly<Record<string, GroupRole>>;

/** Roles and departments of somebody in these groups; no roles where no group gives one. */
export function rolesOfGroups(
  groupRoles: GroupRoles,
  groups: readonly string[],
): { roles: Role[]; departments: string[] } {
  const given = groups.flatMap((group) => (Object.hasOwn(groupRoles, group) ? [groupRoles[group] as GroupRole] : []));
  return {
    roles: [...new Set(given.flatMap(({ roles }) => roles))],
    departments: [...new Set(given.flatMap(({ departments }) => departments))].sort(),
  };
}
