import { z } from 'zod';
import { field } from '../field.ts';
import { defineOperation } from '../operation.ts';
import { PageQuery, pageOf } from '../page.ts';
import { BundleSignature, SignedPolicyBundle } from '../policy-bundle.ts';

const MB = 1024 * 1024;

/** A published bundle as the list shows it. */
export const PublishedBundle = z.object({
  version: field(z.int().positive(), { description: 'Version, growing.', sensitivity: 'public' }),
  organisation: field(z.string(), { description: 'Whose it is.', sensitivity: 'internal' }),
  groups: field(z.array(z.string()), { description: 'Groups that it is for.', sensitivity: 'internal' }),
  isObserveOnly: field(z.boolean(), { description: 'Break-glass.', sensitivity: 'public' }),
  policies: field(z.int().nonnegative(), { description: 'Policies in it.', sensitivity: 'public' }),
  issuedAt: field(z.iso.datetime({ precision: 3 }), { description: 'When it was made.', sensitivity: 'public' }),
  notAfter: field(z.iso.datetime({ precision: 3 }), { description: 'When it is stale.', sensitivity: 'public' }),
  publishedAt: field(z.iso.datetime({ precision: 3 }), {
    description: 'When it was published.',
    sensitivity: 'public',
  }),
  publishedBy: field(z.string(), { description: 'Who published it.', sensitivity: 'internal' }),
  signers: field(z.array(BundleSignature.shape.key), { description: 'Keys that signed it.', sensitivity: 'public' }),
  endpoints: field(z.int().nonnegative(), {
    description: 'Endpoints that say they have it in force.',
    sensitivity: 'public',
  }),
});
export type PublishedBundle = z.infer<typeof PublishedBundle>;

export const publishBundle = defineOperation({
  id: 'publishBundle',
  method: 'POST',
  path: '/policy-bundles',
  permission: 'policy.approve',
  summary: 'Publish a bundle that operators signed. Endpoints judge the signatures; the server cannot make one.',
  body: SignedPolicyBundle,
  response: PublishedBundle,
  maxBodyBytes: 12 * MB,
});

export const listBundles = defineOperation({
  id: 'listBundles',
  method: 'GET',
  path: '/policy-bundles',
  permission: 'read',
  summary: 'Published bundles, newest first.',
  query: PageQuery,
  response: pageOf(PublishedBundle),
});

export const getBundle = defineOperation({
  id: 'getBundle',
  method: 'GET',
  path: '/policy-bundles/newest',
  permission: 'agent',
  summary: 'The newest bundle for the groups of the calling endpoint.',
  query: z.object({
    above: z.coerce.number().int().nonnegative().default(0).meta({ description: 'Version that it has.' }),
  }),
  response: z.object({
    signed: SignedPolicyBundle.optional().meta({ description: 'Absent where there is none above.' }),
  }),
});
