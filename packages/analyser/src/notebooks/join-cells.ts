import type { SourcePlace } from '@sentinel/protocol';
import type { Notebook } from './read-notebook.ts';

/** The cells of a notebook as one text, and the way back from its lines. */
export interface JoinedCells {
  /** Python of all cells in order. */
  readonly text: string;
  /** The same lines as written, with magics and shell lines. */
  readonly raw: string;
  /** Cell and line within it of a line of the joined text. */
  readonly placeOf: (line: number) => SourcePlace;
}

/** Joins the cells: names that one cell binds are known to the next. */
export function joinCells(notebook: Notebook): JoinedCells {
  const starts: { readonly line: number; readonly cell: number }[] = [];
  const texts: string[] = [];
  const raws: string[] = [];
  let line = 1;
  for (const cell of notebook.cells) {
    starts.push({ line, cell: cell.cell });
    texts.push(cell.text);
    raws.push(cell.raw);
    line += cell.text.split('\n').length;
  }
  return {
    text: texts.join('\n'),
    raw: raws.join('\n'),
    placeOf: (wanted) => {
      let low = 0;
      let high = starts.length - 1;
      while (low < high) {
        const middle = (low + high + 1) >> 1;
        if ((starts[middle]?.line ?? 0) <= wanted) low = middle;
        else high = middle - 1;
      }
      const start = starts[low];
      const within = start === undefined ? wanted : wanted - start.line + 1;
      return { line: within, endLine: within, ...(start === undefined ? {} : { cell: start.cell }) };
    },
  };
}
