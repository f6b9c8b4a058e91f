import type { Analysis } from '@sentinel/protocol';
import { basePack } from '../packs/base-pack.ts';
import type { Reason } from './reason.ts';

/** Points of what the code could do; the way it does it counts elsewhere. */
export function capabilityReasons({ capabilities, unresolved, parse, failures }: Analysis): Reason[] {
  const { most, eachCall } = basePack().points.unresolved;
  const reasons = capabilities.flatMap(({ id, evidence }): Reason[] => {
    const found = basePack().points.capabilities.find(
      ({ prefixes, except = [] }) =>
        prefixes.some((prefix) => id.startsWith(prefix)) && !except.some((prefix) => id.startsWith(prefix)),
    );
    if (found === undefined) return [];
    const place = evidence[0];
    return [
      { ruleId: id, reason: found.reason, weight: found.points * 0.9, ...(place === undefined ? {} : { place }) },
    ];
  });
  // What could not be understood is never silently clean.
  if (parse === 'failed')
    reasons.push({ ruleId: 'not-analysed', reason: 'the source could not be analysed', weight: most });
  else if (failures.length > 0)
    reasons.push({ ruleId: 'not-analysed', reason: 'a part of the analysis failed', weight: most });
  else if (unresolved.calls > 0)
    reasons.push({
      ruleId: 'unresolved',
      reason: `${unresolved.calls} calls could not be resolved`,
      weight: Math.min(most, unresolved.calls * eachCall),
    });
  return reasons;
}
