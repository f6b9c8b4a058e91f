import { type Attributes, Decision } from '@sentinel/protocol';

const PREFIX = 'sentinel.decision.';

/** What policy said of an activity, taken out of its attributes; undefined where it said nothing. */
export function takeDecision(attributes: Attributes): Decision | undefined {
  const told: Record<string, unknown> = {};
  for (const name of Object.keys(attributes)) {
    if (!name.startsWith(PREFIX)) continue;
    told[name.slice(PREFIX.length)] = attributes[name];
    delete attributes[name];
  }
  const found = Decision.safeParse({
    effect: told['effect'],
    disposition: told['disposition'],
    policyId: told['policy'],
    statementId: told['statement'],
    reason: told['reason'],
  });
  return found.success ? found.data : undefined;
}
