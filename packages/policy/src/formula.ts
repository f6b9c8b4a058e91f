import type { PolicyCondition, PolicyTest } from '@sentinel/protocol';
import { PolicyError } from './expression.ts';

/** Most alternatives, and most questions, that one condition may come to. */
export const MAX_ALTERNATIVES = 64;
export const MAX_TESTS = 200;

/** A condition whose parts are questions. */
export type Formula =
  | { readonly kind: 'test'; readonly test: PolicyTest }
  | { readonly kind: 'truth'; readonly value: boolean }
  | { readonly kind: 'not'; readonly part: Formula }
  | { readonly kind: 'and' | 'or'; readonly parts: readonly Formula[] };

/** All parts hold. */
export function allOf(parts: readonly Formula[]): Formula {
  return { kind: 'and', parts };
}

/** One part holds. */
export function anyOf(parts: readonly Formula[]): Formula {
  return { kind: 'or', parts };
}

/**
 * Alternatives of questions that mean the same in three-valued logic: negation is moved to the questions, `and` is
 * spread over `or`. Both laws hold in Kleene's logic, so nothing changes where facts are missing.
 */
export function normalForm(formula: Formula): PolicyCondition {
  const condition = alternatives(formula, false);
  const tests = condition.reduce((sum, tests) => sum + tests.length, 0);
  if (condition.length > MAX_ALTERNATIVES || tests > MAX_TESTS) throw tooLarge();
  return condition;
}

function alternatives(formula: Formula, isNegated: boolean): PolicyTest[][] {
  switch (formula.kind) {
    case 'truth':
      return formula.value === isNegated ? [] : [[]];
    case 'test':
      return [[isNegated ? negated(formula.test) : formula.test]];
    case 'not':
      return alternatives(formula.part, !isNegated);
    case 'and':
    case 'or': {
      const parts = formula.parts.map((part) => alternatives(part, isNegated));
      // De Morgan: a negated `and` is an `or` of negations.
      return (formula.kind === 'or') !== isNegated ? distinct(parts.flat()) : product(parts);
    }
  }
}

function product(parts: readonly PolicyTest[][][]): PolicyTest[][] {
  let found: PolicyTest[][] = [[]];
  for (const part of parts) {
    if (found.length * part.length > MAX_TESTS) throw tooLarge();
    found = distinct(found.flatMap((left) => part.map((right) => distinct([...left, ...right]))));
  }
  return found;
}

function negated(test: PolicyTest): PolicyTest {
  const { isNegated, ...rest } = test;
  return isNegated === true ? rest : { ...rest, isNegated: true };
}

function distinct<T>(items: readonly T[]): T[] {
  return [...new Map(items.map((item) => [JSON.stringify(item), item])).values()];
}

function tooLarge(): PolicyError {
  return new PolicyError(
    `the condition comes to more than ${MAX_ALTERNATIVES} alternatives or ${MAX_TESTS} questions`,
    undefined,
    'split the statement, or use lists in place of many ||',
  );
}
