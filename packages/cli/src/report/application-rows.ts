import type { ObservedActivity } from '@sentinel/protocol';
import { attributeText, groupBy, sumOf } from './attribute-text.ts';
import { countOf } from './quantities.ts';
import type { Section } from './section.ts';

/** Applications driven through COM, then what was used of the desktop. */
export function applicationRows(activities: readonly ObservedActivity[]): Section | undefined {
  const calls = activities.filter(({ type }) => type === 'com.call');
  const uses = activities.filter(({ type }) => type === 'desktop.use');
  if (calls.length + uses.length === 0) return undefined;
  const applications = [...groupBy(calls, (activity) => attributeText(activity, 'sentinel.com.prog_id'))].map(
    ([program, group]) => [program, membersText(group), countText(group)],
  );
  const desktop = uses.map((activity) => [
    [attributeText(activity, 'sentinel.desktop.kind').replaceAll('_', ' '), attributeText(activity, 'server.address')]
      .filter((part) => part !== '')
      .join(' '),
    attributeText(activity, 'sentinel.library.name'),
    countText([activity]),
  ]);
  return {
    title: 'Applications',
    summary: countOf(applications.length + desktop.length, 'use'),
    rows: [...applications, ...desktop],
  };
}

function membersText(calls: readonly ObservedActivity[]): string {
  const names = [...new Set(calls.map((activity) => attributeText(activity, 'sentinel.com.member')))];
  return names.length > 5 ? `${names.slice(0, 5).join(', ')} and ${names.length - 5} more` : names.join(', ');
}

function countText(activities: readonly ObservedActivity[]): string {
  const count = sumOf(activities, 'count');
  return count > 1 ? `x${count}` : '';
}
