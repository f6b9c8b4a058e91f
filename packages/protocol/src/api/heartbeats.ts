import { z } from 'zod';
import { AgentHealth } from '../agent-health.ts';
import { EndpointCoverage } from '../coverage.ts';
import { AgentCounters, EndpointFacts } from '../endpoint.ts';
import { TrustReport } from '../endpoint-trust.ts';
import { defineOperation } from '../operation.ts';
import { PolicyShares } from '../policy-shares.ts';

export const sendHeartbeat = defineOperation({
  id: 'sendHeartbeat',
  method: 'POST',
  path: '/heartbeats',
  permission: 'agent',
  summary: 'A sign of life with counters.',
  body: z.object({
    endpoint: EndpointFacts,
    counters: AgentCounters,
    coverage: EndpointCoverage.optional(),
    trust: TrustReport.optional(),
    health: AgentHealth.optional(),
    sentAt: z.iso.datetime({ precision: 3 }),
  }),
  response: z.object({
    serverTime: z.iso.datetime({ precision: 3 }),
    policyVersion: z
      .int()
      .positive()
      .optional()
      .meta({ description: 'Newest bundle for the groups of this endpoint.' }),
    shares: PolicyShares.default([]),
    openActions: z.int().nonnegative().default(0).meta({ description: 'Actions that wait for this endpoint.' }),
  }),
});
