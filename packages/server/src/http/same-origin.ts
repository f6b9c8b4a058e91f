import { SentinelError } from '@sentinel/protocol';
import type { FastifyRequest } from 'fastify';

/**
 * Lets an unsafe request pass only if no other site sent it from a browser.
 * Source: OWASP Cross-Site Request Forgery Prevention Cheat Sheet, Fetch Metadata and Origin check.
 * A client that is no browser sends neither header and has no ambient cookie to abuse.
 */
export function checkSameOrigin(request: FastifyRequest, publicUrl: string | undefined): void {
  const site = request.headers['sec-fetch-site'];
  if (site !== undefined && site !== 'same-origin' && site !== 'none') throw refused();
  const { origin, host } = request.headers;
  if (origin === undefined) return;
  if (publicUrl !== undefined && origin === new URL(publicUrl).origin) return;
  if (URL.canParse(origin) && new URL(origin).host === host) return;
  throw refused();
}

function refused(): SentinelError {
  return new SentinelError('not-allowed', 'The request comes from another site.');
}
