import { z } from 'zod';
import { EndpointCoverage } from '../coverage.ts';
import { AgentCounters, EndpointFacts } from '../endpoint.ts';
import { defineOperation } from '../operation.ts';

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
    sentAt: z.iso.datetime({ precision: 3 }),
  }),
  response: z.object({ serverTime: z.iso.datetime({ precision: 3 }) }),
});
