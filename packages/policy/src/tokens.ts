import { PolicyError } from './expression.ts';

/** Longest condition, in characters. */
export const MAX_CONDITION_LENGTH = 4096;

/** A word of a condition. */
export interface Token {
  readonly kind: 'name' | 'number' | 'text' | 'sign' | 'end';
  readonly text: string;
  readonly at: number;
}

const SIGNS = ['&&', '||', '==', '!=', '<=', '>=', '<', '>', '!', '(', ')', '[', ']', ',', '.', '-'];
const ESCAPES: Readonly<Record<string, string>> = { '"': '"', "'": "'", '\\': '\\', n: '\n', t: '\t', r: '\r' };

/** Words of a condition, with an `end` behind them. */
export function tokenise(source: string): Token[] {
  if (source.length > MAX_CONDITION_LENGTH)
    throw new PolicyError(`a condition has at most ${MAX_CONDITION_LENGTH} characters`, MAX_CONDITION_LENGTH);
  const tokens: Token[] = [];
  let at = 0;
  while (at < source.length) {
    const char = source.charAt(at);
    if (/\s/.test(char)) {
      at += 1;
      continue;
    }
    const token =
      char === '"' || char === "'"
        ? readText(source, at)
        : /[0-9]/.test(char)
          ? readNumber(source, at)
          : /[A-Za-z_]/.test(char)
            ? readName(source, at)
            : readSign(source, at);
    tokens.push(token.token);
    at = token.next;
  }
  tokens.push({ kind: 'end', text: '', at });
  return tokens;
}

interface Read {
  readonly token: Token;
  readonly next: number;
}

function readText(source: string, start: number): Read {
  const quote = source.charAt(start);
  let text = '';
  let at = start + 1;
  while (at < source.length && source.charAt(at) !== quote) {
    if (source.charAt(at) === '\\') {
      const plain = ESCAPES[source.charAt(at + 1)];
      if (plain === undefined)
        throw new PolicyError(`\\${source.charAt(at + 1)} is no escape`, at, 'write \\\\ for a backslash');
      text += plain;
      at += 2;
    } else {
      text += source.charAt(at);
      at += 1;
    }
  }
  if (at >= source.length) throw new PolicyError('the text does not end', start, `close it with ${quote}`);
  return { token: { kind: 'text', text, at: start }, next: at + 1 };
}

function readNumber(source: string, start: number): Read {
  const text = /^[0-9]+(?:_[0-9]+)*/.exec(source.slice(start))?.[0] ?? '';
  const next = start + text.length;
  if (/[.A-Za-z_]/.test(source.charAt(next)))
    throw new PolicyError('only whole numbers are known', start, 'for megabytes write mb(5)');
  return { token: { kind: 'number', text: text.replaceAll('_', ''), at: start }, next };
}

function readName(source: string, start: number): Read {
  const text = /^[A-Za-z_][A-Za-z0-9_]*/.exec(source.slice(start))?.[0] ?? '';
  return { token: { kind: 'name', text, at: start }, next: start + text.length };
}

function readSign(source: string, at: number): Read {
  const text = SIGNS.find((sign) => source.startsWith(sign, at));
  if (text === undefined) {
    const hint = { '=': 'write ==', '&': 'write &&', '|': 'write ||' }[source.charAt(at)];
    throw new PolicyError(`${JSON.stringify(source.charAt(at))} means nothing here`, at, hint);
  }
  return { token: { kind: 'sign', text, at }, next: at + text.length };
}
