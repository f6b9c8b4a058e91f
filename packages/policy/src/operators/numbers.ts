import type { Operand, Operator } from './operator.ts';

type Sign = '=' | '<' | '<=' | '>' | '>=';

const TESTS: Readonly<Record<Sign, (value: number, limit: number) => boolean>> = {
  '=': (value, limit) => value === limit,
  '<': (value, limit) => value < limit,
  '<=': (value, limit) => value <= limit,
  '>': (value, limit) => value > limit,
  '>=': (value, limit) => value >= limit,
};

function comparison(about: 'number' | 'size', sign: Sign): Operator {
  const test = TESTS[sign];
  return {
    about,
    ofNumber:
      ({ number = 0 }: Operand) =>
      (value) =>
        test(value, number),
    sql: (value, { number = 0 }) => `${value} ${sign} ${number}`,
  };
}

export const eq = comparison('number', '=');
export const lt = comparison('number', '<');
export const le = comparison('number', '<=');
export const gt = comparison('number', '>');
export const ge = comparison('number', '>=');
export const sizeEq = comparison('size', '=');
export const sizeLt = comparison('size', '<');
export const sizeLe = comparison('size', '<=');
export const sizeGt = comparison('size', '>');
export const sizeGe = comparison('size', '>=');

/** A truth value by itself. */
export const is: Operator = { about: 'truth', sql: (value) => value };

/** `has()`: whether the fact is there; never unknown. */
export const known: Operator = { about: 'presence', sql: (value) => value };
