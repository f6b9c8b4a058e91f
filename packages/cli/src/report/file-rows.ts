import type { ObservedActivity } from '@sentinel/protocol';
import { attributeText, groupBy, sumOf } from './attribute-text.ts';
import { countOf, formatBytes } from './quantities.ts';
import type { Section } from './section.ts';
import { shortPath } from './short-path.ts';

const WRITES = new Set(['write', 'append', 'create', 'delete', 'rename', 'truncate']);

/** Files with what was done to them, changed ones first. */
export function fileRows(activities: readonly ObservedActivity[]): Section | undefined {
  const files = activities.filter(({ type }) => type === 'file.open' || type === 'file.change');
  if (files.length === 0) return undefined;
  const groups = [...groupBy(files, (activity) => attributeText(activity, 'file.path'))].map(([path, group]) => ({
    path,
    operations: [...new Set(group.map((activity) => attributeText(activity, 'sentinel.file.operation')))],
    target: group.map((activity) => attributeText(activity, 'sentinel.file.path.target')).find((text) => text !== ''),
    bytesIn: sumOf(group, 'bytesIn'),
    bytesOut: sumOf(group, 'bytesOut'),
    size: group.map((activity) => attributeText(activity, 'file.size')).findLast((text) => text !== ''),
    isChanged: group.some((activity) => WRITES.has(attributeText(activity, 'sentinel.file.operation'))),
    isRead: group.some((activity) => !WRITES.has(attributeText(activity, 'sentinel.file.operation'))),
  }));
  const changed = groups.filter(({ isChanged }) => isChanged).length;
  const summary = [`${countOf(groups.filter(({ isRead }) => isRead).length, 'file')} read`, `${changed} changed`].join(
    ', ',
  );
  const rows = groups
    .sort((a, b) => Number(b.isChanged) - Number(a.isChanged))
    .map((file) => [
      shortPath(file.path) + (file.target === undefined ? '' : ` -> ${shortPath(file.target)}`),
      file.operations.join(', '),
      sizeText(file.size, file.bytesIn, file.bytesOut),
    ]);
  return { title: 'Files', summary, rows };
}

function sizeText(size: string | undefined, bytesIn: number, bytesOut: number): string {
  const parts = [
    bytesIn > 0 ? `${formatBytes(bytesIn)} in` : '',
    bytesOut > 0 ? `${formatBytes(bytesOut)} out` : '',
  ].filter((part) => part !== '');
  if (parts.length > 0) return parts.join(', ');
  return size === undefined || !/^\d+$/.test(size) ? '' : formatBytes(Number(size));
}
