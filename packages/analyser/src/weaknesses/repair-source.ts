import { indentOf, type LogicalLine, splitLogicalLines } from './logical-lines.ts';
import { rewritePython2Line } from './python2-line.ts';
import type { RuffResult } from './ruff-engine.ts';

const MERGE_MARK = /^(?:<{7}|>{7}|\|{7})(?: |$)|^={7}$/;
/** Rounds of looking and repairing: in the first ones one statement each, later every statement that is named. */
const SINGLE_ROUNDS = 12;
const MAX_ROUNDS = 30;
/** Units looked at over all rounds, so that a large broken file costs no more than a large whole one. */
const MAX_UNITS = 2_000_000;
/** With more broken statements than these there is no use in looking again after each. */
const MAX_SINGLE = 20;

/**
 * What Ruff says of a source that does not parse, after its broken statements were mended or taken out.
 *
 * Lines keep their numbers; columns of mended lines may move.
 */
export function repairSource(source: string, check: (source: string) => RuffResult): RuffResult {
  const repair = new Repair(source);
  let result = check(repair.text());
  let units = source.length;
  for (let round = 0; round < MAX_ROUNDS && result.syntaxErrorLines.length > 0 && units < MAX_UNITS; round += 1) {
    const named = new Set(result.syntaxErrorLines.map((line) => repair.statementAt(line - 1)));
    const broken = round < SINGLE_ROUNDS && named.size <= MAX_SINGLE ? [...named].slice(0, 1) : [...named];
    for (const index of broken) repair.weaken(index);
    result = check(repair.text());
    units += source.length;
  }
  return result;
}

class Repair {
  readonly #lines: string[];
  readonly #statements: readonly LogicalLine[];
  readonly #codeEnds: readonly number[];
  /** How often each statement was in the way. */
  readonly #tries = new Map<number, number>();

  constructor(source: string) {
    const lines = source.split('\n').map((line) => (MERGE_MARK.test(line) ? '' : line));
    this.#lines = lines.map((line) => rewritePython2Line(line));
    let split = splitLogicalLines(this.#lines);
    if (split.openString !== -1) {
      // Either the end of the source is cut off, or a quote too many or too few stands before: then the code goes on.
      const without = this.#lines.with(split.openString, (this.#lines[split.openString] ?? '').replace(/"""|'''/g, ''));
      const other = splitLogicalLines(without);
      if (other.openString === -1 && looksLikeCode(without, split.openString + 1)) {
        this.#lines = without;
        split = other;
      }
    }
    this.#statements = split.lines;
    this.#codeEnds = split.codeEnds;
    this.#mendBrackets();
    this.#mendIndents();
  }

  text(): string {
    return this.#lines.join('\n');
  }

  /** Index of the statement that holds a line, else of the one before it. */
  statementAt(line: number): number {
    let low = 0;
    let high = this.#statements.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if ((this.#statements[middle]?.first ?? 0) <= line) low = middle;
      else high = middle - 1;
    }
    return low;
  }

