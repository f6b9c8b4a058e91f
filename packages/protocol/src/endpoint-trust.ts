import { z } from 'zod';
import { Timestamp } from './activity.ts';
import { field } from './field.ts';

const count = (description: string) => field(z.int().nonnegative(), { description, sensitivity: 'public' });

/** What an agent says of its own guard: policies in force, what it refused, what is missing around it. Counters since its start. */
export const TrustReport = z.object({
  keyMadeAt: field(Timestamp, { description: 'When the key of the endpoint was made.', sensitivity: 'public' }),
  policyVersion: field(z.int().positive().optional(), {
    description: 'Version of the policy bundle in force.',
    sensitivity: 'public',
  }),
  isPolicyStale: field(z.boolean(), {
    description: 'The bundle in force is past its date and no newer one came.',
    sensitivity: 'public',
  }),
  mode: field(z.enum(['monitor', 'enforce']), {
    description: 'Whether policies may act here, or only report.',
    sensitivity: 'public',
  }),
  hasOperatorKeys: field(z.boolean(), {
    description: 'Whether the endpoint knows operators; without it takes no policy and no action.',
    sensitivity: 'public',
  }),
  bundlesRefused: count('Policy bundles that were not taken.'),
  actionsRefused: count('Actions that were not taken.'),
  lastRefusal: field(z.string().max(300).optional(), {
    description: 'Why the last bundle or action was not taken.',
    sensitivity: 'internal',
  }),
  canariesMissed: count('Daily canaries of interpreters that no probe reported.'),
  probesDamaged: count('Times that a file of the probe was missing in an instrumented interpreter.'),
  recordGaps: count('Probe files that vanished before their run was read to its end.'),
  probesFlooded: field(z.int().nonnegative().optional(), {
    description: 'Times that a probe wrote so much that it was throttled.',
    sensitivity: 'public',
  }),
});
export type TrustReport = z.infer<typeof TrustReport>;

/** What the server knows of the identity of an endpoint. */
export const EndpointTrust = z.object({
  keyFingerprint: field(z.string(), { description: 'SHA-256 of its public key, in hex.', sensitivity: 'public' }),
  keyExpiresAt: field(Timestamp, { description: 'When its key must have been renewed.', sensitivity: 'public' }),
  isCloned: field(z.boolean(), {
    description: 'Two agents live with the same key: the computer or its data folder was copied.',
    sensitivity: 'public',
  }),
  clonedAt: field(Timestamp.optional(), { description: 'When that was last seen.', sensitivity: 'public' }),
  clones: field(z.array(z.object({ bootId: z.uuid(), hostName: z.string(), seenAt: Timestamp })), {
    description: 'The agents that live with the key.',
    sensitivity: 'internal',
  }),
  report: field(TrustReport.optional(), {
    description: 'What its agent last said of its guard.',
    sensitivity: 'internal',
  }),
});
export type EndpointTrust = z.infer<typeof EndpointTrust>;

/** What an endpoint's guard told: kinds that detector rules ask for. */
export const EndpointSignalKind = z.enum([
  'bundle-refused',
  'action-refused',
  'canary-missed',
  'probe-damaged',
  'record-gap',
  'probe-flooded',
  'policy-went-back',
  'cloned',
]);
export type EndpointSignalKind = z.infer<typeof EndpointSignalKind>;
