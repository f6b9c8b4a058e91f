import { countOf } from './quantities.ts';
import { paint, type TextStyle } from './terminal-style.ts';

/** One line of a section, in columns; the first column gives way where the terminal is narrow. */
type Row = readonly string[];

/** A part of the report. */
export interface Section {
  readonly title: string;
  /** Behind the title: totals in few words. */
  readonly summary: string;
  readonly rows: readonly Row[];
}

/** Rows shown of a section. */
const MAX_ROWS = 12;
const GAP = '  ';

/** A section as text: title, then rows in columns as wide as their longest entry. */
export function formatSection(section: Section, style: TextStyle): string {
  const rows = section.rows.slice(0, MAX_ROWS);
  const lines = [
    `  ${paint(section.title, 'bold', style)}${section.summary === '' ? '' : `  ${paint(section.summary, 'dim', style)}`}`,
  ];
  const widths = columnWidths(rows, style.width - 4);
  for (const row of rows) lines.push(`    ${formatRow(row, widths, style)}`);
  const more = section.rows.length - rows.length;
  if (more > 0) lines.push(paint(`    and ${countOf(more, 'more', 'more')} (--json has all)`, 'dim', style));
  return `${lines.join('\n')}\n`;
}

/** Cuts a text in its middle, where paths and names differ least. */
export function shorten(text: string, width: number, style: TextStyle): string {
  const letters = Array.from(text);
  if (letters.length <= width) return text;
  const sign = style.isUnicode ? '…' : '...';
  const kept = Math.max(2, width - sign.length);
  const head = Math.ceil(kept / 3);
  return `${letters.slice(0, head).join('')}${sign}${letters.slice(letters.length - (kept - head)).join('')}`;
}

/** Text in lines of a width, indented by two. */
export function wrap(text: string, width: number): string {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > width) {
      lines.push(line);
      line = word;
    } else {
      line = line === '' ? word : `${line} ${word}`;
    }
  }
  lines.push(line);
  return lines.map((each) => `  ${each}`).join('\n');
}

function columnWidths(rows: readonly Row[], available: number): number[] {
  const columns = rows.reduce((most, row) => Math.max(most, row.length), 0);
  const widths = Array.from({ length: columns }, (_, column) =>
    rows.reduce((most, row) => Math.max(most, Array.from(row[column] ?? '').length), 0),
  );
  const total = widths.reduce((sum, width) => sum + width, 0) + GAP.length * Math.max(0, columns - 1);
  const first = widths[0] ?? 0;
  if (total > available) widths[0] = Math.max(Math.min(first, 20), first - (total - available));
  return widths;
}

function formatRow(row: Row, widths: readonly number[], style: TextStyle): string {
  return row
    .map((text, column) => {
      const width = widths[column] ?? 0;
      const clean = column === 0 ? shorten(printable(text), width, style) : printable(text);
      const padded = clean + ' '.repeat(Math.max(0, width - Array.from(clean).length));
      return column === 0 ? padded : paint(padded, 'dim', style);
    })
    .join(GAP)
    .trimEnd();
}

/** A file name may hold anything, also what moves a cursor or rings a bell. */
function printable(text: string): string {
  return text.replaceAll(/\p{Cc}|\p{Cf}/gu, '?');
}
