import type { AnyRouter } from '@tanstack/react-router';
import type { Action } from '../ui/actions.tsx';

/** Sections of the console with their keys. */
export const sections = [
  { path: '/', title: 'Overview', key: 'o' },
  { path: '/scripts', title: 'Scripts', key: 's' },
  { path: '/runs', title: 'Runs', key: 'r' },
  { path: '/machines', title: 'Machines', key: 'm' },
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
