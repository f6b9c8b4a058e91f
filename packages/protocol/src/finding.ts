import { z } from 'zod';
import { Timestamp } from './activity.ts';
import { field } from './field.ts';

/** How bad it is if true. */
export const Severity = z.enum(['low', 'medium', 'high', 'critical']);
export type Severity = z.infer<typeof Severity>;

/** How sure the rule is. */
export const Confidence = z.enum(['low', 'medium', 'high']);
export type Confidence = z.infer<typeof Confidence>;

/** What a finding rests on: an activity of a run or a line of code. */
export const Evidence = z.object({
  runId: field(z.uuid().optional(), { description: 'Run, for evidence from execution.', sensitivity: 'public' }),
  activityId: field(z.int().positive().optional(), { description: 'Activity within the run.', sensitivity: 'public' }),
  line: field(z.int().positive().optional(), {
    description: 'Line of the source, for evidence from code.',
    sensitivity: 'public',
  }),
  note: field(z.string(), { description: 'What it shows, without any value.', sensitivity: 'internal' }),
});
export type Evidence = z.infer<typeof Evidence>;

/** A rule's judgement. */
export const Finding = z.object({
  id: field(z.uuid(), { description: 'Id of the finding (UUIDv7).', sensitivity: 'public' }),
  ruleId: field(z.string(), { description: 'Rule that found it.', sensitivity: 'public' }),
  fingerprint: field(z.string(), {
    description: 'Groups occurrences of the same thing; prefixed with its version.',
    sensitivity: 'public',
  }),
  title: field(z.string(), { description: 'One sentence for people.', sensitivity: 'internal' }),
  severity: field(Severity, { description: 'How bad if true.', sensitivity: 'public', source: 'OCSF severity_id' }),
  confidence: field(Confidence, { description: 'How sure.', sensitivity: 'public', source: 'OCSF confidence_id' }),
  techniques: field(z.array(z.string()), {
    description: 'ATT&CK or ATLAS ids.',
    sensitivity: 'public',
    source: 'MITRE',
  }),
  controls: field(z.array(z.string()).optional(), {
    description: 'Controls that it speaks to, such as ISO27001:A.8.12.',
    sensitivity: 'public',
  }),
  evidence: field(z.array(Evidence), { description: 'What it rests on.', sensitivity: 'internal' }),
  seenAt: field(Timestamp, { description: 'When it was found.', sensitivity: 'public' }),
});
export type Finding = z.infer<typeof Finding>;
