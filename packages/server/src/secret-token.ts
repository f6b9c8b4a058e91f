import { createHash, randomBytes } from 'node:crypto';

/** A new secret with 256 bits of randomness, safe in a URL. */
export function newSecretToken(prefix: string): string {
  return `${prefix}_${randomBytes(32).toString('base64url')}`;
}

/** What the server keeps of such a secret. A plain hash is enough: nobody can guess 256 random bits. */
export function hashSecretToken(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
