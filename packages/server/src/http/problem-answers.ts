import { type ErrorCode, SEQUENCE_HEADER, SentinelError } from '@sentinel/protocol';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Logger } from 'pino';
import { SequenceUsed } from '../channel/agent-door.ts';
import { ControlStoreFailure } from '../store/control-store-failure.ts';

/** Seconds after which a caller may try again. */
const RETRY_AFTER_S: Partial<Record<ErrorCode, number>> = {
  overloaded: 2,
  'store-unavailable': 5,
  internal: 10,
  'too-many-requests': 30,
};

/** What Fastify's own errors mean here. */
const FRAMEWORK_CODES: Readonly<Record<string, ErrorCode>> = {
  FST_ERR_CTP_BODY_TOO_LARGE: 'too-large',
  FST_ERR_CTP_INVALID_MEDIA_TYPE: 'unsupported-media',
};

/** Answers with problem details. An error that nobody foresaw is logged and told as `internal`, without its text. */
export function answerProblem(error: unknown, request: FastifyRequest, reply: FastifyReply, log: Logger): void {
  const known = toSentinelError(error);
  const problem = known.toProblem(request.id);
  if (problem.status >= 500) {
    const route = request.routeOptions.url;
    log[known.code === 'internal' ? 'error' : 'warn'](
      { err: error, cause: causeOf(error), requestId: request.id, route },
      'request failed',
    );
  }
  if (error instanceof SequenceUsed) reply.header(SEQUENCE_HEADER, error.next);
  const retryAfter = RETRY_AFTER_S[known.code];
  if (retryAfter !== undefined && !reply.hasHeader('retry-after')) reply.header('retry-after', retryAfter);
  void reply
    .code(problem.status)
    .type('application/problem+json')
    .send(Buffer.from(JSON.stringify(problem)));
}

function toSentinelError(error: unknown): SentinelError {
  if (error instanceof SentinelError) return error;
  const { code, statusCode, errcode } = error as { code?: string; statusCode?: number; errcode?: number };
  const framework = code === undefined ? undefined : FRAMEWORK_CODES[code];
  if (framework === 'too-large') return new SentinelError('too-large', 'The body is larger than this operation takes.');
  if (framework !== undefined) return new SentinelError(framework, 'The content type is not taken here.');
  if (errcode !== undefined || (error instanceof ControlStoreFailure && error.isPassing))
    return new SentinelError('store-unavailable', 'The control store does not answer right now.', { cause: error });
  if (statusCode !== undefined && statusCode >= 400 && statusCode < 500)
    return new SentinelError('bad-request', 'The request is not well formed.');
  return new SentinelError('internal', 'The server failed on this request.', { cause: error });
}

function causeOf(error: unknown): string | undefined {
  return error instanceof Error && error.cause instanceof Error ? error.cause.message : undefined;
}
