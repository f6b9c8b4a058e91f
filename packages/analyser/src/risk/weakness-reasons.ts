import type { Analysis } from '@sentinel/protocol';
import { basePack } from '../packs/base-pack.ts';
import { CERTAINTY, type Reason } from './reason.ts';

/** A small habit counts so often; what is everywhere is one habit. */
const MAX_LOW_EACH = 3;

/** Points of insecure patterns; many small ones cannot outweigh a big one. */
export function weaknessReasons({ weaknesses }: Analysis): Reason[] {
  const { weaknesses: points, weaknessesWithout: without } = basePack().points;
  const lows = new Map<string, number>();
  return weaknesses.flatMap(({ ruleId, title, severity, confidence, place }): Reason[] => {
    const count = (lows.get(ruleId) ?? 0) + 1;
    lows.set(ruleId, count);
    if (without.includes(ruleId) || (severity === 'low' && count > MAX_LOW_EACH)) return [];
    return [{ ruleId, reason: title, weight: points[severity] * CERTAINTY[confidence], place }];
  });
}
