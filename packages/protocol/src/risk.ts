import { z } from 'zod';
import { SourcePlace } from './analysis.ts';
import { field } from './field.ts';

/** Word for a score: 0-19 low, 20-39 guarded, 40-59 elevated, 60-79 high, 80-100 critical. */
export const RiskBand = z.enum(['low', 'guarded', 'elevated', 'high', 'critical']);
export type RiskBand = z.infer<typeof RiskBand>;

/** What a share of a score is about. */
export const RiskDimension = z.enum([
  'secrets',
  'data-flow',
  'packages',
  'weaknesses',
  'capabilities',
  'behaviour',
  'context',
  'floor',
]);
export type RiskDimension = z.infer<typeof RiskDimension>;

/** One reason of a score, with the points it gives. */
export const RiskShare = z.object({
  dimension: field(RiskDimension, { description: 'What it is about.', sensitivity: 'public' }),
  ruleId: field(z.string(), { description: 'Rule, capability or fact behind it.', sensitivity: 'public' }),
  reason: field(z.string(), { description: 'Reason, for people, without any value.', sensitivity: 'internal' }),
  points: field(z.int(), { description: 'Points; negative where context lowers the score.', sensitivity: 'public' }),
  place: SourcePlace.optional(),
});
export type RiskShare = z.infer<typeof RiskShare>;

/** Risk of one script; the points of the shares add up to the score. */
export const Risk = z.object({
  score: field(z.int().min(0).max(100), { description: 'Risk, 0 to 100.', sensitivity: 'public' }),
  band: field(RiskBand, { description: 'Word for it.', sensitivity: 'public' }),
  shares: field(z.array(RiskShare), { description: 'Reasons, the largest first.', sensitivity: 'internal' }),
  method: field(z.string(), { description: 'Version of the method.', sensitivity: 'public' }),
  packs: field(z.array(z.string()).optional(), {
    description: 'Rule packs and data behind it, each with its version.',
    sensitivity: 'public',
  }),
});
export type Risk = z.infer<typeof Risk>;
