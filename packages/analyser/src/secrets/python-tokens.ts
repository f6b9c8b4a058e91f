/** Kind of a token of Python source. */
export type TokenKind = 'name' | 'string' | 'number' | 'operator' | 'newline' | 'comment';

/** One token; positions are indexes into the source. */
export interface PythonToken {
  readonly kind: TokenKind;
  readonly start: number;
  readonly end: number;
  /** Text of a name or an operator; empty for other kinds. */
  readonly text: string;
  /** Of a string: where its body begins and ends, and its prefix in lower case. */
  readonly bodyStart: number;
  readonly bodyEnd: number;
  readonly prefix: string;
  readonly isTriple: boolean;
}

const NAME = /[A-Za-z_\u0080-\uffff][A-Za-z0-9_\u0080-\uffff]*/y;
const NUMBER = /(?:\d|\.\d)[A-Za-z0-9_.]*/y;
const OPERATOR = /:=|==|!=|<=|>=|->|\*\*=?|\/\/=?|[-+*/%&|^@]=|<>|<<|>>|[^\sA-Za-z0-9_]/y;
const PREFIX = /^[rbuft]{1,3}$/i;

/**
 * Tokens of Python source of any version, broken or not: it never fails, an open string ends with its line
 * (or, with three quotes, with the source).
 */
export function tokenizePython(source: string): PythonToken[] {
  const tokens: PythonToken[] = [];
  let at = 0;
  const size = source.length;
  const push = (kind: TokenKind, start: number, end: number, text: string): void => {
    tokens.push({ kind, start, end, text, bodyStart: start, bodyEnd: end, prefix: '', isTriple: false });
  };
  while (at < size) {
    const code = source.charCodeAt(at);
    if (code === 10 || code === 13) {
      push('newline', at, at + 1, '');
      at += 1;
    } else if (code === 32 || code === 9 || code === 12 || code === 0xfeff) {
      at += 1;
    } else if (code === 92) {
      at += source.charCodeAt(at + 1) === 13 && source.charCodeAt(at + 2) === 10 ? 3 : 2;
    } else if (code === 35) {
      let end = source.indexOf('\n', at);
      if (end < 0) end = size;
      push('comment', at, end, '');
      at = end;
    } else if (code === 34 || code === 39) {
      at = pushString(source, at, at, '', tokens);
    } else if (isNameStart(code)) {
      NAME.lastIndex = at;
      const text = NAME.exec(source)?.[0] ?? source.charAt(at);
      const next = source.charCodeAt(at + text.length);
      if ((next === 34 || next === 39) && text.length <= 3 && PREFIX.test(text)) {
        at = pushString(source, at, at + text.length, text.toLowerCase(), tokens);
      } else {
        push('name', at, at + text.length, text);
        at += text.length;
      }
    } else if (code >= 48 && code <= 57) {
      NUMBER.lastIndex = at;
      const text = NUMBER.exec(source)?.[0] ?? source.charAt(at);
      push('number', at, at + text.length, '');
      at += text.length;
    } else {
      OPERATOR.lastIndex = at;
      const text = OPERATOR.exec(source)?.[0] ?? source.charAt(at);
      push('operator', at, at + text.length, text);
      at += text.length;
    }
  }
  return tokens;
}

function isNameStart(code: number): boolean {
  return (code >= 97 && code <= 122) || (code >= 65 && code <= 90) || code === 95 || code >= 128;
}

function pushString(source: string, start: number, quoteAt: number, prefix: string, tokens: PythonToken[]): number {
  const quote = source.charAt(quoteAt);
  const isTriple = source.startsWith(quote.repeat(3), quoteAt);
  const mark = isTriple ? quote.repeat(3) : quote;
  const bodyStart = quoteAt + mark.length;
  let at = bodyStart;
  let bodyEnd = source.length;
  let end = source.length;
  while (at < source.length) {
    const code = source.charCodeAt(at);
    if (code === 92) {
      at += 2;
    } else if (code === 10 && !isTriple) {
      bodyEnd = at;
      end = at;
      break;
    } else if (source.startsWith(mark, at)) {
      bodyEnd = at;
      end = at + mark.length;
      break;
    } else {
      at += 1;
    }
  }
  tokens.push({
    kind: 'string',
    start,
    end,
    text: '',
    bodyStart,
    bodyEnd: Math.min(bodyEnd, source.length),
    prefix,
    isTriple,
  });
  return end;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  "'": "'",
  '"': '"',
  '0': '\0',
  '\n': '',
};

/** Value of a string token; holes of an f-string stay in braces. */
export function stringValue(source: string, token: PythonToken): string {
  const body = source.slice(token.bodyStart, token.bodyEnd);
  if (!body.includes('\\') || token.prefix.includes('r')) return body;
  return body.replace(
    /\\(?:x([0-9a-fA-F]{2})|u([0-9a-fA-F]{4})|([\s\S]))/g,
    (whole, hex: string | undefined, wide: string | undefined, letter: string | undefined) => {
      if (hex !== undefined) return String.fromCharCode(Number.parseInt(hex, 16));
      if (wide !== undefined) return String.fromCharCode(Number.parseInt(wide, 16));
      return letter === undefined ? whole : (ESCAPES[letter] ?? whole);
    },
  );
}
