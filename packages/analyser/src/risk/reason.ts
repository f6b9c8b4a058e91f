import type { Confidence, SourcePlace } from '@sentinel/protocol';

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
export const CERTAINTY: Readonly<Record<Confidence, number>> = { high: 0.9, medium: 0.7, low: 0.4 };
