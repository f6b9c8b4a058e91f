import { z } from 'zod';
import { Timestamp } from './activity.ts';
import { field } from './field.ts';

const COUNT = z.int().nonnegative();

/**
 * Why an observed Python start has no run. Every miss has exactly one.
 *
 * Not eligible, because no probe can be in it:
 * - `no-site`: started with `-S`, which loads nothing of `site`.
 * - `version-unsupported`: an interpreter that the probe does not run in.
 * - `container`: another mount or process-id namespace, with files of its own.
 * - `frozen`, `embedded`: a packed program; a program that carries an interpreter.
 * - `exempt`: taken out on purpose.
 * - `ended-before-site`: it only said its version or its help, or stopped at a wrong option.
 *
 * Eligible, and missed:
 * - `not-instrumented`, `instrumented-after-start`, `read-only`: the probe was not there, not yet, or may not be written there.
 * - `sensor-degraded`: the system told of the start, but the process was gone before it could be looked at.
 * - `unknown`: none of these.
 */
export const MissReason = z.enum([
  'no-site',
  'version-unsupported',
  'container',
  'frozen',
  'embedded',
  'exempt',
  'ended-before-site',
  'not-instrumented',
  'instrumented-after-start',
  'read-only',
  'sensor-degraded',
  'unknown',
]);
export type MissReason = z.infer<typeof MissReason>;

/** Reasons for which a start does not count in the denominator. */
export const INELIGIBLE_REASONS: readonly MissReason[] = [
  'no-site',
  'version-unsupported',
  'container',
  'frozen',
  'embedded',
  'exempt',
  'ended-before-site',
];

/** Counts of starts; `coverage` is instrumented over eligible. */
export const CoverageCounts = z.object({
  observed: field(COUNT, { description: 'Python starts that the operating system told of.', sensitivity: 'public' }),
  eligible: field(COUNT, {
    description: 'Those of them that a probe could have been in.',
    sensitivity: 'public',
  }),
  instrumented: field(COUNT, { description: 'Those of them whose probe reported.', sensitivity: 'public' }),
  pending: field(COUNT, {
    description: 'Starts not judged yet: they go on, or ended a moment ago. In no other count.',
    sensitivity: 'public',
  }),
  coverage: field(z.number().min(0).max(1).optional(), {
    description: 'Instrumented over eligible; absent while nothing was eligible.',
    sensitivity: 'public',
    unit: '1',
  }),
  misses: field(z.partialRecord(MissReason, COUNT), {
    description: 'Observed starts without a run, by their one reason.',
    sensitivity: 'public',
  }),
});
export type CoverageCounts = z.infer<typeof CoverageCounts>;

/** A harmless start that the agent makes itself, to see that both sides notice it. */
export const CanaryResult = z.object({
  at: field(Timestamp, { description: 'When it was started.', sensitivity: 'public' }),
  isSensed: field(z.boolean(), { description: 'Whether the operating system told of it.', sensitivity: 'public' }),
  isReported: field(z.boolean(), { description: 'Whether its probe reported.', sensitivity: 'public' }),
});
export type CanaryResult = z.infer<typeof CanaryResult>;

/** Coverage of one interpreter or environment. */
export const InterpreterCoverage = CoverageCounts.extend({
  executable: field(z.string(), { description: 'Program file, links followed.', sensitivity: 'internal' }),
  environment: field(z.string().optional(), {
    description: 'Folder of the virtual environment that it was started from.',
    sensitivity: 'internal',
  }),
  canary: field(CanaryResult.optional(), { description: 'The last canary run.', sensitivity: 'public' }),
});
export type InterpreterCoverage = z.infer<typeof InterpreterCoverage>;

/** How process starts are seen, and what of them was lost. */
export const SensorHealth = z.object({
  kind: field(z.enum(['kernel', 'sampled', 'none']), {
    description: 'kernel: every start is told; sampled: short runs are missed; none: nothing is seen.',
    sensitivity: 'public',
  }),
  note: field(z.string().optional(), { description: 'Why it is not better.', sensitivity: 'public' }),
  execs: field(COUNT, { description: 'Program starts told, of whatever language.', sensitivity: 'public' }),
  lost: field(COUNT, { description: 'Events that the kernel says it had no room for.', sensitivity: 'public' }),
  unread: field(COUNT, {
    description: 'Starts whose process was gone before it could be looked at.',
    sensitivity: 'public',
  }),
});
export type SensorHealth = z.infer<typeof SensorHealth>;

/** Python starts of an endpoint against the runs that its probes reported. */
export const EndpointCoverage = CoverageCounts.extend({
  since: field(Timestamp, { description: 'When counting began.', sensitivity: 'public' }),
  at: field(Timestamp, { description: 'When this was counted.', sensitivity: 'public' }),
  sensor: field(SensorHealth, { description: 'The sensor on itself.', sensitivity: 'public' }),
  unobserved: field(COUNT, {
    description: 'Runs that probes reported and the sensor did not see; measures the sensor, and is in no other count.',
    sensitivity: 'public',
  }),
  isTrusted: field(z.boolean(), {
    description: 'Whether the denominator can be believed: the kernel told it, nothing was lost, nothing unobserved.',
    sensitivity: 'public',
  }),
  interpreters: field(z.array(InterpreterCoverage).max(500), {
    description: 'The same for each interpreter and environment, most starts first.',
    sensitivity: 'internal',
  }),
});
export type EndpointCoverage = z.infer<typeof EndpointCoverage>;
