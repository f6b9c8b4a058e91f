import { type Client, createClient, type RequestSigner, signedFetch } from '@sentinel/client';
import {
  type ActionResult,
  type AgentCounters,
  type AgentHealth,
  BatchAcknowledgement,
  type CollectedScript,
  type EndpointCoverage,
  type EndpointFacts,
  type Enrolment,
  type EnrolmentRequest,
  errorCodes,
  operations,
  type PolicyShares,
  Problem,
  type SampledFile,
  type ScriptFacts,
  SentinelError,
  type SignedAction,
  type SignedPolicyBundle,
  type TrustReport,
} from '@sentinel/protocol';
import { retryAfterMs } from './back-off.ts';
import type { SpooledBatch } from './batch-file.ts';
import { trustPinned } from './server-pin.ts';

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

/** Longest wait for a large answer, such as a policy bundle. */
const LARGE_TIMEOUT_MS = 60_000;

/** What a heartbeat says. */
export interface Beat {
  readonly endpoint: EndpointFacts;
  readonly counters: AgentCounters;
  readonly coverage: EndpointCoverage | undefined;
  readonly health: AgentHealth;
  readonly trust: TrustReport;
}

/** What the answer to a heartbeat says. */
export interface BeatAnswer {
  readonly policyVersion?: number | undefined;
  readonly shares: PolicyShares;
  readonly openActions: number;
}

/** The agent's requests, with their outcomes as values. */
export class ServerLink {
  readonly url: string;

  readonly #pin: string | undefined;
  #pinned: Promise<void> | undefined;

  /**
   * @param url - Address of the server, such as `https://sentinel.example:8443`.
   * @param pin - Hash of the certificate that the server must show; without it the authorities of the system count.
   */
  constructor(url: string, pin?: string) {
    this.url = url.replace(/\/+$/, '');
    this.#pin = pin;
  }

