import { namedCallRule } from '../named-call-rule.ts';

/** Text executed as Python. */
export const weakExec = namedCallRule(
  { id: 'weak-exec', runs: 'without-ruff', hints: ['exec'], misses: 'exec under another name.' },
  ['exec', 'builtins.exec'],
);
