import type { Frame, Literal, Structure } from './python-structure.ts';
import { type PythonToken, stringValue } from './python-tokens.ts';

/** Value of a group of adjacent literals. */
export function literalValue(source: string, structure: Structure, literal: Literal): string {
  let value = '';
  for (let index = literal.first; index <= literal.last; index += 1) {
    const token = structure.tokens[index];
    if (token !== undefined) value += stringValue(source, token);
  }
  return value;
}

/** Name of the expression that ends at `end`: a name, the last attribute, the key in brackets, the text in a call. */
export function innerName(source: string, tokens: readonly PythonToken[], end: number): string | undefined {
  const token = tokens[end];
  if (token === undefined) return undefined;
  if (token.kind === 'name') return token.text;
  if (token.kind === 'string') return stringValue(source, token);
  if (token.text !== ']' && token.text !== ')') return undefined;
  const inside = tokens[end - 1];
  if (inside?.kind === 'string') return stringValue(source, inside);
  if (inside?.text === '(' && tokens[end - 2]?.kind === 'name') {
    // password.lower() == "…": the receiver counts.
    const callee = tokens[end - 2]?.text ?? '';
    return tokens[end - 3]?.text === '.' && /^(?:lower|upper|strip|decode|encode|get|text)$/.test(callee)
      ? innerName(source, tokens, end - 4)
      : callee;
  }
  return token.text === ']' && inside?.kind === 'name' ? inside.text : undefined;
}

/** Name of the expression that begins at `start`. */
export function nameAfter(source: string, tokens: readonly PythonToken[], start: number): string | undefined {
  let at = start;
  if (tokens[at]?.kind !== 'name') return undefined;
  while (tokens[at + 1]?.text === '.' && tokens[at + 2]?.kind === 'name') at += 2;
  const key = tokens[at + 2];
  if (tokens[at + 1]?.text === '[' && key?.kind === 'string' && tokens[at + 3]?.text === ']')
    return stringValue(source, key);
  return tokens[at]?.text;
}

/** Target of the assignment that the statement around `from` makes. */
export function statementTarget(source: string, tokens: readonly PythonToken[], from: number): string | undefined {
  for (let at = from; at > 0 && from - at < 60; at -= 1) {
    const token = tokens[at];
    if (token?.kind === 'newline') return undefined;
    if (token?.text === '=') return innerName(source, tokens, at - 1);
  }
  return undefined;
}

/** Names of the targets of an assignment of several, in order. */
export function targetsBefore(source: string, tokens: readonly PythonToken[], mark: number): (string | undefined)[] {
  const names: (string | undefined)[] = [];
  let end = mark - 1;
  for (let count = 0; count < 8; count += 1) {
    names.unshift(innerName(source, tokens, end));
    let at = end;
    while (at > 0 && tokens[at]?.kind !== 'newline' && tokens[at]?.text !== ',') at -= 1;
    if (tokens[at]?.text !== ',') break;
    end = at - 1;
  }
  return names;
}

/** Name of what is called by the brackets of a frame. */
export function calleeOf(tokens: readonly PythonToken[], frame: Frame): string | undefined {
  const token = tokens[frame.open - 1];
  return frame.bracket === '(' &&
    token?.kind === 'name' &&
    !/^(?:in|and|or|not|return|if|print|assert|yield|else|elif|lambda|is|for)$/.test(token.text)
    ? token.text
    : undefined;
}

/** First string argument of a call. */
export function firstText(source: string, structure: Structure, frame: Frame): string | undefined {
  for (let at = frame.open + 1; at < frame.open + 8; at += 1) {
    const token = structure.tokens[at];
    if (token === undefined || token.text === ')') return undefined;
    if (token.kind === 'string') {
      const text = stringValue(source, token);
      if (/^-\w$/.test(text)) continue;
      return text;
    }
  }
  return undefined;
}

/** Index of the first token of a dotted chain that ends at `end`. */
export function chainStart(tokens: readonly PythonToken[], end: number): number {
  let start = end;
  while (tokens[start - 1]?.text === '.' && tokens[start - 2]?.kind === 'name') start -= 2;
  return start;
}
