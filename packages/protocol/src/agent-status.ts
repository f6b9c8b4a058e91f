import { z } from 'zod';
import { Timestamp } from './activity.ts';
import { AgentHealth } from './agent-health.ts';
import { EndpointCoverage } from './coverage.ts';
import { AgentCounters } from './endpoint.ts';
import { TrustReport } from './endpoint-trust.ts';
import { field } from './field.ts';

/** What an agent writes into `status.json` every second and `sentinel agent status` reads. */
export const AgentStatus = z.object({
  state: field(z.enum(['running', 'stopped']), {
    description: 'What the agent last said of itself.',
    sensitivity: 'public',
  }),
  pid: field(z.int().positive(), { description: 'Process id of the agent.', sensitivity: 'public' }),
  agentVersion: field(z.string(), { description: 'Version of the agent.', sensitivity: 'public' }),
  startedAt: field(Timestamp, { description: 'Start of the agent.', sensitivity: 'public' }),
  writtenAt: field(Timestamp, { description: 'When this was written.', sensitivity: 'public' }),
  serverUrl: field(z.string(), { description: 'Server that it ships to.', sensitivity: 'internal' }),
  endpointId: field(z.uuid().optional(), { description: 'Id given at enrolment.', sensitivity: 'public' }),
  lastContactAt: field(Timestamp.optional(), {
    description: 'Last valid answer of the server.',
    sensitivity: 'public',
  }),
  isInContact: field(z.boolean(), {
    description: 'Whether the last exchange with the server succeeded.',
    sensitivity: 'public',
  }),
  lastProblem: field(z.string().optional(), { description: 'Why the last exchange failed.', sensitivity: 'internal' }),
  isChannelOpen: field(z.boolean().optional(), {
    description: 'Whether policies and actions come at once.',
    sensitivity: 'public',
  }),
  coverage: field(EndpointCoverage.optional(), {
    description: 'Python starts against reported runs.',
    sensitivity: 'internal',
  }),
  health: field(AgentHealth.optional(), {
    description: 'What it takes of the computer, and what it gave up for that.',
    sensitivity: 'public',
  }),
  trust: field(TrustReport.optional(), {
    description: 'Policies in force, and what speaks against this endpoint.',
    sensitivity: 'internal',
  }),
  counters: field(AgentCounters, { description: 'Counters since the start of the agent.', sensitivity: 'public' }),
});
export type AgentStatus = z.infer<typeof AgentStatus>;
