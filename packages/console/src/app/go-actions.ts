import type { AnyRouter } from '@tanstack/react-router';
import type { Action } from '../ui/actions.tsx';

/** Sections of the console with their keys, and what a person must be allowed to see them. */
export const sections = [
  { path: '/', title: 'Overview', key: 'o' },
  { path: '/findings', title: 'Findings', key: 'f' },
  { path: '/risk', title: 'Risk', key: 'i' },
  { path: '/data', title: 'Data', key: 'd' },
  { path: '/families', title: 'Families', key: 'y' },
  { path: '/scripts', title: 'Scripts', key: 's' },
  { path: '/runs', title: 'Runs', key: 'r' },
  { path: '/libraries', title: 'Libraries', key: 'l' },
  { path: '/machines', title: 'Machines', key: 'm' },
  { path: '/policies', title: 'Policies', key: 'p' },
  { path: '/approvals', title: 'Approvals', key: 'a' },
  { path: '/actions', title: 'Actions', key: 't' },
  { path: '/vault', title: 'Vault', key: 'v' },
  { path: '/leavers', title: 'Leavers', key: 'e' },
  { path: '/audit', title: 'Audit', key: 'u', needs: 'audit.read' },
  { path: '/settings', title: 'Settings', key: 'c' },
] as const;

/** Actions that lead to a section. */
export function goActions(router: AnyRouter): Action[] {
  return sections.map(({ path, title, key }) => ({
    id: `go-${key}`,
    title,
    group: 'Go to',
    keys: ['g', key],
    perform: () => void router.navigate({ to: path }),
  }));
}
