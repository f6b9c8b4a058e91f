import type { CallFact, SourceFacts } from './source-facts.ts';
import type { OwnRule, Sighting } from './weakness-rule.ts';

/** A rule that fires on calls of certain resolved names, where `accepts` agrees. */
export function namedCallRule(
  rule: Pick<OwnRule, 'id' | 'runs' | 'hints' | 'misses'>,
  names: readonly string[],
  accepts: (call: CallFact, facts: SourceFacts) => boolean | Partial<Sighting> = () => true,
): OwnRule {
  const wanted = new Set(names);
  return {
    ...rule,
    *find(facts) {
      for (const call of facts.calls) {
        if (!wanted.has(call.name)) continue;
        const accepted = accepts(call, facts);
        if (accepted === false) continue;
        yield { ruleId: rule.id, node: call.node, ...(accepted === true ? {} : accepted) };
      }
    },
  };
}
