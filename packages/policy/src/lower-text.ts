import type { PolicyOperator } from '@sentinel/protocol';
import { type Expression, PolicyError } from './expression.ts';
import type { Formula } from './formula.ts';
import { parseNet } from './operators/in-net.ts';
import { foldText } from './operators/operator.ts';
import { article, listTexts, resolveFact, type Scope } from './scope.ts';

const METHODS: Readonly<Record<string, PolicyOperator>> = {
  startsWith: 'startsWith',
  endsWith: 'endsWith',
  contains: 'contains',
  under: 'under',
  glob: 'glob',
  inNet: 'inNet',
};
/** Operators that fold by themselves. */
const FOLDING = new Set<PolicyOperator>(['under', 'glob', 'inNet']);
const MAX_TEXTS = 5000;

/** `text.startsWith("a", "b")` and its like. */
export function lowerTexts(expression: Expression & { kind: 'method' }, scope: Scope): Formula {
  const operator = Object.hasOwn(METHODS, expression.name) ? METHODS[expression.name] : undefined;
  if (operator === undefined)
    throw new PolicyError(
      expression.name === 'matches'
        ? 'regular expressions are not part of the language'
        : `.${expression.name}() is not known`,
      expression.at,
      `known: ${Object.keys(METHODS).join(' ')} exists size lower`,
    );
  const texts = expression.args.flatMap((arg) => (arg.kind === 'text' ? [arg.value] : listTexts(arg, scope)));
  if (expression.args.length === 0) throw new PolicyError(`.${expression.name}() needs a text`, expression.at);
  return textsOf(expression.subject, operator, texts, scope, `.${expression.name}()`);
}

/** A question about a text: of a fact, of an element, or of `.lower()` of one. */
export function textsOf(
  subject: Expression,
  operator: PolicyOperator,
  given: readonly string[],
  scope: Scope,
  word: string,
): Formula {
  const isLower = subject.kind === 'method' && subject.name === 'lower' && subject.args.length === 0;
  const inner = isLower ? subject.subject : subject;
  if (inner.kind !== 'fact') throw new PolicyError(`${word} asks about a fact`, subject.at);
  const { name, type } = resolveFact(inner, scope);
  if (type === 'string[]')
    throw new PolicyError(`${name} is a list`, inner.at, `write ${name}.exists(x, x...) or "text" in ${name}`);
  if (type !== 'string' && type !== 'element')
    throw new PolicyError(`${name} is ${article(type)}, not a text`, inner.at);
  if (given.length > MAX_TEXTS) throw new PolicyError(`a list has at most ${MAX_TEXTS} texts`, subject.at);
  const texts = [...new Set(given.map((text) => checkedText(text, operator, isLower, subject.at)))].sort();
  const isFolded = isLower || operator === 'under';
  return { kind: 'test', test: { fact: name, operator, texts, ...(isFolded ? { isFolded: true } : {}) } };
}

function checkedText(text: string, operator: PolicyOperator, isLower: boolean, at: number): string {
  if (operator === 'inNet' && parseNet(text) === undefined)
    throw new PolicyError(`${JSON.stringify(text)} is no block of addresses`, at, 'such as 10.0.0.0/8 or fd00::/8');
  if (operator === 'under') {
    const domain = foldText(text)
      .replace(/^\*?\./, '')
      .replace(/\.$/, '');
    if (domain === '' || /[\s/:*]/.test(domain))
      throw new PolicyError(`${JSON.stringify(text)} is no domain`, at, 'such as example.org');
    return domain;
  }
  if (isLower && !FOLDING.has(operator) && foldText(text) !== text)
    throw new PolicyError(`${JSON.stringify(text)} has capitals and can never fit`, at, 'write it in lower case');
  return text;
}
