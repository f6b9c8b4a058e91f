import { namedCallRule } from '../named-call-rule.ts';
import { SUBPROCESS_CALLS } from '../subprocess-calls.ts';

/** A program started without a shell; one with fixed arguments is only mentioned. */
export const weakSubprocessCall = namedCallRule(
  {
    id: 'weak-subprocess-call',
    runs: 'always',
    hints: ['subprocess'],
    misses: 'Wrappers around subprocess.',
  },
  SUBPROCESS_CALLS,
  (call, facts) => {
    const shell = call.keywords.get('shell');
    if (shell !== undefined && !['False', '0', 'None'].includes(facts.text(shell))) return false;
    return { confidence: 'low' };
  },
);
