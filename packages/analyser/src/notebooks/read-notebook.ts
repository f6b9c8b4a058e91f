import { normaliseLines } from '../read-source.ts';

/** A cell of code. */
export interface NotebookCell {
  /** Number of the cell among all cells, from 0. */
  readonly cell: number;
  /** Python, with magics and shell lines blanked. */
  readonly text: string;
  /** The cell as written. */
  readonly raw: string;
  /** Shell lines with their line in the cell, such as `pip install x`; `%pip` and `%conda` too. */
  readonly shellLines: readonly { readonly line: number; readonly command: string }[];
}

/** A notebook: its cells of Python, and whether its language is another one. */
export interface Notebook {
  readonly cells: readonly NotebookCell[];
  readonly language: string;
}

/** Cell magics whose cell is Python all the same. Source: IPython documentation, built-in magic commands. */
const PYTHON_CELL_MAGICS = new Set(['time', 'timeit', 'capture', 'prun', 'python', 'python3', 'memit', 'mprun']);

function readCell(cell: number, source: string): NotebookCell {
  const shellLines: { line: number; command: string }[] = [];
  const lines = normaliseLines(source).split('\n');
  const first = /^%%\s{0,4}([A-Za-z0-9_]{1,40})/.exec(lines[0] ?? '');
  if (first !== null && !PYTHON_CELL_MAGICS.has(first[1] ?? '')) {
    if (/^(?:bash|sh|script|cmd)$/.test(first[1] ?? '')) {
      lines.slice(1).forEach((command, at) => {
        if (command.trim() !== '') shellLines.push({ line: at + 2, command: command.trim() });
      });
    }
    return { cell, text: '\n'.repeat(Math.max(0, lines.length - 1)), raw: lines.join('\n'), shellLines };
  }
  const blanked = lines.map((line, at) => {
    const magic = /^(\s*)(?:[A-Za-z_][A-Za-z0-9_]{0,60}\s?=\s?)?(!{1,2}|%{1,2})\s?(.{0,2000})$/.exec(line);
    if (magic === null) return /^\s*\?|[A-Za-z_\])]\?{1,2}\s*$/.test(line) ? '' : line;
    const command = magic[3] ?? '';
    if (magic[2]?.startsWith('!') === true) shellLines.push({ line: at + 1, command });
    else if (/^(?:pip|conda|mamba)\b/.test(command)) shellLines.push({ line: at + 1, command });
    else {
      const timed = /^(?:time|timeit|prun)\s+(.{1,2000})$/.exec(command);
      if (timed !== null) return (magic[1] ?? '') + (timed[1] ?? '');
    }
    // `pass` keeps a block whole whose only line was a magic.
    return (magic[1] ?? '') === '' ? '' : `${magic[1] ?? ''}pass`;
  });
  return { cell, text: blanked.join('\n'), raw: lines.join('\n'), shellLines };
}

function textOf(source: unknown): string {
  if (typeof source === 'string') return source;
  if (Array.isArray(source)) return source.filter((line) => typeof line === 'string').join('');
  return '';
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * The cells of a notebook, formats 3 and 4; undefined when the text is none.
 * Source: Jupyter's nbformat documentation.
 */
export function readNotebook(text: string): Notebook | undefined {
  let root: unknown;
  try {
    root = JSON.parse(text);
  } catch {
    return undefined;
  }
  if (!isRecord(root)) return undefined;
  let list: unknown = root['cells'];
  if (list === undefined && Array.isArray(root['worksheets'])) {
    list = root['worksheets'].flatMap((sheet: unknown) =>
      isRecord(sheet) && Array.isArray(sheet['cells']) ? (sheet['cells'] as unknown[]) : [],
    );
  }
  if (!Array.isArray(list)) return undefined;
  const metadata = isRecord(root['metadata']) ? root['metadata'] : {};
  const info = isRecord(metadata['language_info']) ? metadata['language_info'] : {};
  const kernel = isRecord(metadata['kernelspec']) ? metadata['kernelspec'] : {};
  const named = info['name'] ?? kernel['language'];
  const cells: NotebookCell[] = [];
  list.forEach((cell: unknown, at) => {
    if (!isRecord(cell) || cell['cell_type'] !== 'code' || cells.length >= 5_000) return;
    cells.push(readCell(at, textOf(cell['source'] ?? cell['input'])));
  });
  return { cells, language: typeof named === 'string' ? named.toLowerCase() : 'python' };
}
