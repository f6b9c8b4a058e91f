import { type Client, createClient } from '@sentinel/client';
import {
  type AgentCounters,
  BatchAcknowledgement,
  type EndpointCoverage,
  type EndpointFacts,
  type Enrolment,
  errorCodes,
  operations,
  Problem,
  SentinelError,
} from '@sentinel/protocol';
import { retryAfterMs } from './back-off.ts';
import type { SpooledBatch } from './batch-file.ts';

/** What came of a request. */
export type Answer<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | Refusal
  /** Nobody answered, or somebody who is not the server. */
  | { readonly kind: 'unreachable'; readonly detail: string };

/** The server, or something on the way, refused. */
interface Refusal {
  readonly kind: 'refused';
  readonly status: number;
  /** Code of the catalogue; undefined where the answer was no problem document, so not surely the server's. */
  readonly code: string | undefined;
  readonly detail: string;
  readonly retryAfterMs: number;
}

/** Longest wait for an answer to a batch: a slow server is not a dead one. */
const BATCH_TIMEOUT_MS = 60_000;
/** Longest wait for any other answer. */
const TIMEOUT_MS = 10_000;

/** A request whose redirections are not followed: a credential is not carried to wherever they point. */
const fetchHere: typeof fetch = (input, init) => fetch(input, { ...init, redirect: 'manual' });

/** The agent's three requests, with their outcomes as values. */
export class ServerLink {
  readonly url: string;

  /** @param url - Address of the server, such as `https://sentinel.example:8443`. */
  constructor(url: string) {
    this.url = url.replace(/\/+$/, '');
  }

  /** Trades a token for an identity. */
  enrol(token: string, endpoint: EndpointFacts, signal?: AbortSignal): Promise<Answer<Enrolment>> {
    return this.#call(undefined, signal, (client, ends) => client.enrol({ body: { token, endpoint }, signal: ends }));
  }

  /** Tells that the agent lives. */
  heartbeat(
    credential: string,
    endpoint: EndpointFacts,
    counters: AgentCounters,
    coverage: EndpointCoverage | undefined,
    signal?: AbortSignal,
  ): Promise<Answer<unknown>> {
    const sentAt = new Date().toISOString();
    const body = { endpoint, counters, sentAt, ...(coverage === undefined ? {} : { coverage }) };
    return this.#call(credential, signal, (client, ends) => client.sendHeartbeat({ body, signal: ends }));
  }

  /**
   * Sends a batch, byte for byte as it was spooled: the general client would write it anew. Only an
   * answer that names this very batch counts.
   */
  async sendBatch(
    credential: string,
    batch: SpooledBatch,
    signal?: AbortSignal,
  ): Promise<Answer<BatchAcknowledgement>> {
    try {
      const response = await fetchHere(`${this.url}/api/v1${operations.sendBatch.path}`, {
        method: operations.sendBatch.method,
        headers: {
          authorization: `Bearer ${credential}`,
          'content-type': 'application/json',
          'content-encoding': 'gzip',
          accept: 'application/json',
        },
        body: new Uint8Array(batch.body),
        signal: endsWith(BATCH_TIMEOUT_MS, signal),
      });
      const parsed = parseJson(await response.text());
      return response.ok ? readAcknowledgement(parsed, batch) : readRefusal(parsed, response);
    } catch (error) {
      return { kind: 'unreachable', detail: reasonOf(error) };
    }
  }

  async #call<T>(
    credential: string | undefined,
    signal: AbortSignal | undefined,
    request: (client: Client, signal: AbortSignal) => Promise<T>,
  ): Promise<Answer<T>> {
    const client = createClient({
      baseUrl: this.url,
      fetch: fetchHere,
      ...(credential === undefined ? {} : { credential }),
    });
    try {
      return { kind: 'ok', value: await request(client, endsWith(TIMEOUT_MS, signal)) };
    } catch (error) {
      if (!(error instanceof SentinelError) || errorCodes[error.code].status >= 500) {
        return { kind: 'unreachable', detail: reasonOf(error) };
      }
      const { status } = errorCodes[error.code];
      return { kind: 'refused', status, code: error.code, detail: error.message, retryAfterMs: 0 };
    }
  }
}

function readAcknowledgement(parsed: unknown, batch: SpooledBatch): Answer<BatchAcknowledgement> {
  const acknowledgement = BatchAcknowledgement.safeParse(parsed).data;
  if (acknowledgement === undefined) return { kind: 'unreachable', detail: 'what answered is not the server' };
  const isOurs = acknowledgement.spoolId === batch.spoolId && acknowledgement.sequence === batch.sequence;
  if (!isOurs) return { kind: 'unreachable', detail: 'the answer acknowledges another batch' };
  return { kind: 'ok', value: acknowledgement };
}

function readRefusal(parsed: unknown, response: Response): Refusal {
  const problem = Problem.safeParse(parsed).data;
  return {
    kind: 'refused',
    status: response.status,
    code: problem?.code,
    detail: problem?.detail ?? `status ${response.status}`,
    retryAfterMs: retryAfterMs(response.headers.get('retry-after'), Date.now()),
  };
}

function endsWith(timeoutMs: number, signal: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(timeoutMs);
  return signal === undefined ? timeout : AbortSignal.any([timeout, signal]);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The innermost cause: `fetch` itself says only "fetch failed". */
function reasonOf(error: unknown): string {
  let inner = error as Error;
  while (inner.cause instanceof Error) inner = inner.cause;
  return inner.message === '' ? ((inner as NodeJS.ErrnoException).code ?? 'no answer') : inner.message;
}
