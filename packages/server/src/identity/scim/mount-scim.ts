import { SentinelError } from '@sentinel/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Authenticate } from '../../http/authenticate.ts';
import type { Services } from '../../services.ts';
import type { Person } from '../../store/session.ts';
import { checkSeesAll } from '../guarded-roles.ts';
import { ScimError } from './scim-error.ts';
import { ScimGroups } from './scim-groups.ts';
import { SCIM_PATH } from './scim-path.ts';
import { SCHEMA } from './scim-shapes.ts';
import { ScimUsers } from './scim-users.ts';

const MEDIA_TYPE = 'application/scim+json';
/** A group of a large company with all its members. */
const MAX_BODY_BYTES = 4 * 1024 * 1024;
/** Requests a minute and address: a directory that sends everything anew stays below it. */
const RATE = { max: 3_000, timeWindow: '1 minute' };

/**
 * Adds SCIM 2.0 for users and groups, for whoever has the permission `people.manage`: an API token of the directory.
 * Source: RFC 7643, RFC 7644.
 */
export async function mountScim(app: FastifyInstance, services: Services, authenticate: Authenticate): Promise<void> {
  const resources = { Users: new ScimUsers(services), Groups: new ScimGroups(services) };
  await app.register(async (scope) => {
    scope.addContentTypeParser(MEDIA_TYPE, { parseAs: 'string' }, (_request, body, done) => {
      try {
        done(null, JSON.parse(body as string));
      } catch {
        done(new ScimError(400, 'the body is no JSON', 'invalidValue'));
      }
    });
    scope.setErrorHandler((error, request, reply) => answerError(error, request, reply, services));
    const people = new WeakMap<FastifyRequest, Person>();
    // Before a token is looked up: who guesses at one is limited too.
    scope.addHook('onRequest', scope.rateLimit(RATE));
    scope.addHook('onRequest', async (request) => {
      const { person } = await authenticate(request, 'people.manage');
      // Only a token: no page of another site can send one for somebody.
      if (person === undefined || !person.isToken)
        throw new SentinelError('not-signed-in', 'SCIM takes an API token with the permission people.manage.');
      checkSeesAll(person);
      people.set(request, person);
    });
    const personOf = (request: FastifyRequest): Person => {
      const person = people.get(request);
      if (person === undefined) throw new SentinelError('not-signed-in', 'This needs an API token.');
      return person;
    };
    const send = (reply: FastifyReply, status: number, body: unknown) =>
      reply
        .code(status)
        .type(MEDIA_TYPE)
        .send(Buffer.from(JSON.stringify(body)));
    const options = { bodyLimit: MAX_BODY_BYTES };
    for (const [name, resource] of Object.entries(resources)) {
      const path = `${SCIM_PATH}/${name}`;
      const idOf = (request: FastifyRequest) => (request.params as { id: string }).id;
      scope.get(path, options, async (request, reply) => send(reply, 200, await resource.list(request.query)));
      scope.post(path, options, async (request, reply) =>
        send(reply, 201, await resource.create(request.body, personOf(request))),
      );
      scope.get(`${path}/:id`, options, async (request, reply) => send(reply, 200, await resource.get(idOf(request))));
      scope.put(`${path}/:id`, options, async (request, reply) =>
        send(reply, 200, await resource.replace(idOf(request), request.body, personOf(request))),
      );
      scope.patch(`${path}/:id`, options, async (request, reply) =>
        send(reply, 200, await resource.patch(idOf(request), request.body, personOf(request))),
      );
      scope.delete(`${path}/:id`, options, async (request, reply) => {
        await resource.remove(idOf(request), personOf(request));
        return reply.code(204).send();
      });
    }
    scope.get(`${SCIM_PATH}/ServiceProviderConfig`, options, async (_request, reply) => send(reply, 200, CONFIG));
    scope.get(`${SCIM_PATH}/ResourceTypes`, options, async (_request, reply) => send(reply, 200, RESOURCE_TYPES));
  });
}

const CONFIG = {
  schemas: [SCHEMA.config],
  patch: { supported: true },
  bulk: { supported: false, maxOperations: 0, maxPayloadSize: 0 },
  filter: { supported: true, maxResults: 500 },
  changePassword: { supported: false },
  sort: { supported: false },
  etag: { supported: false },
  authenticationSchemes: [{ type: 'oauthbearertoken', name: 'API token', description: 'Bearer token, sntl_…' }],
};

const RESOURCE_TYPES = {
  schemas: [SCHEMA.list],
  totalResults: 2,
  Resources: [
    { id: 'User', name: 'User', endpoint: '/Users', schema: SCHEMA.user },
    { id: 'Group', name: 'Group', endpoint: '/Groups', schema: SCHEMA.group },
  ].map((type) => ({ schemas: ['urn:ietf:params:scim:schemas:core:2.0:ResourceType'], ...type })),
};

function answerError(error: unknown, request: FastifyRequest, reply: FastifyReply, { log }: Services): void {
  const { status, detail, scimType } = told(error);
  if (status >= 500) log.error({ err: error, requestId: request.id }, 'a SCIM request failed');
  void reply
    .code(status)
    .type(MEDIA_TYPE)
    .send(
      Buffer.from(
        JSON.stringify({
          schemas: [SCHEMA.error],
          status: String(status),
          detail,
          ...(scimType === undefined ? {} : { scimType }),
        }),
      ),
    );
}

function told(error: unknown): { status: number; detail: string; scimType?: string | undefined } {
  if (error instanceof ScimError) return { status: error.status, detail: error.message, scimType: error.scimType };
  if (error instanceof SentinelError) return { status: error.toProblem().status, detail: error.message };
  const { statusCode } = error as { statusCode?: number };
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return { status: statusCode, detail: 'The request is not well formed.' };
  return { status: 500, detail: 'The server failed on this request.' };
}
