import { type Comparison, type Expression, PolicyError } from './expression.ts';
import { type Token, tokenise } from './tokens.ts';

/** Deepest nesting of brackets, negations and calls. */
const MAX_DEPTH = 32;
const COMPARISONS = new Set(['==', '!=', '<', '<=', '>', '>=', 'in']);

/**
 * Tree of a condition.
 *
 *     expr    := and { "||" and }          and := not { "&&" not }        not := "!" not | compare
 *     compare := postfix [ op postfix ]    op  := == != < <= > >= in
 *     postfix := atom { "." name [ "(" args ")" ] }
 *     atom    := text | number | true | false | name [ "(" args ")" ] | "[" args "]" | "(" expr ")"
 */
export function parseCondition(source: string): Expression {
  return new Parser(tokenise(source)).parse();
}

class Parser {
  readonly #tokens: readonly Token[];
  #at = 0;
  #depth = 0;

  constructor(tokens: readonly Token[]) {
    this.#tokens = tokens;
  }

  parse(): Expression {
    const found = this.#or();
    const rest = this.#peek();
    if (rest.kind !== 'end')
      throw new PolicyError(`${JSON.stringify(rest.text)} stands where the condition should end`, rest.at);
    return found;
  }

  #or(): Expression {
    let left = this.#and();
    while (this.#take('||') !== undefined) left = { kind: 'or', left, right: this.#and(), at: left.at };
    return left;
  }

  #and(): Expression {
    let left = this.#not();
    while (this.#take('&&') !== undefined) left = { kind: 'and', left, right: this.#not(), at: left.at };
    return left;
  }

  #not(): Expression {
    const sign = this.#take('!');
    if (sign === undefined) return this.#compare();
    return this.#nested(sign.at, () => ({ kind: 'not', operand: this.#not(), at: sign.at }));
  }

  #compare(): Expression {
    const left = this.#postfix();
    const token = this.#peek();
    if (!COMPARISONS.has(token.text) || token.kind === 'text') return left;
    this.#at += 1;
    const right = this.#postfix();
    const next = this.#peek();
    if (next.kind !== 'text' && COMPARISONS.has(next.text))
      throw new PolicyError('comparisons cannot be chained', next.at, 'join two of them with &&');
    return { kind: 'compare', operator: token.text as Comparison, left, right, at: left.at };
  }

  #postfix(): Expression {
    let found = this.#atom();
    while (this.#take('.') !== undefined) {
      const name = this.#expect('name', 'a name');
      const args = this.#take('(') === undefined ? undefined : this.#nested(name.at, () => this.#args(')'));
      if (args !== undefined) found = { kind: 'method', subject: found, name: name.text, args, at: found.at };
      else if (found.kind === 'fact') found = { kind: 'fact', name: `${found.name}.${name.text}`, at: found.at };
      else throw new PolicyError(`.${name.text} needs brackets here`, name.at);
    }
    return found;
  }

  #atom(): Expression {
    const token = this.#peek();
    this.#at += 1;
    if (token.kind === 'text') return { kind: 'text', value: token.text, at: token.at };
    if (token.kind === 'number') return this.#number(token, 1);
    if (token.text === '-') return this.#number(this.#expect('number', 'a number'), -1);
    if (token.text === '(') {
      const inner = this.#nested(token.at, () => this.#or());
      this.#close(')');
      return inner;
    }
    if (token.text === '[') return { kind: 'list', items: this.#nested(token.at, () => this.#args(']')), at: token.at };
    if (token.kind === 'name') {
      if (token.text === 'true' || token.text === 'false')
        return { kind: 'truth', value: token.text === 'true', at: token.at };
      if (this.#take('(') === undefined) return { kind: 'fact', name: token.text, at: token.at };
      return { kind: 'call', name: token.text, args: this.#nested(token.at, () => this.#args(')')), at: token.at };
    }
    const seen = token.kind === 'end' ? 'the condition ends' : `${JSON.stringify(token.text)} stands`;
    throw new PolicyError(`${seen} where a value should be`, token.at);
  }

  #number(token: Token, sign: 1 | -1): Expression {
    const value = sign * Number(token.text);
    if (!Number.isSafeInteger(value)) throw new PolicyError('numbers lie within 2^53', token.at);
    return { kind: 'number', value, at: token.at };
  }

  #args(end: ')' | ']'): Expression[] {
    const args: Expression[] = [];
    if (this.#take(end) !== undefined) return args;
    do args.push(this.#or());
    while (this.#take(',') !== undefined);
    this.#close(end);
    return args;
  }

  #nested<T>(at: number, read: () => T): T {
    if (this.#depth >= MAX_DEPTH) throw new PolicyError(`nested more than ${MAX_DEPTH} deep`, at);
    this.#depth += 1;
    try {
      return read();
    } finally {
      this.#depth -= 1;
    }
  }

  #close(sign: string): void {
    if (this.#take(sign) === undefined) throw new PolicyError(`${sign} is missing`, this.#peek().at);
  }

  #take(sign: string): Token | undefined {
    const token = this.#peek();
    if (token.kind !== 'sign' || token.text !== sign) return undefined;
    this.#at += 1;
    return token;
  }

  #expect(kind: Token['kind'], what: string): Token {
    const token = this.#peek();
    if (token.kind !== kind) throw new PolicyError(`${what} is missing`, token.at);
    this.#at += 1;
    return token;
  }

  #peek(): Token {
    return this.#tokens[this.#at] ?? { kind: 'end', text: '', at: 0 };
  }
}
