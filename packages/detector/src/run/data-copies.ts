import type { ObservedActivity } from '@sentinel/protocol';
import { textOf } from './activity-facts.ts';
import type { DataSource } from './data-sources.ts';
import type { RunView } from './run-view.ts';

/** A file that labelled data went into. */
export interface DataCopy {
  readonly activity: ObservedActivity;
  readonly path: string;
  readonly labels: readonly string[];
  readonly sources: readonly DataSource[];
  readonly rows: number;
  readonly bytes: number;
  /** Where it lies; empty for an ordinary local folder. */
  readonly place: string;
}

/** Below this a file holds a number or a note rather than a copy. */
const LEAST_BYTES = 4_096;
/** Share of the rows that a copy has at least, where both are counted. */
const LEAST_SHARE = 0.01;

/** Files that were written after labelled data was read, and that are still there at the end of the run. */
export function findCopies(view: RunView): readonly DataCopy[] {
  const labelled = view.sources.filter(({ labels }) => labels.length > 0);
  if (labelled.length === 0) return [];
  const { gone, movedTo } = changes(view);
  const rows = rowsWritten(view);
  const copies = new Map<string, DataCopy>();
  for (const activity of view.ofType('file.open')) {
    const operation = textOf(activity, 'sentinel.file.operation');
    if (operation === 'read' || textOf(activity, 'sentinel.file.role') === 'log') continue;
    const written = textOf(activity, 'file.path');
    const path = movedTo.get(written) ?? written;
    if (gone.has(path)) continue;
    const sources = labelled.filter(
      (source) => source.activity.firstSeen <= activity.lastSeen && textOf(source.activity, 'file.path') !== written,
    );
    const bytes = Math.max(activity.bytesOut, Number(activity.attributes['file.size'] ?? 0));
    const rowCount = rows.get(written) ?? 0;
    const mostRead = sources.reduce((most, source) => Math.max(most, source.rows), 0);
    if (sources.length === 0 || bytes < LEAST_BYTES || (rowCount > 0 && rowCount < mostRead * LEAST_SHARE)) continue;
    copies.set(path, {
      activity,
      path,
      labels: [...new Set(sources.flatMap(({ labels }) => labels))].sort(),
      sources,
      rows: rowCount,
      bytes,
      place: textOf(activity, 'sentinel.file.place'),
    });
  }
  return [...copies.values()];
}

function changes(view: RunView): { gone: ReadonlySet<string>; movedTo: ReadonlyMap<string, string> } {
  const gone = new Set<string>();
  const movedTo = new Map<string, string>();
  for (const activity of view.ofType('file.change')) {
    const path = textOf(activity, 'file.path');
    const operation = textOf(activity, 'sentinel.file.operation');
    if (operation === 'delete') gone.add(path);
    if (operation === 'rename') movedTo.set(path, textOf(activity, 'sentinel.file.path.target'));
  }
  return { gone, movedTo };
}

function rowsWritten(view: RunView): Map<string, number> {
  const rows = new Map<string, number>();
  for (const activity of view.ofType('document.use')) {
    if (activity.attributes['sentinel.file.operation'] === 'read') continue;
    const path = textOf(activity, 'file.path');
    rows.set(path, Math.max(rows.get(path) ?? 0, activity.rows));
  }
  return rows;
}
