import cookie from '@fastify/cookie';
import rateLimit from '@fastify/rate-limit';
import { operations, SentinelError } from '@sentinel/protocol';
import { openApiDocument } from '@sentinel/protocol/openapi';
import fastify, {
  type FastifyBaseLogger,
  type FastifyInstance,
  type FastifyServerOptions,
  LogController,
} from 'fastify';
import { allHandlers } from '../api/all.ts';
import { mountOidc } from '../identity/mount-oidc.ts';
import { mountScim } from '../identity/scim/mount-scim.ts';
import type { BytesUnderWay } from '../ingest/bytes-under-way.ts';
import type { Services } from '../services.ts';
import type { ServerCertificate } from '../tls/server-certificate.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import { authenticator } from './authenticate.ts';
import { type SendPage, serveConsole } from './console-files.ts';
import { IdempotencyKeys } from './idempotency.ts';
import { API_PREFIX, mountOperations } from './mount-operations.ts';
import { answerProblem } from './problem-answers.ts';

/** What the HTTP face is made of. */
export interface AppParts {
  readonly services: Services;
  readonly underWay: BytesUnderWay;
  readonly publicUrl: string | undefined;
  readonly consoleFolder: string | undefined;
  readonly stopping: AbortSignal;
  /** Ends TLS here; plain HTTP without it. */
  readonly certificate?: ServerCertificate | undefined;
  readonly requestsPerMinute: number;
}

/** The HTTP face: operations of the protocol, OpenAPI document, metrics and console. */
export async function createApp({
  services,
  underWay,
  publicUrl,
  consoleFolder,
  stopping,
  certificate,
  requestsPerMinute,
}: AppParts): Promise<FastifyInstance> {
  const { log, metrics } = services;
  const logger: FastifyBaseLogger = log;
  const isSecure = certificate !== undefined || publicUrl?.startsWith('https:') === true;
  const options: FastifyServerOptions = {
    loggerInstance: logger,
    logController: new LogController({ disableRequestLogging: true }),
    requestIdHeader: false,
    genReqId: newUuidV7,
    exposeHeadRoutes: false,
    forceCloseConnections: 'idle',
    // A slow sender must not hold its place for ever.
    requestTimeout: 60_000,
    frameworkErrors: (error, request, reply) => answerProblem(error, request, reply, log),
  };
  const tls = certificate && { key: certificate.key, cert: certificate.chain, minVersion: 'TLSv1.2' };
  const app = fastify({ ...options, ...(tls && { https: tls }) } as FastifyServerOptions) as FastifyInstance;
  app.setErrorHandler((error, request, reply) => answerProblem(error, request, reply, log));
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    reply.header('x-content-type-options', 'nosniff');
    reply.header('referrer-policy', 'same-origin');
    reply.header('x-frame-options', 'DENY');
    reply.header('cross-origin-opener-policy', 'same-origin');
    reply.header('cross-origin-resource-policy', 'same-origin');
    reply.header('permissions-policy', 'camera=(), geolocation=(), microphone=(), payment=(), usb=()');
    // What is no page of the console shows nothing and runs nothing, should a browser open it.
    reply.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'");
    if (request.url.startsWith('/api/')) reply.header('cache-control', 'no-store');
    if (isSecure) reply.header('strict-transport-security', 'max-age=31536000');
  });
  // A form of another site can send plain text without asking; it cannot send JSON.
  app.removeContentTypeParser('text/plain');
  await app.register(cookie);
  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: () => new SentinelError('too-many-requests', 'Too many requests from this address.'),
  });
  await mountOperations(app, {
    handlers: allHandlers(services),
    authenticate: authenticator(services.control, services.door),
    door: services.door,
    channels: services.channels,
    underWay,
    idempotency: new IdempotencyKeys(services.control, services.seal),
    metrics,
    publicUrl,
    isSecure,
    requestsPerMinute,
    stopping,
  });
  mountOidc(app, services, { publicUrl, isSecure });
  await mountScim(app, services, authenticator(services.control, services.door));
  const document = JSON.stringify(openApiDocument(Object.values(operations), services.version));
  app.get(`${API_PREFIX}/openapi.json`, async (_request, reply) => reply.type('application/json').send(document));
  app.get('/metrics', async (_request, reply) =>
    reply.type(metrics.registry.contentType).send(await metrics.registry.metrics()),
  );
  answerUnknownPaths(app, consoleFolder === undefined ? undefined : await serveConsole(app, consoleFolder), services);
  return app;
}

function answerUnknownPaths(app: FastifyInstance, sendPage: SendPage | undefined, { log }: Services): void {
  const paths = Map.groupBy(
    [...Object.values(operations), { method: 'GET', path: '/openapi.json' }],
    ({ path }) => `^${API_PREFIX}${path.replaceAll(/:\w+/g, '[^/]+').replaceAll('.', '\\.')}$`,
  );
  const known = [...paths].map(([pattern, found]) => ({
    pattern: new RegExp(pattern),
    methods: found.map(({ method }) => method),
  }));
  app.setNotFoundHandler((request, reply) => {
    const path = request.url.split('?', 1)[0] ?? '';
    const methods = known.filter(({ pattern }) => pattern.test(path)).flatMap((entry) => entry.methods);
    if (methods.length > 0 && !methods.includes(request.method)) {
      reply.header('allow', [...new Set(methods)].join(', '));
      return answerProblem(
        new SentinelError('method-not-allowed', `${request.method} is not for this path.`),
        request,
        reply,
        log,
      );
    }
    const isPage = request.method === 'GET' && !path.startsWith('/api/') && !/\.\w+$/.test(path);
    if (isPage && sendPage !== undefined) return sendPage(reply);
    return answerProblem(new SentinelError('not-found', 'There is nothing at this path.'), request, reply, log);
  });
}
