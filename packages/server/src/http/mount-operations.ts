import { MAX_BATCH_BYTES, type Operation, type OperationId, operations, SentinelError } from '@sentinel/protocol';
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import type { Handlers } from '../api/handler.ts';
import type { BytesUnderWay, Claim } from '../ingest/bytes-under-way.ts';
import { reasonOf } from '../ingest/read-batch.ts';
import type { Metrics } from '../metrics.ts';
import { SESSION_MS } from '../store/session.ts';
import { type Authenticate, type Caller, SESSION_COOKIE } from './authenticate.ts';
import { sendEvents } from './event-stream.ts';
import { checkSameOrigin } from './same-origin.ts';

/** Where all operations live. */
export const API_PREFIX = '/api/v1';

/** Largest body of an operation other than sending a batch. */
const MAX_BODY_BYTES = 64 * 1024;
/** Inflated size that is reckoned with before the true size is known. Gzip makes rows some eight times smaller. */
const USUAL_RATIO = 8;

/** Requests a minute and address, for operations that anybody can call to guess a secret. */
const RATE_LIMITS: Partial<Record<OperationId, number>> = { signIn: 30, signInWithLink: 30, enrol: 600 };

/** What the operations need of the server. */
export interface MountParts {
  readonly handlers: Handlers;
  readonly authenticate: Authenticate;
  readonly underWay: BytesUnderWay;
  readonly metrics: Metrics;
  readonly publicUrl: string | undefined;
  /** Aborts when the server stops. */
  readonly stopping: AbortSignal;
}

/** Adds a route for every operation of the protocol. */
export async function mountOperations(app: FastifyInstance, parts: MountParts): Promise<void> {
  for (const [id, operation] of Object.entries(operations) as [OperationId, Operation][]) {
    if (id === 'sendBatch') await app.register(async (scope) => mountBatches(scope, operation, parts));
    else mount(app, id, operation, parts);
  }
}

type AnyHandler = (call: Record<string, unknown>) => unknown;

function mount(app: FastifyInstance, id: OperationId, operation: Operation, parts: MountParts): void {
  const handler = parts.handlers[id] as unknown as AnyHandler;
  const callers = new WeakMap<FastifyRequest, Caller>();
  const rate = RATE_LIMITS[id];
  app.route({
    method: operation.method,
    url: API_PREFIX + operation.path,
    bodyLimit: operation.maxBodyBytes ?? MAX_BODY_BYTES,
    ...(rate === undefined ? {} : { config: { rateLimit: { max: rate, timeWindow: '1 minute' } } }),
    async onRequest(request, reply) {
      const isProgram = operation.permission === 'agent' || operation.permission === 'upload';
      if (operation.method !== 'GET' && !isProgram) checkSameOrigin(request, parts.publicUrl);
      callers.set(request, await parts.authenticate(request, operation.permission));
      if (operation.maxBodyBytes === undefined) return;
      // Only now, and before a byte of a large body is read.
      const announced = Number(request.headers['content-length'] ?? operation.maxBodyBytes);
      const claim = parts.underWay.claim(Math.min(announced, operation.maxBodyBytes));
      reply.raw.once('close', () => claim.release());
    },
    async handler(request, reply) {
      const stop = new AbortController();
      const call = {
        ...callers.get(request),
        params: parse('path', operation.params, request.params),
        query: parse('query', operation.query, request.query),
        body: parse('body', operation.body, request.body),
        signal: AbortSignal.any([stop.signal, parts.stopping]),
        setSession: (token: string | undefined) => setSession(reply, token, parts.publicUrl),
      };
      if (operation.stream !== true) return handler(call);
      const isAllowed = () => parts.authenticate(request, operation.permission).then(() => true);
      await sendEvents(reply, handler(call) as AsyncIterable<unknown>, { isAllowed, stop });
      return reply;
    },
  });
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

function setSession(reply: FastifyReply, token: string | undefined, publicUrl: string | undefined): void {
  const options = {
    path: '/',
    httpOnly: true,
    sameSite: 'strict',
    secure: publicUrl?.startsWith('https:') === true,
  } as const;
  if (token === undefined) reply.clearCookie(SESSION_COOKIE, options);
  else reply.setCookie(SESSION_COOKIE, token, { ...options, maxAge: SESSION_MS / 1000 });
}
