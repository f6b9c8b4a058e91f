import type { PythonToken } from './python-tokens.ts';

/** An open bracket around a place. */
export interface Frame {
  /** Index of the bracket among the tokens. */
  readonly open: number;
  readonly bracket: string;
  /** Commas between the bracket and the place. */
  readonly commas: number;
  /** Bracket around this one. */
  readonly outer: Frame | undefined;
}

/** A group of adjacent string tokens with the brackets around it. */
export interface Literal {
  /** Index of the first and the last token of the group. */
  readonly first: number;
  readonly last: number;
  /** Innermost bracket around it. */
  readonly frame: Frame | undefined;
}

/** Tokens that carry meaning, and the string literals among them. */
export interface Structure {
  /** Without comments, and without line ends inside brackets. */
  readonly tokens: readonly PythonToken[];
  readonly literals: readonly Literal[];
  readonly comments: readonly PythonToken[];
}

const OPEN = '([{';
const CLOSE = ')]}';

/** Words that begin a statement: a bracket that was never closed ends there. */
const STATEMENT = new Set(['def', 'class', 'import', 'return', 'while', 'try', 'with', 'raise', 'elif']);

/** Brackets and literals of tokenized source. */
export function structureOf(all: readonly PythonToken[]): Structure {
  const tokens: PythonToken[] = [];
  const comments: PythonToken[] = [];
  const literals: Literal[] = [];
  let frame: Frame | undefined;
  let isLineStart = true;
  for (const token of all) {
    if (token.kind === 'comment') {
      comments.push(token);
      continue;
    }
    if (token.kind === 'newline') {
      if (frame === undefined) tokens.push(token);
      isLineStart = true;
      continue;
    }
    if (isLineStart && frame !== undefined && token.kind === 'name' && STATEMENT.has(token.text)) {
      frame = undefined;
      tokens.push({ ...token, kind: 'newline', text: '', end: token.start });
    }
    isLineStart = false;
    const at = tokens.length;
    tokens.push(token);
    if (token.kind === 'operator') {
      if (OPEN.includes(token.text)) frame = { open: at, bracket: token.text, commas: 0, outer: frame };
      else if (CLOSE.includes(token.text)) frame = frame?.outer;
      else if (token.text === ',' && frame !== undefined) frame = { ...frame, commas: frame.commas + 1 };
    } else if (token.kind === 'string') {
      const before = literals.at(-1);
      if (before !== undefined && before.last === at - 1) literals[literals.length - 1] = { ...before, last: at };
      else literals.push({ first: at, last: at, frame });
    }
  }
  return { tokens, literals, comments };
}
