import type { SecretFound, SecretUse } from '@sentinel/protocol';

interface Statement {
  readonly from: number;
  readonly to: number;
  /** Its text without comments and without the content of strings, but for what formatted strings put in. */
  readonly code: string;
}

/** Steps from a credential to what is made of it: text, body, request. */
const MOST_STEPS = 3;

/** Names that a statement binds: plain, annotated, attribute of self, or of a with-statement. */
const BOUND = /^\s*(?:self\.)?([A-Za-z_]\w*)\s*(?::[^=]+)?=(?!=)|\bas\s+([A-Za-z_]\w*)\s*:/;

/**
 * Statements that use the credentials of a source: those that name them, and those that name what was made of them in a few
 * steps, such as a body, a request or a client. Scopes are not told apart, so what is not direct is a good guess only. The run's activities carry lines; this is what joins the two.
 * @param source - Python text; of another language nothing sensible comes out.
 */
export function findSecretUses(source: string, secrets: readonly Pick<SecretFound, 'name' | 'place'>[]): SecretUse[] {
  if (secrets.length === 0) return [];
  const statements = splitStatements(source);
  return secrets.map(({ name, place: { line } }) => {
    const home = statements.find(({ from, to }) => from <= line && line <= to);
    const homeName = home === undefined ? undefined : boundName(home.code);
    const direct = new Set([name, homeName].filter((one): one is string => one !== undefined && one !== ''));
    const isCall = home !== undefined && home.code.includes('(');
    const uses = new Map<Statement, boolean>();
    // A literal inside a call is used where it stands.
    if (isCall) uses.set(home, true);
    let names: ReadonlySet<string> = direct;
    for (let step = 0; step <= MOST_STEPS && names.size > 0; step += 1) {
      const made = new Set<string>();
      for (const statement of statements) {
        if (statement === home || uses.has(statement) || !namesAny(valueOf(statement.code), names)) continue;
        uses.set(statement, step === 0);
        const bound = boundName(statement.code);
        if (bound !== undefined) made.add(bound);
      }
      names = made;
    }
    return {
      line,
      ...(name === undefined ? {} : { name }),
      statements: [...uses].map(([{ from, to }, isDirect]) => ({ from, to, isDirect })),
    };
  });
}

function boundName(code: string): string | undefined {
  const match = BOUND.exec(code);
  return match?.[1] ?? match?.[2];
}

/** A statement without the name that it binds. */
function valueOf(code: string): string {
  return code.replace(/^\s*(?:self\.)?[A-Za-z_]\w*\s*(?::[^=]+)?=(?!=)/, '');
}

function namesAny(code: string, names: ReadonlySet<string>): boolean {
  if (names.size === 0) return false;
  for (const [word] of code.matchAll(/[A-Za-z_]\w*/g)) if (names.has(word)) return true;
  return false;
}

/** Logical lines. Source: https://docs.python.org/3/reference/lexical_analysis.html#line-structure */
function splitStatements(source: string): Statement[] {
  const statements: Statement[] = [];
  let code = '';
  let from = 1;
  let line = 1;
  let depth = 0;
  let at = 0;
  const end = () => {
    if (code.trim() !== '') statements.push({ from, to: line, code });
    code = '';
    from = line + 1;
  };
  while (at < source.length) {
    const character = source.charAt(at);
    if (character === '\n') {
      if (depth === 0) end();
      else code += ' ';
      line += 1;
      at += 1;
    } else if (character === '#') {
      while (at < source.length && source.charAt(at) !== '\n') at += 1;
    } else if (character === '\\' && source.charAt(at + 1) === '\n') {
      code += ' ';
      line += 1;
      at += 2;
    } else if (character === '"' || character === "'") {
      const isFormatted = /(?:^|[^A-Za-z0-9_])(?:[fF][rR]?|[rR][fF])$/.test(code);
      const stop = stringEnd(source, at);
      const text = source.slice(at, stop);
      line += text.split('\n').length - 1;
      code += isFormatted ? ` ${[...text.matchAll(/\{([^{}]*)\}/g)].map((match) => match[1]).join(' ')} ` : ' "" ';
      at = stop;
    } else {
      if ('([{'.includes(character)) depth += 1;
      else if (')]}'.includes(character)) depth = Math.max(0, depth - 1);
      code += character;
      at += 1;
    }
  }
  end();
  return statements;
}

function stringEnd(source: string, start: number): number {
  const quote = source.charAt(start);
  const mark = source.startsWith(quote.repeat(3), start) ? quote.repeat(3) : quote;
  for (let at = start + mark.length; at < source.length; at += 1) {
    if (source.charAt(at) === '\\') at += 1;
    else if (source.startsWith(mark, at)) return at + mark.length;
    else if (mark.length === 1 && source.charAt(at) === '\n') return at;
  }
  return source.length;
}
