import type { Confidence, SourcePlace } from '@sentinel/protocol';
import { basePack } from '../packs/base-pack.ts';

/** One ground for points. */
export interface Reason {
  readonly ruleId: string;
  /** For people, without any value. */
  readonly reason: string;
  /** Points it would give alone: severity times certainty. */
  readonly weight: number;
  readonly place?: SourcePlace;
  /** Score that a script with this can never fall below. */
  readonly floor?: number;
}

/** Certainty of a finding by its confidence. */
export function certaintyOf(confidence: Confidence): number {
  return basePack().risk.certainty[confidence];
}
