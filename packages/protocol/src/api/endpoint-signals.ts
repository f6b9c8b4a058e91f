import { z } from 'zod';
import { EndpointSignalKind } from '../endpoint-trust.ts';
import { field } from '../field.ts';
import { defineOperation } from '../operation.ts';
import { PageQuery, pageOf } from '../page.ts';

const Time = z.iso.datetime({ precision: 3 });

/** Something that speaks against an endpoint: a refusal, a gap, a copy. */
export const EndpointSignal = z.object({
  id: z.uuid(),
  endpointId: z.uuid(),
  hostName: field(z.string(), { description: 'Host name of the endpoint.', sensitivity: 'internal' }),
  kind: EndpointSignalKind,
  count: field(z.int().positive(), { description: 'How often since the one before.', sensitivity: 'public' }),
  detail: field(z.string(), { description: 'What was said of it.', sensitivity: 'internal' }),
  at: field(Time, { description: 'When the server heard of it.', sensitivity: 'public' }),
});
export type EndpointSignal = z.infer<typeof EndpointSignal>;

export const listEndpointSignals = defineOperation({
  id: 'listEndpointSignals',
  method: 'GET',
  path: '/endpoint-signals',
  permission: 'read',
  summary:
    'What the guards of endpoints told, newest first: refused policies and actions, missing probes, gaps, copies.',
  query: PageQuery.extend({
    endpointId: z.uuid().optional(),
    kind: EndpointSignalKind.optional(),
    since: Time.optional(),
  }),
  response: pageOf(EndpointSignal),
});
