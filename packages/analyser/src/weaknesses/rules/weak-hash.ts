import { namedCallRule } from '../named-call-rule.ts';
import { literalText } from '../source-facts.ts';

const WEAK = /^(?:md2|md4|md5|sha|sha1)$/i;

/** A broken hash function of hashlib. */
export const weakHash = namedCallRule(
  {
    id: 'weak-hash',
    runs: 'without-ruff',
    hints: ['md5', 'sha', 'md4', 'MD5', 'SHA'],
    misses: 'Names from variables.',
  },
  ['hashlib.md4', 'hashlib.md5', 'hashlib.sha', 'hashlib.sha1', 'hashlib.new'],
  (call, facts) => {
    const purpose = call.keywords.get('usedforsecurity');
    if (purpose !== undefined && facts.text(purpose) === 'False') return false;
    if (call.name !== 'hashlib.new') return true;
    return WEAK.test(literalText(facts, call.positional[0] ?? call.keywords.get('name')) ?? '');
  },
);
