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
  const rowsByPath = new Map(
    [
      ...groupBy(
        activities.filter(({ type }) => type === 'document.use'),
        (activity) => attributeText(activity, 'file.path'),
      ),
    ].map(([path, group]) => [path, sumOf(group, 'rows')] as const),
  );
  const groups = [...groupBy(files, (activity) => attributeText(activity, 'file.path'))].map(([path, group]) => ({
    path,
    operations: [...new Set(group.map((activity) => attributeText(activity, 'sentinel.file.operation')))],
    target: group.map((activity) => attributeText(activity, 'sentinel.file.path.target')).find((text) => text !== ''),
    bytesIn: sumOf(group, 'bytesIn'),
    bytesOut: sumOf(group, 'bytesOut'),
    size: group.map((activity) => attributeText(activity, 'file.size')).findLast((text) => text !== ''),
    place: placeText(group),
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
      [sizeText(file.size, file.bytesIn, file.bytesOut), rowsText(rowsByPath.get(file.path)), file.place]
        .filter((part) => part !== '')
        .join(', '),
    ]);
  return { title: 'Files', summary, rows };
}

/** Said only of places from which a file goes elsewhere. */
const TELLING = new Set(['personal_cloud', 'company_cloud', 'share', 'removable']);

function placeText(group: readonly ObservedActivity[]): string {
  const place =
    group.map((activity) => attributeText(activity, 'sentinel.file.place')).find((text) => text !== '') ?? '';
  const provider = group
    .map((activity) => attributeText(activity, 'sentinel.file.provider'))
    .find((text) => text !== '');
  if (!TELLING.has(place)) return '';
  return provider === undefined ? place.replaceAll('_', ' ') : `${place.replaceAll('_', ' ')} (${provider})`;
}

function rowsText(rows: number | undefined): string {
  return rows === undefined || rows === 0 ? '' : countOf(rows, 'row');
}

function sizeText(size: string | undefined, bytesIn: number, bytesOut: number): string {
  const parts = [
    bytesIn > 0 ? `${formatBytes(bytesIn)} in` : '',
    bytesOut > 0 ? `${formatBytes(bytesOut)} out` : '',
  ].filter((part) => part !== '');
  if (parts.length > 0) return parts.join(', ');
  return size === undefined || !/^\d+$/.test(size) ? '' : formatBytes(Number(size));
}
