import type { ObservedActivity } from '@sentinel/protocol';
import { attributeText, groupBy } from './attribute-text.ts';
import { countOf } from './quantities.ts';
import type { Section } from './section.ts';

/** Distributions with their versions, then modules of the script's own; the standard library only as a number. */
export function libraryRows(activities: readonly ObservedActivity[]): Section | undefined {
  const imports = activities.filter(({ type }) => type === 'module.import');
  if (imports.length === 0) return undefined;
  const ofKind = (...kinds: string[]) =>
    imports.filter((activity) => kinds.includes(attributeText(activity, 'sentinel.module.kind')));
  const standard = ofKind('stdlib', 'builtin');
  const others = imports.filter((activity) => !standard.includes(activity));
  const groups = groupBy(
    others,
    (activity) =>
      attributeText(activity, 'sentinel.distribution.name') || attributeText(activity, 'sentinel.module.name'),
  );
  const rows = [...groups].map(([name, group]) => {
    const first = group[0];
    const version = first === undefined ? '' : attributeText(first, 'sentinel.distribution.version');
    const kind = first === undefined ? '' : attributeText(first, 'sentinel.module.kind');
    return [name, version === '' ? kind : version];
  });
  return {
    title: 'Libraries',
    summary: standard.length === 0 ? '' : countOf(standard.length, 'standard module'),
    rows: rows.sort(byFirst),
  };
}

function byFirst(a: readonly string[], b: readonly string[]): number {
  return (a[0] ?? '') < (b[0] ?? '') ? -1 : 1;
}
