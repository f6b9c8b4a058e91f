import type { Operation } from '@sentinel/protocol';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { KnownAgent } from '../channel/agent-door.ts';
import type { MountParts } from './mount-operations.ts';

/** Adds the route on which agents hold a connection open. Source: HTML Living Standard, section 9.2. */
export function mountChannel(app: FastifyInstance, operation: Operation, { door, channels }: MountParts): void {
  const agents = new WeakMap<FastifyRequest, KnownAgent>();
  app.route({
    method: operation.method,
    url: `/api/v1${operation.path}`,
    async onRequest(request) {
      agents.set(request, await door.check(request));
    },
    async handler(request, reply) {
      const agent = agents.get(request);
      if (agent === undefined) return;
      reply.hijack();
      const { raw } = reply;
      raw.writeHead(200, {
        ...(reply.getHeaders() as Record<string, string>),
        'content-type': 'text/event-stream; charset=utf-8',
        'cache-control': 'no-store, no-transform',
        'x-accel-buffering': 'no',
      });
      await channels.add(agent, raw).catch((error: unknown) => {
        request.log.warn({ err: error }, 'a channel could not be served');
        raw.destroy();
      });
    },
  });
}
