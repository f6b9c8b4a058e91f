import { MAX_BATCH_BYTES, type Operation, type OperationId, operations, SentinelError } from '@sentinel/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Handlers } from '../api/handler.ts';
import type { AgentChannels } from '../channel/agent-channels.ts';
import type { AgentDoor } from '../channel/agent-door.ts';
import type { BytesUnderWay, Claim } from '../ingest/bytes-under-way.ts';
import { reasonOf } from '../ingest/read-batch.ts';
import type { Metrics } from '../metrics.ts';
import { scopeKey } from '../store/scope.ts';
import { type Authenticate, type Caller, originOf } from './authenticate.ts';
import { entityTag, namesTag } from './entity-tag.ts';
import { sendEvents } from './event-stream.ts';
import type { IdempotencyKeys } from './idempotency.ts';
import { mountChannel } from './mount-channel.ts';
import { checkSameOrigin } from './same-origin.ts';
import { scopeAware } from './scope-aware.ts';
import { setSessionCookie } from './session-cookie.ts';
import { checkSignedBodies } from './signed-bodies.ts';

/** Where all operations live. */
export const API_PREFIX = '/api/v1';

/** Largest body of an operation other than sending a batch. */
const MAX_BODY_BYTES = 64 * 1024;
/** Inflated size that is reckoned with before the true size is known. Gzip makes rows some eight times smaller. */
const USUAL_RATIO = 8;

/**
 * Requests a minute and address, for operations that anybody can call to guess a secret. Not for enrolment: its tokens cannot be
 * guessed, and a whole fleet may enrol from behind one address.
 */
const RATE_LIMITS: Partial<Record<OperationId, number>> = {
  signIn: 30,
  signInWithLink: 30,
  finishSignIn: 30,
  startPasskeySignIn: 30,
  signInWithPasskey: 30,
};

/** What the operations need of the server. */
export interface MountParts {
  readonly handlers: Handlers;
  readonly authenticate: Authenticate;
  readonly door: AgentDoor;
  readonly channels: AgentChannels;
  readonly underWay: BytesUnderWay;
  readonly idempotency: IdempotencyKeys;
  readonly metrics: Metrics;
  readonly publicUrl: string | undefined;
  /** Whether browsers reach it over TLS only. */
  readonly isSecure: boolean;
  /** That one address may send to one operation. */
  readonly requestsPerMinute: number;
  /** Aborts when the server stops. */
  readonly stopping: AbortSignal;
}

/** Adds a route for every operation of the protocol. */
export async function mountOperations(app: FastifyInstance, parts: MountParts): Promise<void> {
  for (const [id, operation] of Object.entries(operations) as [OperationId, Operation][]) {
    if (id === 'sendBatch') await app.register(async (scope) => mountBatches(scope, operation, parts));
    else if (id === 'openChannel') mountChannel(app, operation, parts);
    else if (!isOfPrograms(operation)) mount(app, id, operation, parts);
  }
  await app.register(async (scope) => {
    checkSignedBodies(scope, parts.door);
    for (const [id, operation] of Object.entries(operations) as [OperationId, Operation][])
      if (isOfPrograms(operation) && id !== 'sendBatch' && id !== 'openChannel') mount(scope, id, operation, parts);
  });
}

function isOfPrograms({ permission }: Operation): boolean {
  return permission === 'agent' || permission === 'upload';
}

type AnyHandler = (call: Record<string, unknown>) => unknown;

