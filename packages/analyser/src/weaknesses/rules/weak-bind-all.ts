import { literalText } from '../source-facts.ts';
import type { OwnRule } from '../weakness-rule.ts';

/** An address that means all interfaces. */
export const weakBindAll: OwnRule = {
  id: 'weak-bind-all',
  runs: 'without-ruff',
  hints: ['0.0.0.0', '::'],
  misses: 'The empty address, which means the same.',
  *find(facts) {
    for (const node of facts.nodes('string')) {
      const text = literalText(facts, node);
      if (text === '0.0.0.0' || text === '::') yield { ruleId: this.id, node };
    }
  },
};
