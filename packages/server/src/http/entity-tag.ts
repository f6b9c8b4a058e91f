import { createHash } from 'node:crypto';

/** A strong entity tag of an answer. Source: RFC 9110, section 8.8.3. */
export function entityTag(text: string): string {
  return `"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"`;
}

/** Whether a list of entity tags, as `If-Match` and `If-None-Match` have them, names this one. Source: RFC 9110, section 13.1. */
export function namesTag(header: string, tag: string): boolean {
  return header.split(',').some((one) => one.trim() === '*' || one.trim().replace(/^W\//, '') === tag);
}
