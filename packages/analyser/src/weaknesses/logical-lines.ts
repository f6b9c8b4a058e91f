/** A statement's lines, as far as they can be told in a source that does not parse. */
export interface LogicalLine {
  /** First and last line, from 0. */
  readonly first: number;
  readonly last: number;
  /** Width of the indentation; a tab goes to the next multiple of eight. */
  readonly indent: number;
  /** What is missing at the end: closing quote and brackets. */
  readonly missing: string;
  /** Offsets, within their lines, of closing brackets that close nothing. */
  readonly stray: readonly { readonly line: number; readonly column: number }[];
  /** Whether it ends in a colon, comments aside. */
  readonly isHeader: boolean;
}

/** Where the comment of a line begins is needed to add what is missing before it. */
export interface LogicalLines {
  readonly lines: readonly LogicalLine[];
  /** Column at which the code of each physical line ends. */
  readonly codeEnds: readonly number[];
  /** First line of a triple-quoted string that never ends; -1 without. */
  readonly openString: number;
}

/** Lines that begin a statement wherever they stand. */
const STATEMENT =
  /^\s*(?:(?:def|class|import|return|raise|while|assert|del|global|nonlocal|elif|except|async def)\b|try\s*:|finally\s*:|@\w)/;
/** Lines that begin a statement unless they continue a bracket further in. */
const LIKELY_STATEMENT =
  /^\s*(?:(?:if|for|with|from|else|print|exec|async)\b|[A-Za-z_][\w.]*(?:\(|\[[^\]]*\]\s*=[^=]| [-+*/|&]?= ))/;
const CLOSER: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

/** Width of the indentation of a line. */
export function indentOf(line: string): number {
  let width = 0;
  for (const unit of line) {
    if (unit === ' ') width += 1;
    else if (unit === '\t') width += 8 - (width % 8);
    else if (unit !== '\f') break;
  }
  return width;
}

/** Splits a source into statements; an open bracket or quote ends where the next statement surely begins. */
export function splitLogicalLines(lines: readonly string[]): LogicalLines {
  const found: LogicalLine[] = [];
  const codeEnds = lines.map((line) => line.length);
  let openString = -1;
  let at = 0;
  while (at < lines.length) {
    if (/^\s*(?:#|$)/.test(lines[at] ?? '')) {
      at += 1;
      continue;
    }
    const statement = readStatement(lines, at, codeEnds);
    if (statement.isStringOpen && openString === -1) openString = statement.stringLine;
    found.push(statement.line);
    at = statement.line.last + 1;
  }
  return { lines: found, codeEnds, openString };
}

function readStatement(
  lines: readonly string[],
  first: number,
  codeEnds: number[],
): { line: LogicalLine; isStringOpen: boolean; stringLine: number } {
  const indent = indentOf(lines[first] ?? '');
  const brackets: string[] = [];
  const stray: { line: number; column: number }[] = [];
  let missing = '';
  let triple = '';
  let stringLine = -1;
  let row = first;
  for (; row < lines.length; row += 1) {
    const line = lines[row] ?? '';
    if (row > first && triple === '' && brackets.length > 0 && beginsStatement(line, indent)) {
      row -= 1;
      break;
    }
    let isContinued = false;
    let column = 0;
    while (column < line.length) {
      const unit = line[column] ?? '';
      if (triple !== '') {
        const end = findEnd(line, column, triple);
        if (end === -1) break;
        column = end;
        triple = '';
      } else if (unit === '#') {
        codeEnds[row] = column;
        break;
      } else if (unit === '"' || unit === "'") {
        const quote = line.startsWith(unit.repeat(3), column) ? unit.repeat(3) : unit;
        const end = findEnd(line, column + quote.length, quote);
        if (end !== -1) {
          column = end;
        } else if (quote.length === 3) {
          triple = quote;
          stringLine = row;
          column += 3;
        } else if (line.endsWith('\\')) {
          // The string goes on in the next line.
          isContinued = true;
          break;
        } else {
          missing = unit;
          column = line.length;
        }
      } else if (unit in CLOSER) {
        brackets.push(CLOSER[unit] ?? '');
        column += 1;
      } else if (unit === ')' || unit === ']' || unit === '}') {
        const depth = brackets.lastIndexOf(unit);
        if (depth === -1) stray.push({ line: row, column });
        else brackets.length = depth;
        column += 1;
      } else {
        if (unit === '\\' && column === line.length - 1) isContinued = true;
        column += 1;
      }
    }
    if (missing !== '') break;
    if (triple === '' && brackets.length === 0 && !isContinued) break;
  }
  const last = Math.min(row, lines.length - 1);
  const code = (lines[last] ?? '').slice(0, codeEnds[last]).trimEnd();
  return {
    line: {
      first,
      last,
      indent,
      missing: missing + triple + brackets.reverse().join(''),
      stray,
      isHeader: code.endsWith(':'),
    },
    isStringOpen: triple !== '',
    stringLine,
  };
}

function beginsStatement(line: string, indent: number): boolean {
  if (STATEMENT.test(line)) return true;
  return indentOf(line) <= indent && LIKELY_STATEMENT.test(line);
}

/** Column behind the closing quote; -1 when the line has none. */
function findEnd(line: string, from: number, quote: string): number {
  let column = from;
  while (column < line.length) {
    if (line[column] === '\\') {
      column += 2;
    } else if (line.startsWith(quote, column)) {
      return column + quote.length;
    } else {
      column += 1;
    }
  }
  return -1;
}
