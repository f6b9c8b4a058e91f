import type { RunView } from './run-view.ts';
import { fileName, folderOf } from './sentence.ts';

/** A place that data of a run came from or went to. */
export interface DataTouch {
  /** read: data came from there; written: a labelled copy lies there; sent: it left the computer or the company. */
  readonly direction: 'read' | 'written' | 'sent';
  /** What it is: `file`, `database`, `http`, or the kind of the receiver. */
  readonly kind: string;
  /** For people, the same in every run as far as it can be: a database, a folder, a host. */
  readonly name: string;
  readonly labels: readonly string[];
  readonly rows: number;
  readonly bytes: number;
}

/** More are summed up under one name: a run over ten thousand files is one line. */
const MOST = 40;

/** Data that a run touched: every labelled place, databases, and every receiver. */
export function touchedData(view: RunView): readonly DataTouch[] {
  const touches = new Map<string, DataTouch>();
  const add = (touch: DataTouch) => {
    const key = `${touch.direction}\0${touch.kind}\0${touch.name}`;
    const known = touches.get(key);
    touches.set(
      key,
      known === undefined
        ? touch
        : {
            ...known,
            labels: [...new Set([...known.labels, ...touch.labels])].sort(),
            rows: known.rows + touch.rows,
            bytes: known.bytes + touch.bytes,
          },
    );
  };
  for (const { activity, kind, name, labels, rows, bytes } of view.sources) {
    if (kind === 'file' && labels.length === 0) continue;
    const path = String(activity.attributes['file.path'] ?? '');
    const shown = kind === 'file' && name === fileName(path) ? folderOf(path) || name : name;
    add({ direction: 'read', kind, name: shown, labels: [...labels].sort(), rows, bytes });
  }
  const sent = new Set(view.sources.flatMap(({ labels }) => labels));
  // What lies in a personal cloud was sent there.
  for (const { path, labels, rows, bytes } of view.copies.filter(({ place }) => place !== 'personal_cloud'))
    add({ direction: 'written', kind: 'file', name: folderOf(path) || path, labels: [...labels].sort(), rows, bytes });
  for (const { kind, name, bytes, activity } of view.sinks) {
    const isLarge = bytes >= view.context.limits.sentBytes;
    add({ direction: 'sent', kind, name, labels: isLarge ? [...sent].sort() : [], rows: activity.rows, bytes });
  }
  const all = [...touches.values()].sort((a, b) => b.rows - a.rows || b.bytes - a.bytes);
  // What is labelled or leaves is never left out for what is neither.
  const weight = ({ labels, direction }: DataTouch) => (labels.length > 0 ? 0 : direction === 'sent' ? 1 : 2);
  return all.toSorted((a, b) => weight(a) - weight(b)).slice(0, MOST);
}
