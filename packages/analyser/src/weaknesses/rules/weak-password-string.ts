import { childOf } from '../../parse.ts';
import { literalText } from '../source-facts.ts';
import type { OwnRule } from '../weakness-rule.ts';

const NAME = /(?:^|_)(?:password|passwd|passphrase|pass|pwd|secret|token)(?:$|_)/i;
/** Values that describe the field instead of filling it. */
const DESCRIPTION = /^(?:str|string|text|password|passwd|secret|token|none|null|required|optional|hidden)?$/i;

/** A password in a dictionary; Ruff looks at assignments and arguments only. */
export const weakPasswordString: OwnRule = {
  id: 'weak-password-string',
  runs: 'always',
  hints: ['pass', 'Pass', 'PASS', 'pwd', 'PWD', 'secret', 'SECRET', 'token', 'TOKEN'],
  misses: 'Names in other languages, and values that only look like text: the secrets engine knows more.',
  *find(facts) {
    for (const node of facts.nodes('pair')) {
      const name = literalText(facts, childOf(node, 'key'));
      const value = literalText(facts, childOf(node, 'value'));
      if (name === undefined || value === undefined || !NAME.test(name) || DESCRIPTION.test(value)) continue;
      yield { ruleId: this.id, node };
    }
  },
};
