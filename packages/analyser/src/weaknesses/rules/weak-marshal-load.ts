import { namedCallRule } from '../named-call-rule.ts';

/** Marshalled data loaded. */
export const weakMarshalLoad = namedCallRule(
  { id: 'weak-marshal-load', runs: 'without-ruff', hints: ['marshal'], misses: 'marshal reached through getattr.' },
  ['marshal.load', 'marshal.loads'],
);