function mount(app: FastifyInstance, id: OperationId, operation: Operation, parts: MountParts): void {
  const handler = (parts.handlers as Partial<Record<OperationId, unknown>>)[id] as AnyHandler;
  const callers = new WeakMap<FastifyRequest, Caller>();
  const onRequest = async (request: FastifyRequest, reply: FastifyReply) => {
    if (operation.method !== 'GET' && !isOfPrograms(operation)) checkSameOrigin(request, parts.publicUrl);
    const caller = await parts.authenticate(request, operation.permission);
    checkReach(id, operation, caller);
    callers.set(request, caller);
    if (operation.maxBodyBytes === undefined) return;
    // Only now, and before a byte of a large body is read.
    const announced = Number(request.headers['content-length'] ?? operation.maxBodyBytes);
    const claim = parts.underWay.claim(Math.min(announced, operation.maxBodyBytes));
    reply.raw.once('close', () => claim.release());
  };
  app.route({
    method: operation.method,
    url: API_PREFIX + operation.path,
    bodyLimit: operation.maxBodyBytes ?? MAX_BODY_BYTES,
    onRequest: [
      // Before anything is looked up: who has no credential, or guesses at one, is limited too.
      app.rateLimit({ max: RATE_LIMITS[id] ?? parts.requestsPerMinute, timeWindow: '1 minute' }),
      onRequest,
    ],
    async handler(request, reply) {
      const stop = new AbortController();
      const call = {
        ...callers.get(request),
        params: parse('path', operation.params, request.params),
        query: parse('query', operation.query, request.query),
        body: parse('body', operation.body, request.body),
        signal: AbortSignal.any([stop.signal, parts.stopping]),
        origin: originOf(request),
        baseUrl: parts.publicUrl ?? `${request.protocol}://${request.host}`,
        setSession: (token: string | undefined) => setSessionCookie(reply, token, parts.isSecure),
      };
      if (operation.stream !== true) {
        await checkUnchanged(operation, request, call, parts);
        return answerOnce(id, operation, { request, reply, call, handler, parts });
      }
      const seen = scopeOf(callers.get(request));
      // A stream shows one scope to its end: whoever's scope changed connects again.
      const isAllowed = () =>
        parts.authenticate(request, operation.permission).then(
          (caller) => scopeOf(caller) === seen,
          (error: unknown) => {
            if (error instanceof SentinelError && !error.toProblem().retry) return false;
            throw error;
          },
        );
      await sendEvents(reply, handler(call) as AsyncIterable<unknown>, { isAllowed, stop });
      return reply;
    },
  });
}

/** Carries a request out, once per idempotency key; what is read gets an entity tag. */
async function answerOnce(
  id: OperationId,
  { method }: Operation,
  given: {
    readonly request: FastifyRequest;
    readonly reply: FastifyReply;
    readonly call: Record<string, unknown> & Caller;
    readonly handler: AnyHandler;
    readonly parts: MountParts;
  },
): Promise<unknown> {
  const { request, reply, call, handler, parts } = given;
  const key = request.headers['idempotency-key'];
  if (method === 'POST' && typeof key === 'string' && call.person !== undefined) {
    if (!/^[\x21-\x7e]{1,200}$/.test(key))
      throw new SentinelError('bad-request', 'The idempotency key is not well formed.');
    const { answer, isReplay } = await parts.idempotency.once(
      {
        accountId: call.person.accountId,
        operationId: id,
        key,
        request: [call['params'], call['query'], call['body']],
        nowMs: Date.now(),
      },
      async () => handler(call),
    );
    if (isReplay) reply.header('idempotency-replayed', 'true');
    return answer;
  }
  const answer = await handler(call);
  if (method !== 'GET' || reply.sent || Buffer.isBuffer(answer)) return answer;
  const text = JSON.stringify(answer);
  const tag = entityTag(text);
  reply.header('etag', tag);
  const known = request.headers['if-none-match'];
  if (known !== undefined && namesTag(known, tag)) return reply.code(304).send();
  return reply.type('application/json; charset=utf-8').send(text);
}

/**
 * Refuses a change of something that is not as the caller last read it: what `If-Match` names is compared with what
 * reading the same path gives now. A second change in the same moment is up to the handler.
 */
