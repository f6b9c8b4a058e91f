import { z } from 'zod';
import { ObservedActivity } from './activity.ts';
import { Decision } from './decision.ts';
import { field } from './field.ts';
import { Finding } from './finding.ts';
import { Run } from './run.ts';

/** What `sentinel run --json` prints: one run with all that was observed. */
export const RunReport = z.object({
  run: field(Run.nullable(), {
    description: 'The program that was started; null where no run was observed.',
    sensitivity: 'internal',
  }),
  notObserved: field(z.string().optional(), {
    description: 'Why there may be no run, in one sentence; only where run is null.',
    sensitivity: 'public',
  }),
  activities: field(z.array(ObservedActivity), {
    description: 'What it did, in the order of first sight.',
    sensitivity: 'internal',
  }),
  decisions: field(z.array(Decision), {
    description: 'What policy said; empty without a policy.',
    sensitivity: 'internal',
  }),
  findings: field(z.array(Finding), {
    description: 'What rules judged; empty without rules.',
    sensitivity: 'internal',
  }),
  children: field(z.array(z.object({ run: Run, activities: z.array(ObservedActivity) })), {
    description: 'Python runs that the program forked or launched.',
    sensitivity: 'internal',
  }),
});
export type RunReport = z.infer<typeof RunReport>;
