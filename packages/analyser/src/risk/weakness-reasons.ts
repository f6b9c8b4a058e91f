import type { Analysis } from '@sentinel/protocol';
import { CERTAINTY, type Reason } from './reason.ts';

const BY_SEVERITY = { critical: 16, high: 10, medium: 5, low: 0.5 } as const;

/** Points of insecure patterns; many small ones cannot outweigh a big one. */
export function weaknessReasons({ weaknesses }: Analysis): Reason[] {
  return weaknesses.map(({ ruleId, title, severity, confidence, place }) => ({
    ruleId,
    reason: title,
    weight: BY_SEVERITY[severity] * CERTAINTY[confidence],
    place,
  }));
}