async function checkUnchanged(
  { method, path }: Operation,
  request: FastifyRequest,
  call: Record<string, unknown> & Caller,
  parts: MountParts,
): Promise<void> {
  const wanted = request.headers['if-match'];
  if (wanted === undefined || method === 'GET' || method === 'POST') return;
  const reading = (Object.entries(operations) as [OperationId, Operation][]).find(
    ([, one]) => one.method === 'GET' && one.path === path && one.stream !== true,
  );
  if (reading === undefined)
    throw new SentinelError('bad-request', 'If-Match: what this changes cannot be read at its path.');
  const [id, operation] = reading;
  await parts.authenticate(request, operation.permission);
  const handler = (parts.handlers as Partial<Record<OperationId, unknown>>)[id] as AnyHandler;
  const present = await handler({ ...call, query: parse('query', operation.query, {}), body: undefined });
  if (!namesTag(wanted, entityTag(JSON.stringify(present))))
    throw new SentinelError('precondition-failed', 'It is not as it was when you read it.');
}

/** Refuses somebody who sees a part of the fleet only, unless the operation answers within a scope or is about oneself. */
function checkReach(id: OperationId, { permission }: Operation, { person }: Caller): void {
  if (person === undefined || person.scope.isAll || permission === 'self' || scopeAware.has(id)) return;
  throw new SentinelError('not-allowed', 'This shows all of the fleet, and you see a part of it only.');
}

function scopeOf(caller: Caller | undefined): string {
  return caller?.person === undefined ? '' : scopeKey(caller.person.scope);
}

function mountBatches(app: FastifyInstance, operation: Operation, parts: MountParts): void {
  const handler = parts.handlers.sendBatch as unknown as AnyHandler;
  const states = new WeakMap<FastifyRequest, { caller: Caller; claim: Claim }>();
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
  app.route({
    method: operation.method,
    url: API_PREFIX + operation.path,
    bodyLimit: MAX_BATCH_BYTES,
    // Who it is and whether there is room is settled before a byte of the body is read.
    async onRequest(request, reply) {
      const caller = await parts.authenticate(request, operation.permission);
      const claim = claimRoom(request, parts);
      states.set(request, { caller, claim });
      reply.raw.once('close', () => claim.release());
    },
    async handler(request) {
      const state = states.get(request);
      if (!Buffer.isBuffer(request.body) || state === undefined)
        throw new SentinelError('malformed-batch', 'The body is empty.');
      parts.door.checkBody(request, request.body);
      const body = {
        bytes: request.body,
        contentEncoding: request.headers['content-encoding'],
        claim: (bytes: number) => countOverload(parts.metrics, () => state.claim.resize(bytes)),
      };
      return handler({ ...state.caller, body });
    },
    async onError(_request, _reply, error) {
      if (error.code === 'FST_ERR_CTP_BODY_TOO_LARGE') parts.metrics.batches.inc({ result: 'too-large' });
      else if ((error as { code?: string }).code === 'store-unavailable')
        parts.metrics.batches.inc({ result: 'failed' });
    },
  });
}

function claimRoom(request: FastifyRequest, { underWay, metrics }: MountParts): Claim {
  const announced = Number(request.headers['content-length'] ?? MAX_BATCH_BYTES);
  const ratio = request.headers['content-encoding'] === undefined ? 1 : USUAL_RATIO;
  const expected = Math.min((Number.isFinite(announced) ? announced : MAX_BATCH_BYTES) * ratio, MAX_BATCH_BYTES);
  return countOverload(metrics, () => underWay.claim(expected));
}

function countOverload<T>(metrics: Metrics, claim: () => T): T {
  try {
    return claim();
  } catch (error) {
    metrics.batches.inc({ result: 'overloaded' });
    throw error;
  }
}

function parse(place: 'path' | 'query' | 'body', shape: z.ZodType | undefined, value: unknown): unknown {
  if (shape === undefined) return undefined;
  const parsed = shape.safeParse(value ?? undefined);
  if (parsed.success) return parsed.data;
  throw new SentinelError('bad-request', `${place}: ${reasonOf(parsed.error)}`);
}
