import { z } from 'zod';
import { Timestamp } from './activity.ts';
import { field } from './field.ts';

/** Something that an agent does no longer, to stay within its budget. */
export const GivenUp = z.object({
  feature: field(z.string(), { description: 'What it does not do now.', sensitivity: 'public' }),
  reason: field(z.string(), { description: 'Which budget, and by how much.', sensitivity: 'public' }),
  since: field(Timestamp, { description: 'Since when.', sensitivity: 'public' }),
});
export type GivenUp = z.infer<typeof GivenUp>;

/** A run whose probe wrote so much that the agent read it slowly for a time, so that others had their turn. */
export const ThrottledRun = z.object({
  runId: z.uuid(),
  since: Timestamp,
  /** When it was read to its end again; absent: it is still throttled. */
  until: Timestamp.optional(),
  /** Bytes read while it was. */
  bytesRead: z.int().nonnegative(),
});
export type ThrottledRun = z.infer<typeof ThrottledRun>;

/** What an agent takes of its computer. */
export const AgentHealth = z.object({
  cpuShare: field(z.number().nonnegative(), {
    description: 'Share of one processor over the last minute; 1 is all of it.',
    sensitivity: 'public',
  }),
  memoryBytes: field(z.int().nonnegative(), {
    description: 'Resident memory.',
    sensitivity: 'public',
    unit: 'By',
  }),
  diskBytes: field(z.int().nonnegative(), {
    description: 'What lies in its data folder.',
    sensitivity: 'public',
    unit: 'By',
  }),
  givenUp: field(z.array(GivenUp), { description: 'What it gave up for its budget.', sensitivity: 'public' }),
  throttled: field(z.array(ThrottledRun).max(20).optional(), {
    description: 'Runs that flooded it, newest last: when each began to be throttled, and when that ended.',
    sensitivity: 'internal',
  }),
});
export type AgentHealth = z.infer<typeof AgentHealth>;
