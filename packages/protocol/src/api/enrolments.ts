import { z } from 'zod';
import { EndpointFacts } from '../endpoint.ts';
import { field } from '../field.ts';
import { defineOperation } from '../operation.ts';

/** What an agent sends to enrol. */
export const EnrolmentRequest = z.object({
  token: field(z.string().min(1).max(256), { description: 'Enrolment token.', sensitivity: 'secret' }),
  endpoint: EndpointFacts,
});
export type EnrolmentRequest = z.infer<typeof EnrolmentRequest>;

/** What it gets back, once. */
export const Enrolment = z.object({
  endpointId: field(z.uuid(), { description: 'Id of the endpoint.', sensitivity: 'public' }),
  credential: field(z.string(), {
    description: 'Bearer credential of the agent; the server keeps only its hash.',
    sensitivity: 'secret',
  }),
});
export type Enrolment = z.infer<typeof Enrolment>;

/** A token with which agents enrol. */
export const EnrolmentToken = z.object({
  id: field(z.uuid(), { description: 'Id of the token.', sensitivity: 'public' }),
  token: field(z.string().optional(), {
    description: 'The token itself, only in the answer that makes it.',
    sensitivity: 'secret',
  }),
  createdAt: z.iso.datetime({ precision: 3 }),
  expiresAt: z.iso.datetime({ precision: 3 }),
  usesLeft: z.int().nonnegative(),
});
export type EnrolmentToken = z.infer<typeof EnrolmentToken>;

export const enrol = defineOperation({
  id: 'enrol',
  method: 'POST',
  path: '/enrolments',
  permission: 'public',
  summary: 'Enrol an endpoint with a token.',
  body: EnrolmentRequest,
  response: Enrolment,
});

export const createEnrolmentToken = defineOperation({
  id: 'createEnrolmentToken',
  method: 'POST',
  path: '/enrolment-tokens',
  permission: 'enrolment.manage',
  summary: 'Make an enrolment token.',
  body: z.object({
    expiresInHours: z
      .number()
      .positive()
      .max(24 * 30)
      .default(24),
    uses: z.int().positive().max(100_000).default(1),
  }),
  response: EnrolmentToken,
});
