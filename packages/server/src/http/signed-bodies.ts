import { SentinelError } from '@sentinel/protocol';
import type { FastifyInstance } from 'fastify';
import type { AgentDoor } from '../channel/agent-door.ts';

/** Makes JSON bodies of a scope count only where they are what was signed; an unsigned request has nothing to compare. */
export function checkSignedBodies(scope: FastifyInstance, door: AgentDoor): void {
  scope.removeContentTypeParser('application/json');
  scope.addContentTypeParser('application/json', { parseAs: 'buffer' }, (request, body, done) => {
    try {
      door.checkBody(request, body as Buffer);
    } catch (error) {
      done(error as Error);
      return;
    }
    try {
      done(null, JSON.parse((body as Buffer).toString()));
    } catch {
      done(new SentinelError('bad-request', 'The body is no JSON.'));
    }
  });
}
