import type { PolicyOperator, PolicyTest } from '@sentinel/protocol';
import { type Comparison, type Expression, PolicyError } from './expression.ts';
import { allOf, anyOf, type Formula } from './formula.ts';
import { inHours } from './hours.ts';
import { lowerNumber, type NumberAsked, numberOf } from './lower-number.ts';
import { lowerTexts, textsOf } from './lower-text.ts';
import { article, listTexts, resolveFact, type Scope } from './scope.ts';

const FLIPPED: Readonly<Record<Exclude<Comparison, 'in'>, Exclude<Comparison, 'in'>>> = {
  '==': '==',
  '!=': '!=',
  '<': '>',
  '<=': '>=',
  '>': '<',
  '>=': '<=',
};
const NUMBER_OPERATORS: Readonly<Record<string, [PolicyOperator, PolicyOperator]>> = {
  '==': ['eq', 'sizeEq'],
  '<': ['lt', 'sizeLt'],
  '<=': ['le', 'sizeLe'],
  '>': ['gt', 'sizeGt'],
  '>=': ['ge', 'sizeGe'],
};

/** A condition as questions; raises a PolicyError with the place of what does not fit. */
export function lowerCondition(expression: Expression, scope: Scope): Formula {
  switch (expression.kind) {
    case 'truth':
      return { kind: 'truth', value: expression.value };
    case 'not':
      return { kind: 'not', part: lowerCondition(expression.operand, scope) };
    case 'and':
      return allOf([lowerCondition(expression.left, scope), lowerCondition(expression.right, scope)]);
    case 'or':
      return anyOf([lowerCondition(expression.left, scope), lowerCondition(expression.right, scope)]);
    case 'fact':
      return lowerTruth(expression, scope);
    case 'compare':
      return lowerComparison(expression, scope);
    case 'method':
      return expression.name === 'exists' ? lowerExists(expression, scope) : lowerTexts(expression, scope);
    case 'call':
      return lowerCall(expression, scope);
    case 'list':
    case 'number':
    case 'text':
      throw new PolicyError(
        'a condition is true or false; this is neither',
        expression.at,
        'compare it with something',
      );
  }
}

function lowerTruth(expression: Expression & { kind: 'fact' }, scope: Scope): Formula {
  const { name, type } = resolveFact(expression, scope);
  if (type !== 'boolean')
    throw new PolicyError(`${name} is ${article(type)}, not true or false`, expression.at, 'compare it with something');
  return { kind: 'test', test: { fact: name, operator: 'is' } };
}

function lowerComparison(expression: Expression & { kind: 'compare' }, scope: Scope): Formula {
  const { operator, left, right } = expression;
  if (operator === 'in') return lowerIn(left, right, scope);
  const isLiteralFirst = isLiteral(left) && !isLiteral(right);
  const [subject, literal] = isLiteralFirst ? [right, left] : [left, right];
  const sign = isLiteralFirst ? FLIPPED[operator] : operator;
  if (literal.kind === 'truth') {
    if (subject.kind !== 'fact' || (sign !== '==' && sign !== '!='))
      throw new PolicyError('true and false are compared with == only', literal.at);
    const test = lowerTruth(subject, scope);
    return (sign === '==') === literal.value ? test : { kind: 'not', part: test };
  }
  if (literal.kind === 'text') {
    if (sign !== '==' && sign !== '!=')
      throw new PolicyError(`texts have no order: ${operator}`, expression.at, 'use == != in startsWith glob under');
    const equal = textsOf(subject, 'in', [literal.value], scope, '==');
    return sign === '==' ? equal : { kind: 'not', part: equal };
  }
  const number = lowerNumber(literal);
  if (number === undefined)
    throw new PolicyError('one side of a comparison is a text, a number, true or false', literal.at);
  const asked = numberOf(subject, scope);
  return sign === '!=' ? { kind: 'not', part: compared(asked, '==', number) } : compared(asked, sign, number);
}