  /** Mends a statement that Ruff still names, or takes it out; each time more of it goes. */
  weaken(index: number): void {
    const statement = this.#statements[index];
    if (statement === undefined) return;
    const tries = this.#tries.get(index) ?? 0;
    this.#tries.set(index, tries + 1);
    const isDeeper = this.#isBodyNext(index);
    if (tries === 0) {
      const last = this.#lines[statement.last] ?? '';
      const ended = withoutDanglingOperator(last);
      if (isDeeper || ended !== last) {
        this.#lines[statement.last] = isDeeper ? `${ended.trimEnd()}:` : ended;
        return;
      }
    }
    if (tries <= 1) {
      this.#replace(statement, isDeeper ? placeholderHeader(this.#lines[statement.first] ?? '') : 'pass');
    } else if (tries === 2) {
      this.#replace(statement, isDeeper ? 'if True:' : '');
    } else if (tries === 3) {
      this.#replace(statement, '');
    } else {
      // What is named lies behind the cause: the neighbours go as well.
      for (const near of [this.#statements[index - 1], this.#statements[index + 1]]) {
        if (near !== undefined && tries === 4) this.#replace(near, '');
      }
    }
  }

  #replace(statement: LogicalLine, text: string): void {
    const indentation = /^\s*/.exec(this.#lines[statement.first] ?? '')?.[0] ?? '';
    for (let row = statement.first; row <= statement.last; row += 1) this.#lines[row] = '';
    if (text !== '') this.#lines[statement.first] = indentation + text;
  }

  #isBodyNext(index: number): boolean {
    const next = this.#statements[index + 1];
    const own = this.#statements[index];
    if (next === undefined || own === undefined) return false;
    return indentOf(this.#lines[next.first] ?? '') > indentOf(this.#lines[own.first] ?? '');
  }

  #mendBrackets(): void {
    for (const [index, { last, missing, stray }] of this.#statements.entries()) {
      for (const { line, column } of stray.toReversed()) {
        const text = this.#lines[line] ?? '';
        this.#lines[line] = `${text.slice(0, column)} ${text.slice(column + 1)}`;
      }
      if (missing === '') continue;
      const text = this.#lines[last] ?? '';
      const end =
        missing.startsWith('"') || missing.startsWith("'") ? text.length : (this.#codeEnds[last] ?? text.length);
      const code = text.slice(0, end).trimEnd();
      const isCut = code.endsWith(':') && this.#isBodyNext(index);
      this.#lines[last] = isCut ? `${code.slice(0, -1)}${missing}:` : code + missing;
    }
  }

  /** Gives every statement an indentation that fits the ones around it. */
  #mendIndents(): void {
    const stack = [0];
    for (const [index, statement] of this.#statements.entries()) {
      const top = stack.at(-1) ?? 0;
      const before = this.#statements[index - 1];
      const after = this.#statements[index + 1];
      const own = statement.indent;
      const opens = before?.isHeader === true;
      let wanted = own;
      if (opens && own <= top) {
        // A body that does not begin: take the line in when the next one stands there, else close the header.
        if (after !== undefined && after.indent > top && !statement.isHeader) wanted = after.indent;
        else
          this.#lines[before.last] = `${(this.#lines[before.last] ?? '').slice(0, this.#codeEnds[before.last])} pass`;
      } else if (!opens && own > top) {
        wanted = top;
      } else if (own < top && !statement.isHeader && after !== undefined && after.indent === top) {
        wanted = top;
      }
      if (opens && wanted > top) {
        stack.push(wanted);
      } else {
        while (stack.length > 1 && (stack.at(-1) ?? 0) > wanted) stack.pop();
        wanted = stack.at(-1) ?? 0;
      }
      if (wanted !== own) this.#indent(statement, wanted);
    }
  }

  #indent(statement: LogicalLine, width: number): void {
    this.#lines[statement.first] = ' '.repeat(width) + (this.#lines[statement.first] ?? '').trimStart();
  }
}

/** A line without the operator that waits for its right side, whatever brackets were closed behind it. */
function withoutDanglingOperator(line: string): string {
  let close = line.length;
  while (close > 0 && ' \t)]}'.includes(line[close - 1] ?? '')) close -= 1;
  let end = close;
  while (end > 0 && '-+*/%.,&|<>=@!: '.includes(line[end - 1] ?? '')) end -= 1;
  const word = /\b(?:and|or|not|in|is|if|else)$/.exec(line.slice(Math.max(0, end - 5), end))?.[0] ?? '';
  return end === close && word === '' ? line : line.slice(0, end - word.length).trimEnd() + line.slice(close);
}

/** Whether most of the lines from one on read like statements and not like sentences. */
function looksLikeCode(lines: readonly string[], from: number): boolean {
  const rest = lines.slice(from, from + 200).filter((line) => /\S/.test(line));
  const code = rest.filter((line) =>
    /^\s*(?:#|@|[)\]}"']|(?:def|class|import|from|if|elif|else|for|while|try|except|finally|with|return|raise|pass|assert)\b|[\w.[\]'", ]+(?:\(|[-+*/|]?=))/.test(
      line,
    ),
  );
  return code.length * 10 >= rest.length * 6;
}

function placeholderHeader(line: string): string {
  const word = /^\s*(\w*)/.exec(line)?.[1] ?? '';
  if (word === 'elif') return 'elif True:';
  if (word === 'else' || word === 'finally' || word === 'try') return `${word}:`;
  return word === 'except' ? 'except Exception:' : 'if True:';
}
