import type { OwnRule } from '../weakness-rule.ts';

/** Embeddings, overrides and isolates. Source: Unicode Standard Annex 9, section 2. */
const CONTROL = /[\u202a-\u202e\u2066-\u2069]/;

/** Bidirectional control characters in the source. */
export const weakTrojanSource: OwnRule = {
  id: 'weak-trojan-source',
  runs: 'always',
  hints: ['\u202a', '\u202b', '\u202c', '\u202d', '\u202e', '\u2066', '\u2067', '\u2068', '\u2069'],
  misses: 'Look-alike letters.',
  *find(facts) {
    let offset = 0;
    for (const line of facts.source.split('\n')) {
      const column = line.search(CONTROL);
      if (column !== -1) yield { ruleId: this.id, node: { start: offset + column, end: offset + column + 1 } };
      offset += line.length + 1;
    }
  },
};
