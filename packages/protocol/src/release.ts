import { z } from 'zod';
import { Timestamp } from './activity.ts';
import { field } from './field.ts';

/** What a release is, as its signature covers it. */
export const Release = z.strictObject({
  format: field(z.literal(1), { description: 'Version of this form.', sensitivity: 'public' }),
  version: field(z.string().regex(/^\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]+)?$/), {
    description: 'Version of the product.',
    sensitivity: 'public',
    source: 'Semantic Versioning 2.0.0',
  }),
  platform: field(z.enum(['linux', 'darwin', 'win32']), { description: 'System it is for.', sensitivity: 'public' }),
  architecture: field(z.enum(['x64', 'arm64']), { description: 'Processor it is for.', sensitivity: 'public' }),
  sha256: field(z.string().regex(/^[0-9a-f]{64}$/), {
    description: 'SHA-256 of the executable.',
    sensitivity: 'public',
  }),
  sizeBytes: field(z.int().positive(), { description: 'Its size.', sensitivity: 'public', unit: 'By' }),
  issuedAt: field(Timestamp, { description: 'When it was made.', sensitivity: 'public' }),
});
export type Release = z.infer<typeof Release>;

/** A release with its signature; the payload is kept as the bytes that were signed. */
export const SignedRelease = z.strictObject({
  payload: field(z.string(), { description: 'The release as JSON in UTF-8, in base64.', sensitivity: 'public' }),
  key: field(z.string(), {
    description: 'Public key, Ed25519, 32 bytes in base64.',
    sensitivity: 'public',
    source: 'RFC 8032',
  }),
  signature: field(z.string(), {
    description: 'Signature, 64 bytes in base64.',
    sensitivity: 'public',
    source: 'RFC 8032',
  }),
});
export type SignedRelease = z.infer<typeof SignedRelease>;
