import { z } from 'zod';
import { field } from './field.ts';

/** What a statement asks for, in rising order. */
export const Effect = z.enum(['allow', 'observe', 'warn', 'redact', 'approve', 'block', 'kill']);
export type Effect = z.infer<typeof Effect>;

/** What truly happened. Source: OCSF disposition_id 1, 2, 11, 17. */
export const Disposition = z.enum(['allowed', 'blocked', 'corrected', 'logged']);
export type Disposition = z.infer<typeof Disposition>;

/** Effect, statement and reason for one activity. */
export const Decision = z.object({
  effect: field(Effect, { description: 'The effect that won.', sensitivity: 'public', source: 'OCSF action_id' }),
  disposition: field(Disposition, {
    description: 'What truly happened.',
    sensitivity: 'public',
    source: 'OCSF disposition_id',
  }),
  policyId: field(z.string(), { description: 'Policy that decided.', sensitivity: 'public' }),
  statementId: field(z.string(), { description: 'Statement within the policy.', sensitivity: 'public' }),
  reason: field(z.string(), { description: 'Explanation for the person at the keyboard.', sensitivity: 'internal' }),
});
export type Decision = z.infer<typeof Decision>;
