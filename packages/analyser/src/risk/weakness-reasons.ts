import type { Analysis } from '@sentinel/protocol';
import { basePack } from '../packs/base-pack.ts';
import { certaintyOf, type Reason } from './reason.ts';

/** Points of insecure patterns; many small ones cannot outweigh a big one. */
export function weaknessReasons({ weaknesses }: Analysis): Reason[] {
  const { weaknesses: points, weaknessesWithout: without, weaknessesLowEach: lowEach } = basePack().points;
  const lows = new Map<string, number>();
  return weaknesses.flatMap(({ ruleId, title, severity, confidence, place }): Reason[] => {
    const count = (lows.get(ruleId) ?? 0) + 1;
    lows.set(ruleId, count);
    if (without.includes(ruleId) || (severity === 'low' && count > lowEach)) return [];
    return [{ ruleId, reason: title, weight: points[severity] * certaintyOf(confidence), place }];
  });
}
