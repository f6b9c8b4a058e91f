import { namedCallRule } from '../named-call-rule.ts';
import { SUBPROCESS_CALLS } from '../subprocess-calls.ts';

/** A command that goes through the shell. */
export const weakSubprocessShell = namedCallRule(
  {
    id: 'weak-subprocess-shell',
    runs: 'always',
    hints: ['shell'],
    misses: 'shell= passed through a dictionary of arguments.',
  },
  SUBPROCESS_CALLS,
  (call, facts) => {
    const shell = call.keywords.get('shell');
    return shell !== undefined && isTrue(facts.text(shell));
  },
);

function isTrue(text: string): boolean {
  return !['False', '0', 'None', "''", '""', '[]', '{}', '()'].includes(text);
}
