import { statSync } from 'node:fs';
import { join } from 'node:path';
import staticFiles from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Everything comes from the server itself; nothing inline, nothing framed. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "font-src 'self'",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'self'",
  "frame-ancestors 'none'",
].join('; ');

/** Names with a content hash, as the console's build gives them in its folder for assets. */
const HASHED = /[\\/]assets[\\/][^\\/]*-[\w-]{8,}\.\w+$/;

/** Gives the page of the console for any path that is none of its files. */
export type SendPage = (reply: FastifyReply) => FastifyReply;

/**
 * Serves the built console.
 * @throws Error if the folder holds no console.
 */
export async function serveConsole(app: FastifyInstance, folder: string): Promise<SendPage> {
  if (statSync(join(folder, 'index.html'), { throwIfNoEntry: false }) === undefined) {
    throw new Error(`the console folder "${folder}" has no index.html: build the console first`);
  }
  await app.register(staticFiles, {
    root: folder,
    // One route a file that exists now: what is not a file falls through to the page.
    wildcard: false,
    index: false,
    cacheControl: false,
    setHeaders(reply, path) {
      void reply.header('cache-control', HASHED.test(path) ? 'public, max-age=31536000, immutable' : 'no-cache');
      void reply.header('content-security-policy', CONTENT_SECURITY_POLICY);
    },
  });
  return (reply) => reply.sendFile('index.html');
}
