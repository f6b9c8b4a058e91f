import { z } from 'zod';
import { EndpointCoverage } from './coverage.ts';
import { EndpointTrust } from './endpoint-trust.ts';
import { field } from './field.ts';

/** Facts that an agent tells of its computer. */
export const EndpointFacts = z.object({
  hostName: field(z.string().min(1).max(255), {
    description: 'Host name.',
    sensitivity: 'internal',
    source: 'OTel host.name',
  }),
  osType: field(z.string().max(64), {
    description: 'linux, darwin, win32.',
    sensitivity: 'public',
    source: 'OTel os.type',
  }),
  osVersion: field(z.string().max(255), {
    description: 'Release of the operating system.',
    sensitivity: 'public',
    source: 'OTel os.version',
  }),
  architecture: field(z.string().max(64), {
    description: 'x64, arm64.',
    sensitivity: 'public',
    source: 'OTel host.arch',
  }),
  agentVersion: field(z.string().max(64), { description: 'Version of the agent.', sensitivity: 'public' }),
  timeZone: field(z.string().max(64).optional(), {
    description: 'IANA name of the time zone that the computer is set to; working hours are judged by it.',
    sensitivity: 'internal',
  }),
  groups: field(z.array(z.string().min(1).max(100)).max(32).optional(), {
    description: 'Groups that the endpoint was put into where it was set up; policies and actions are for groups.',
    sensitivity: 'internal',
  }),
});
export type EndpointFacts = z.infer<typeof EndpointFacts>;

/** Counters of an agent since it started; gauges where said. */
export const AgentCounters = z.object({
  runsSeen: field(z.int().nonnegative(), { description: 'Runs received from probes.', sensitivity: 'public' }),
  runsOpen: field(z.int().nonnegative(), { description: 'Runs going on (gauge).', sensitivity: 'public' }),
  recordsMalformed: field(z.int().nonnegative(), {
    description: 'Probe records set aside because they could not be read.',
    sensitivity: 'public',
  }),
  activitiesDropped: field(z.int().nonnegative(), {
    description: 'Activities that probes reported as dropped.',
    sensitivity: 'public',
  }),
  rowsDropped: field(z.int().nonnegative().optional(), {
    description: 'Rows of bulk activity given up because the spool was full, since the spool began.',
    sensitivity: 'public',
  }),
  batchesSpooled: field(z.int().nonnegative(), { description: 'Batches made durable.', sensitivity: 'public' }),
  batchesShipped: field(z.int().nonnegative(), {
    description: 'Batches the server acknowledged.',
    sensitivity: 'public',
  }),
  batchesQuarantined: field(z.int().nonnegative(), {
    description: 'Batches set aside: damaged on disk or refused by the server.',
    sensitivity: 'public',
  }),
  spoolBatches: field(z.int().nonnegative(), { description: 'Batches waiting (gauge).', sensitivity: 'public' }),
  spoolBytes: field(z.int().nonnegative(), {
    description: 'Bytes waiting (gauge).',
    sensitivity: 'public',
    unit: 'By',
  }),
});
export type AgentCounters = z.infer<typeof AgentCounters>;

/** A managed computer. */
export const Endpoint = EndpointFacts.extend({
  id: field(z.uuid(), { description: 'Id given at enrolment (UUIDv7).', sensitivity: 'public' }),
  enrolledAt: field(z.iso.datetime({ precision: 3 }), { description: 'When it enrolled.', sensitivity: 'public' }),
  lastSeenAt: field(z.iso.datetime({ precision: 3 }).optional(), {
    description: 'Last heartbeat or batch.',
    sensitivity: 'public',
  }),
  counters: field(AgentCounters.optional(), {
    description: 'What the agent last said of itself.',
    sensitivity: 'public',
  }),
  department: field(z.string().optional(), {
    description: 'Department that it belongs to; decides who sees it.',
    sensitivity: 'internal',
  }),
  coverage: field(EndpointCoverage.optional(), {
    description: 'Python starts against reported runs, as the agent last counted them.',
    sensitivity: 'internal',
  }),
  trust: field(EndpointTrust.optional(), {
    description: 'Its key, and whether anything speaks against it.',
    sensitivity: 'internal',
  }),
});
export type Endpoint = z.infer<typeof Endpoint>;
