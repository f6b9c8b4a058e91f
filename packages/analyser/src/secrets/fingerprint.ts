import { createHmac, randomBytes } from 'node:crypto';

/** Key of this process, for callers that need fingerprints to be comparable only within one run. */
const PROCESS_KEY = randomBytes(32);

/** HMAC-SHA-256 of a value under a key: the same value has the same fingerprint, and nothing leads back. */
export function fingerprintOf(value: string, key: Uint8Array | string = PROCESS_KEY): string {
  return createHmac('sha256', key).update(value, 'utf8').digest('hex');
}

/** First and last two characters of a long value, nothing of a short one. */
export function previewOf(value: string): string {
  if (value.length < 16 || value.includes('\n')) return '';
  return `${value.slice(0, 2)}…${value.slice(-2)}`;
}
