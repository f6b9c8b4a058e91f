import { z } from 'zod';
import { Effect } from './decision.ts';
import { field } from './field.ts';

/** Whether decisions are only reported or also carried out. */
export const PolicyMode = z.enum(['monitor', 'enforce']);
export type PolicyMode = z.infer<typeof PolicyMode>;

/** One match and its effect inside a policy. */
export const PolicyStatement = z.object({
  id: field(z.string().min(1), { description: 'Unique within the policy.', sensitivity: 'public' }),
  activityType: field(z.string(), { description: 'Activity type that it speaks of.', sensitivity: 'public' }),
  effect: field(Effect, { description: 'What it asks for.', sensitivity: 'public' }),
  when: field(z.string(), {
    description: 'Condition in the policy language; empty matches all.',
    sensitivity: 'internal',
  }),
  reason: field(z.string().min(1), {
    description: 'Explanation for the person at the keyboard.',
    sensitivity: 'internal',
  }),
});
export type PolicyStatement = z.infer<typeof PolicyStatement>;

/** Ordered statements about activities, versioned. */
export const Policy = z.object({
  id: field(z.string().min(1), { description: 'Id of the policy.', sensitivity: 'public' }),
  version: field(z.int().positive(), { description: 'Grows with every change.', sensitivity: 'public' }),
  title: field(z.string(), { description: 'Title for people.', sensitivity: 'internal' }),
  mode: field(PolicyMode, { description: 'monitor or enforce.', sensitivity: 'public' }),
  statements: field(z.array(PolicyStatement), { description: 'Statements in order.', sensitivity: 'internal' }),
});
export type Policy = z.infer<typeof Policy>;
