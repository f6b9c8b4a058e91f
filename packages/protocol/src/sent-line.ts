import { z } from 'zod';
import { Timestamp } from './activity.ts';
import { field } from './field.ts';

/** A line of the log of what an agent sent, which everybody at the endpoint may read. */
export const SentLine = z.object({
  at: field(Timestamp, { description: 'When the server had it.', sensitivity: 'public' }),
  sequence: field(z.int().positive(), { description: 'Number of the batch.', sensitivity: 'public' }),
  sizeBytes: field(z.int().nonnegative(), { description: 'Size as sent.', sensitivity: 'public', unit: 'By' }),
  runs: field(
    z.array(
      z.object({
        script: z.string().meta({ description: 'Name of the script.' }),
        user: z.string().meta({ description: 'Account that it ran for.' }),
        status: z.string().meta({ description: 'running or ended.' }),
      }),
    ),
    { description: 'Runs that it told of.', sensitivity: 'internal' },
  ),
  activities: field(z.record(z.string(), z.int().positive()), {
    description: 'Activities that it told of, counted by type.',
    sensitivity: 'public',
  }),
});
export type SentLine = z.infer<typeof SentLine>;
