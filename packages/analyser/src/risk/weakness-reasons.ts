import type { Analysis } from '@sentinel/protocol';
import { CERTAINTY, type Reason } from './reason.ts';

const BY_SEVERITY = { critical: 16, high: 10, medium: 5, low: 0.5 } as const;

/** Habits that say nothing about risk by themselves. */
const WITHOUT_WEIGHT = new Set(['weak-assert']);
/** A small habit counts so often; what is everywhere is one habit. */
const MAX_LOW_EACH = 3;

/** Points of insecure patterns; many small ones cannot outweigh a big one. */
export function weaknessReasons({ weaknesses }: Analysis): Reason[] {
  const lows = new Map<string, number>();
  return weaknesses.flatMap(({ ruleId, title, severity, confidence, place }): Reason[] => {
    const count = (lows.get(ruleId) ?? 0) + 1;
    lows.set(ruleId, count);
    if (WITHOUT_WEIGHT.has(ruleId) || (severity === 'low' && count > MAX_LOW_EACH)) return [];
    return [{ ruleId, reason: title, weight: BY_SEVERITY[severity] * CERTAINTY[confidence], place }];
  });
}
