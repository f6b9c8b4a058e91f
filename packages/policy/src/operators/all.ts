import type { PolicyOperator } from '@sentinel/protocol';
import { glob } from './glob.ts';
import { inNet } from './in-net.ts';
import { eq, ge, gt, is, known, le, lt, sizeEq, sizeGe, sizeGt, sizeLe, sizeLt } from './numbers.ts';
import type { Operator } from './operator.ts';
import { contains, endsWith, isIn, startsWith, under } from './texts.ts';

/** Every operator of the normal form by its name. */
export const operators: Readonly<Record<PolicyOperator, Operator>> = {
  contains,
  endsWith,
  eq,
  ge,
  glob,
  gt,
  in: isIn,
  inNet,
  is,
  known,
  le,
  lt,
  sizeEq,
  sizeGe,
  sizeGt,
  sizeLe,
  sizeLt,
  startsWith,
  under,
};