  /** A request to who is pinned. Redirections are not followed: what is signed goes where it was meant to. */
  readonly #fetch: typeof fetch = async (input, init) => {
    if (this.#pin !== undefined) {
      this.#pinned ??= trustPinned(this.url, this.#pin).catch((error: unknown) => {
        this.#pinned = undefined;
        throw error;
      });
      await this.#pinned;
    }
    return fetch(input, { ...init, redirect: 'manual' });
  };

  /** Trades a token for an identity. */
  enrol(body: EnrolmentRequest, signal?: AbortSignal): Promise<Answer<Enrolment>> {
    return this.#call(undefined, signal, (client, ends) => client.enrol({ body, signal: ends }));
  }

  /** Puts a new key in the place of the one that signs this request. */
  renewKey(
    signer: RequestSigner,
    body: { publicKey: string; proof: string },
    signal?: AbortSignal,
  ): Promise<Answer<Enrolment>> {
    return this.#call(signer, signal, (client, ends) => client.renewKey({ body, signal: ends }));
  }

  /** The newest policy bundle above a version, where there is one. */
  getBundle(
    signer: RequestSigner,
    above: number,
    signal?: AbortSignal,
  ): Promise<Answer<{ signed?: SignedPolicyBundle | undefined }>> {
    return this.#call(
      signer,
      signal,
      (client, ends) => client.getBundle({ query: { above }, signal: ends }),
      LARGE_TIMEOUT_MS,
    );
  }

  /** Actions that wait for this endpoint. */
  listOpenActions(signer: RequestSigner, signal?: AbortSignal): Promise<Answer<{ items: SignedAction[] }>> {
    return this.#call(signer, signal, (client, ends) => client.listOpenActions({ signal: ends }));
  }

  /** Tells what came of an action. */
  reportAction(
    signer: RequestSigner,
    actionId: string,
    body: ActionResult,
    signal?: AbortSignal,
  ): Promise<Answer<unknown>> {
    return this.#call(signer, signal, (client, ends) =>
      client.reportAction({ params: { actionId }, body, signal: ends }),
    );
  }

  /** Opens the channel: the answer's body goes on until either side ends it. */
  async openChannel(signer: RequestSigner, signal: AbortSignal): Promise<Answer<ReadableStream<Uint8Array>>> {
    try {
      const { path, method } = operations.openChannel;
      const response = await signedFetch(signer, this.#fetch)(`${this.url}/api/v1${path}`, {
        method,
        headers: { accept: 'text/event-stream' },
        signal,
      });
      const isChannel = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
      if (response.ok && isChannel && response.body !== null) return { kind: 'ok', value: response.body };
      if (response.ok) return { kind: 'unreachable', detail: 'what answered is not the server' };
      return readRefusal(parseJson(await response.text()), response);
    } catch (error) {
      return { kind: 'unreachable', detail: reasonOf(error) };
    }
  }

  /** Tells that the agent lives. */
  heartbeat(
    signer: RequestSigner,
    { endpoint, counters, coverage, trust, health }: Beat,
    signal?: AbortSignal,
  ): Promise<Answer<BeatAnswer>> {
    const sentAt = new Date().toISOString();
    const body = { endpoint, counters, trust, health, sentAt, ...(coverage === undefined ? {} : { coverage }) };
    return this.#call(signer, signal, (client, ends) => client.sendHeartbeat({ body, signal: ends }));
  }

  /** Asks which versions of scripts the vault lacks. */
  listWantedScripts(
    signer: RequestSigner,
    candidates: readonly { sha256: string; isLibrary: boolean; sizeBytes?: number }[],
    signal?: AbortSignal,
  ): Promise<Answer<{ wanted: readonly string[]; fingerprintKey: string; maxSourceBytes: number }>> {
    const body = { candidates: [...candidates] };
    return this.#call(signer, signal, (client, ends) => client.listWantedScripts({ body, signal: ends }));
  }

  /** Hands a version of a script to the vault. */
  storeScript(signer: RequestSigner, script: CollectedScript, signal?: AbortSignal): Promise<Answer<unknown>> {
    return this.#call(signer, signal, (client, ends) => client.storeScript({ body: script, signal: ends }));
  }

  /** Asks of which versions of scripts the server knows nothing. */
  askScriptFacts(
    signer: RequestSigner,
    sha256: readonly string[],
    signal?: AbortSignal,
  ): Promise<Answer<{ wanted: string[]; fingerprintKey: string }>> {
    const body = { sha256: [...sha256] };
    return this.#call(signer, signal, (client, ends) => client.askScriptFacts({ body, signal: ends }));
  }

  /** Tells what analysis says of versions of scripts. */
  sendScriptFacts(
    signer: RequestSigner,
    facts: readonly ScriptFacts[],
    signal?: AbortSignal,
  ): Promise<Answer<unknown>> {
    return this.#call(signer, signal, (client, ends) =>
      client.sendScriptFacts({ body: { facts: [...facts] }, signal: ends }),
    );
  }

  /** Asks which data files this endpoint may look into. */
  askDataSamples(
    signer: RequestSigner,
    paths: readonly string[],
    signal?: AbortSignal,
  ): Promise<Answer<{ wanted: string[] }>> {
    return this.#call(signer, signal, (client, ends) =>
      client.askDataSamples({ body: { paths: [...paths] }, signal: ends }),
    );
  }

  /** Tells which kinds data files hold. */
  sendDataSamples(
    signer: RequestSigner,
    files: readonly SampledFile[],
    signal?: AbortSignal,
  ): Promise<Answer<unknown>> {
    return this.#call(signer, signal, (client, ends) =>
      client.sendDataSamples({ body: { files: [...files] }, signal: ends }),
    );
  }

  /** Asks which copies of labelled data to look for. */
  listLeftFiles(signer: RequestSigner, signal?: AbortSignal): Promise<Answer<{ paths: string[] }>> {
    return this.#call(signer, signal, (client, ends) => client.listLeftFiles({ signal: ends }));
  }

  /** Tells which of them are still there. */
  tellLeftFiles(
    signer: RequestSigner,
    body: { readonly there: string[]; readonly gone: string[] },
    signal?: AbortSignal,
  ): Promise<Answer<unknown>> {
    return this.#call(signer, signal, (client, ends) => client.tellLeftFiles({ body, signal: ends }));
  }

  /**
   * Sends a batch, byte for byte as it was spooled: the general client would write it anew. Only an
   * answer that names this very batch counts.
   */
  async sendBatch(
    signer: RequestSigner,
    batch: SpooledBatch,
    signal?: AbortSignal,
  ): Promise<Answer<BatchAcknowledgement>> {
    try {
      const response = await signedFetch(signer, this.#fetch)(`${this.url}/api/v1${operations.sendBatch.path}`, {
        method: operations.sendBatch.method,
        headers: {
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
    signer: RequestSigner | undefined,
    signal: AbortSignal | undefined,
    request: (client: Client, signal: AbortSignal) => Promise<T>,
    timeoutMs = TIMEOUT_MS,
  ): Promise<Answer<T>> {
    const send = signer === undefined ? this.#fetch : signedFetch(signer, this.#fetch);
    const client = createClient({ baseUrl: this.url, fetch: send });
    try {
      return { kind: 'ok', value: await request(client, endsWith(timeoutMs, signal)) };
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
