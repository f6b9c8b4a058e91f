import type { ObservedActivity } from '@sentinel/protocol';
import { attributeText, groupBy, sumOf } from './attribute-text.ts';
import { countOf } from './quantities.ts';
import type { Section } from './section.ts';
import { shortPath } from './short-path.ts';

/** Programs that were launched, and by which call. */
export function programRows(activities: readonly ObservedActivity[]): Section | undefined {
  const spawned = activities.filter(({ type }) => type === 'process.spawn');
  if (spawned.length === 0) return undefined;
  const groups = groupBy(
    spawned,
    (activity) =>
      attributeText(activity, 'process.executable.path') || attributeText(activity, 'process.executable.name'),
  );
  const rows = [...groups].map(([program, group]) => [
    shortPath(program),
    [...new Set(group.map((activity) => attributeText(activity, 'sentinel.process.launcher')))].join(', '),
    [
      sumOf(group, 'count') > 1 ? `x${sumOf(group, 'count')}` : '',
      sumOf(group, 'errors') > 0 ? `${sumOf(group, 'errors')} failed` : '',
    ]
      .filter((part) => part !== '')
      .join(', '),
  ]);
  return { title: 'Programs', summary: countOf(sumOf(spawned, 'count'), 'start'), rows };
}
