import { namedCallRule } from '../named-call-rule.ts';

/** A temporary name that another program can take first. */
export const weakMktemp = namedCallRule(
  { id: 'weak-mktemp', runs: 'without-ruff', hints: ['mktemp'], misses: 'Own functions that do the same.' },
  ['tempfile.mktemp'],
);