function compared({ fact, isSize }: NumberAsked, sign: Exclude<Comparison, '!=' | 'in'>, number: number): Formula {
  const operator = NUMBER_OPERATORS[sign]?.[isSize ? 1 : 0] ?? 'eq';
  return { kind: 'test', test: { fact, operator, number } };
}

function lowerIn(left: Expression, right: Expression, scope: Scope): Formula {
  if (left.kind === 'text') {
    if (right.kind !== 'fact') throw new PolicyError('in asks whether a list fact has the text', right.at);
    const { name, type } = resolveFact(right, scope);
    if (type !== 'string[]') throw new PolicyError(`${name} is ${article(type)}, not a list`, right.at);
    return { kind: 'test', test: { fact: name, operator: 'in', texts: [left.value] } };
  }
  if (right.kind === 'list' && right.items.length > 0 && right.items.every((item) => lowerNumber(item) !== undefined)) {
    const asked = numberOf(left, scope);
    return anyOf(right.items.map((item) => compared(asked, '==', lowerNumber(item) ?? 0)));
  }
  return textsOf(left, 'in', listTexts(right, scope), scope, 'in');
}

function lowerExists(expression: Expression & { kind: 'method' }, scope: Scope): Formula {
  const [name, body, ...more] = expression.args;
  if (
    expression.subject.kind !== 'fact' ||
    name?.kind !== 'fact' ||
    name.name.includes('.') ||
    body === undefined ||
    more.length > 0
  )
    throw new PolicyError(
      'exists takes a name and a condition on it',
      expression.at,
      'such as data.labels.exists(l, l.startsWith("pii."))',
    );
  const { name: fact, type } = resolveFact(expression.subject, scope);
  if (type !== 'string[]') throw new PolicyError(`${fact} is ${article(type)}, not a list`, expression.subject.at);
  const inner = lowerCondition(body, { ...scope, element: { name: name.name, fact } });
  if (!tests(inner).every((test) => test.fact === fact) || hasAndOrNot(inner))
    throw new PolicyError(
      'inside exists stand questions about the element, joined by ||',
      body.at,
      'write !list.exists(...) and && outside',
    );
  return inner;
}

function lowerCall(expression: Expression & { kind: 'call' }, scope: Scope): Formula {
  const [first, ...more] = expression.args;
  if (expression.name === 'has') {
    if (first?.kind !== 'fact' || more.length > 0) throw new PolicyError('has takes a fact', expression.at);
    return { kind: 'test', test: { fact: resolveFact(first, scope).name, operator: 'known' } };
  }
  if (expression.name === 'hours') {
    if (first?.kind !== 'text' || more.length > 0)
      throw new PolicyError('hours takes the name of a calendar', expression.at);
    const calendar = Object.hasOwn(scope.calendars, first.value) ? scope.calendars[first.value] : undefined;
    if (calendar === undefined)
      throw new PolicyError(
        `there is no calendar ${first.value}`,
        first.at,
        'name it under calendars: in the same file',
      );
    return inHours(calendar);
  }
  throw new PolicyError(
    `${expression.name}() is not known`,
    expression.at,
    'known: has list hours mb kb gb run.sum run.count',
  );
}

function isLiteral({ kind, ...rest }: Expression): boolean {
  return (
    kind === 'text' ||
    kind === 'number' ||
    kind === 'truth' ||
    (kind === 'call' && 'name' in rest && /^[kmg]b$/.test(rest.name))
  );
}

function tests(formula: Formula): PolicyTest[] {
  if (formula.kind === 'test') return [formula.test];
  if (formula.kind === 'not') return tests(formula.part);
  return formula.kind === 'truth' ? [] : formula.parts.flatMap(tests);
}

function hasAndOrNot(formula: Formula): boolean {
  if (formula.kind === 'or') return formula.parts.some(hasAndOrNot);
  return formula.kind !== 'test';
}
