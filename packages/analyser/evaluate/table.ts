/** Tools of others that are run beside. */
export const PEERS = ['bandit', 'detect-secrets', 'Ruff'] as const;
export type Peer = (typeof PEERS)[number];

/** One line of the table. */
export interface Row {
  readonly set: string;
  readonly measure: string;
  readonly value: number;
  /** Least value that is wanted; with `isAtMost` the greatest; absent: only told. */
  readonly target?: number;
  readonly isAtMost?: boolean;
  readonly unit?: 'share' | 'count' | 'rate' | 'times';
  readonly peers?: Readonly<Partial<Record<Peer, number>>>;
  /** What the figure rests on. */
  readonly note?: string;
}

/** Whether a row meets its target; undefined where it has none. */
export function isMet({ value, target, isAtMost }: Row): boolean | undefined {
  if (target === undefined) return undefined;
  if (Number.isNaN(value)) return false;
  return isAtMost === true ? value <= target : value >= target;
}

/** The rows as text: one table with aligned columns. */
export function renderTable(rows: readonly Row[]): string {
  const head = ['Set', 'Measure', 'Sentinel', 'Target', '', ...PEERS, 'Note'];
  const body = rows.map((row, at) => [
    rows[at - 1]?.set === row.set ? '' : row.set,
    row.measure,
    shown(row.value, row.unit),
    row.target === undefined ? '' : `${row.isAtMost === true ? '<=' : '>='} ${shown(row.target, row.unit)}`,
    { true: 'met', false: 'MISSED', undefined: '' }[String(isMet(row))] ?? '',
    ...PEERS.map((peer) => shown(row.peers?.[peer], row.unit)),
    row.note ?? '',
  ]);
  const widths = head.map((_, column) => Math.max(...[head, ...body].map((cells) => (cells[column] ?? '').length)));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, column) =>
        column >= 2 && column < 4 + PEERS.length + 1 && column !== 4
          ? cell.padStart(widths[column] ?? 0)
          : cell.padEnd(widths[column] ?? 0),
      )
      .join('  ')
      .trimEnd();
  return [line(head), widths.map((width) => '-'.repeat(width)).join('  '), ...body.map(line)].join('\n');
}

function shown(value: number | undefined, unit: Row['unit']): string {
  if (value === undefined) return '-';
  if (Number.isNaN(value)) return 'failed';
  switch (unit) {
    case 'count':
      return String(value);
    case 'rate':
      return Math.round(value).toLocaleString('en');
    case 'times':
      return `x${value.toFixed(2)}`;
    case 'share':
    case undefined:
      return value.toFixed(3);
  }
}
