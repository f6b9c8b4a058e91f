import { namedCallRule } from '../named-call-rule.ts';

/** Text evaluated as Python. */
export const weakEval = namedCallRule(
  { id: 'weak-eval', runs: 'without-ruff', hints: ['eval'], misses: 'eval under another name.' },
  ['eval', 'builtins.eval'],
);
