import type { PiiFound } from '@sentinel/protocol';
import { type PiiFinder, shippedPii } from './find-pii.ts';

/** A sample of a file: the beginning of its text, or its table. */
export interface Sample {
  readonly text?: string;
  /** Names of columns: a header row, fields of a table, parameters of a transaction. */
  readonly columns?: readonly string[];
  readonly rows?: readonly (readonly string[])[];
}

/** Most rows that are looked at. */
const ROW_LIMIT = 200;
/** Share of a column's cells that must be of a kind for the column to be. */
const COLUMN_SHARE = 0.5;

/** Kinds of personal and confidential data in a sample, by kind; never a value. */
export function readSample(sample: Sample, finder: PiiFinder = shippedPii()): PiiFound[] {
  const { text } = sample;
  // Without a header the first row holds values: none of them may pass for a name.
  const isHeader = sample.columns?.every((name) => !isValue(name, finder)) ?? false;
  const columns = isHeader ? sample.columns : undefined;
  const rows = isHeader || sample.columns === undefined ? sample.rows : [sample.columns, ...(sample.rows ?? [])];
  const found = new Map<string, { count: number; columns: Set<string>; isNamed: boolean }>();
  const at = (kind: string) => {
    const known = found.get(kind) ?? { count: 0, columns: new Set<string>(), isNamed: false };
    found.set(kind, known);
    return known;
  };
  for (const [kind, count] of text === undefined ? [] : finder.counts(text)) at(kind).count += count;
  for (const name of columns ?? []) {
    const kind = finder.kindOfColumn(name);
    if (kind === undefined) continue;
    at(kind).columns.add(shortName(name));
    at(kind).isNamed = true;
  }
  const looked = (rows ?? []).slice(0, ROW_LIMIT);
  const width = Math.min(200, Math.max(0, ...looked.map(({ length }) => length)));
  for (let column = 0; column < width; column += 1) {
    const name = columns?.[column] ?? '';
    const cells = looked.map((row) => row[column] ?? '').filter((cell) => cell !== '');
    const counts = new Map<string, number>();
    for (const cell of cells) {
      // The column's name is what stands near a value.
      const kinds = new Set(
        finder
          .spans(`${name}: ${cell}`)
          .filter(({ start }) => start > name.length)
          .map((span) => span.kind),
      );
      for (const kind of kinds) counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    for (const [kind, count] of counts) {
      at(kind).count += count;
      if (count >= cells.length * COLUMN_SHARE && name !== '') at(kind).columns.add(shortName(name));
    }
  }
  return [...found]
    .map(
      ([kind, { count, columns: names, isNamed }]): PiiFound => ({
        kind,
        ground: count === 0 ? 'column-name' : isNamed ? 'both' : 'content',
        count,
        columns: [...names].sort(),
      }),
    )
    .sort((left, right) => (left.kind < right.kind ? -1 : 1));
}

/** Whether a cell is a value rather than the name of a column. */
function isValue(cell: string, finder: PiiFinder): boolean {
  return /\d{4}|^[\s\d.,:/-]+$/.test(cell.trim()) || finder.spans(cell).length > 0;
}

function shortName(name: string): string {
  return name.trim().slice(0, 80);
}

/** The table in the beginning of a text with separated values; undefined where it is none. */
export function tableOf(text: string): { columns: string[]; rows: string[][] } | undefined {
  const lines = text
    .slice(0, 200_000)
    .replace(/^\ufeff/, '')
    .split(/\r\n|\r|\n/, ROW_LIMIT + 1);
  const header = lines[0] ?? '';
  const separator = [';', '\t', ',', '|'].find((mark) => header.split(mark).length >= 2);
  if (separator === undefined) return undefined;
  const [columns, ...rows] = lines.filter((line) => line !== '').map((line) => splitRow(line, separator));
  if (columns === undefined || columns.some((name) => name.length > 80)) return undefined;
  const fitting = rows.filter(({ length }) => length === columns.length).length;
  return fitting * 2 >= rows.length ? { columns, rows } : undefined;
}

function splitRow(line: string, separator: string): string[] {
  const cells: string[] = [];
  let cell = '';
  let isQuoted = false;
  for (let at = 0; at < line.length; at += 1) {
    const letter = line.charAt(at);
    if (letter === '"') {
      if (isQuoted && line[at + 1] === '"') {
        cell += '"';
        at += 1;
      } else isQuoted = !isQuoted;
    } else if (letter === separator && !isQuoted) {
      cells.push(cell.trim());
      cell = '';
    } else cell += letter;
  }
  cells.push(cell.trim());
  return cells;
}
