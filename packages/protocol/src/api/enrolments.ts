import { z } from 'zod';
import { EndpointFacts } from '../endpoint.ts';
import { field } from '../field.ts';
import { defineOperation } from '../operation.ts';

/** A key that was made on an endpoint. */
const PublicKey = field(z.base64().length(44), {
  description: 'Public key, Ed25519, 32 bytes in base64. Its private half never leaves the endpoint.',
  sensitivity: 'public',
  source: 'RFC 8032',
});

/** What an agent sends to enrol. */
export const EnrolmentRequest = z.object({
  token: field(z.string().min(1).max(256), { description: 'Enrolment token.', sensitivity: 'secret' }),
  endpoint: EndpointFacts,
  publicKey: PublicKey,
  proof: field(z.string().max(128), {
    description: 'Signature with that key over the token and the key, in base64.',
    sensitivity: 'public',
    source: 'keyProof in request-signature.ts',
  }),
});
export type EnrolmentRequest = z.infer<typeof EnrolmentRequest>;

/** What it gets back, once. */
export const Enrolment = z.object({
  endpointId: field(z.uuid(), { description: 'Id of the endpoint.', sensitivity: 'public' }),
  keyExpiresAt: field(z.iso.datetime({ precision: 3 }), {
    description: 'When the key must have been renewed.',
    sensitivity: 'public',
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

export const renewKey = defineOperation({
  id: 'renewKey',
  method: 'POST',
  path: '/endpoint-key',
  permission: 'agent',
  summary: 'Replace the key of the calling endpoint; the request is signed with the old one.',
  body: z.object({
    publicKey: PublicKey,
    proof: field(z.string().max(128), {
      description: 'Signature with the new key over the id of the endpoint and the key, in base64.',
      sensitivity: 'public',
      source: 'keyProof in request-signature.ts',
    }),
  }),
  response: Enrolment,
});
