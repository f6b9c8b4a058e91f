import { createHash, createPublicKey, type KeyObject, randomUUID, verify } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gunzipSync } from 'node:zlib';
import {
  Activity,
  Batch,
  BOOT_HEADER,
  EnrolmentRequest,
  type ErrorCode,
  Run,
  SEQUENCE_HEADER,
  SentinelError,
  signatureBase,
} from '@sentinel/protocol';

/** How the server behaves. */
export type ServerMode =
  | 'ok'
  | 'down'
  | 'unavailable'
  | 'portal'
  | 'ack-lost'
  | 'unauthorised'
  | 'malformed'
  | 'conflict'
  | 'other-ack';

/** A row as the store keeps it: the highest revision wins, whatever the order. */
export type StoredRow = Run | Activity;

/** A receiver that really speaks the protocol and really keeps the rows. */
export class ReceivingServer {
  mode: ServerMode = 'ok';
  /** Answers 413 to batches with more rows. */
  maxRows = Number.POSITIVE_INFINITY;
  retryAfter: string | undefined;
  readonly rows = new Map<string, StoredRow>();
  readonly batches = new Map<string, number>();
  readonly problems: string[] = [];
  enrolments = 0;
  heartbeats = 0;
  /** Body of the last heartbeat. */
  lastHeartbeat: unknown;
  requests = 0;
  duplicates = 0;
  url = '';
  readonly #server: Server;
  #endpointId = '';
  #key: KeyObject | undefined;
  readonly #sequences = new Set<string>();

  private constructor() {
    this.#server = createServer((request, response) => {
      this.#answer(request, response).catch((error: unknown) => {
        this.problems.push(String(error));
        response.destroy();
      });
    });
  }

  static async start(): Promise<ReceivingServer> {
    const server = new ReceivingServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    server.url = `http://127.0.0.1:${(server.#server.address() as AddressInfo).port}`;
    return server;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Makes the key that was brought so far worthless. */
  forgetEndpoint(): void {
    this.#key = undefined;
  }

  get runs(): Run[] {
    return [...this.rows.values()].filter((row): row is Run => 'script' in row);
  }

  get activities(): Activity[] {
    return [...this.rows.values()].filter((row): row is Activity => 'runId' in row);
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const raw = Buffer.concat(parts);
    this.requests++;
    if (this.mode === 'down') {
      response.destroy();
      return;
    }
    if (this.mode === 'portal') {
      response
        .writeHead(200, { 'content-type': 'text/html' })
        .end('<html><body>Please sign in to the hotel network</body></html>');
      return;
    }
    if (this.mode === 'unavailable') return this.#refuse(response, 'store-unavailable');
    if (request.url === '/api/v1/enrolments') return this.#enrol(raw, response);
    if (!this.#isSigned(request, raw) || this.mode === 'unauthorised') return this.#refuse(response, 'not-signed-in');
    if (request.url === '/api/v1/heartbeats') {
      this.heartbeats++;
      this.lastHeartbeat = JSON.parse(raw.toString());
      return reply(response, { serverTime: new Date().toISOString() });
    }
    if (request.url === '/api/v1/vault/wanted')
      return reply(response, { wanted: [], fingerprintKey: Buffer.alloc(32).toString('base64'), maxSourceBytes: 1024 });
    if (request.url !== '/api/v1/batches') return this.#refuse(response, 'not-found');
    return this.#store(request, raw, response);
  }

  #enrol(raw: Buffer, response: ServerResponse): void {
    const { token, publicKey } = EnrolmentRequest.parse(JSON.parse(raw.toString()));
    if (token !== 'good') return this.#refuse(response, 'enrolment-refused');
    this.enrolments++;
    const x = Buffer.from(publicKey, 'base64').toString('base64url');
    this.#key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
    this.#endpointId = randomUUID();
    reply(response, { endpointId: this.#endpointId, keyExpiresAt: '2099-01-01T00:00:00.000Z' });
  }

  /** Whether the endpoint signed it: number, digest and all. */
  #isSigned({ method = '', url = '', headers }: IncomingMessage, raw: Buffer): boolean {
    const bootId = String(headers[BOOT_HEADER]);
    const sequence = Number(headers[SEQUENCE_HEADER]);
    const contentDigest = `sha-256=:${createHash('sha256').update(raw).digest('base64')}:`;
    const signature = /^sentinel=:(.*):$/.exec(String(headers['signature']))?.[1] ?? '';
    if (this.#key === undefined || headers['content-digest'] !== contentDigest) return false;
    // A number counts once a life of the agent here; the real server keeps one count over all of them.
    const number = `${this.#endpointId} ${bootId} ${sequence}`;
    if (this.#sequences.has(number)) return false;
    this.#sequences.add(number);
    const parts = { method, path: url, query: '?', contentDigest, bootId, sequence, endpointId: this.#endpointId };
    return verify(null, Buffer.from(signatureBase(parts)), this.#key, Buffer.from(signature, 'base64'));
  }

  #store(request: IncomingMessage, raw: Buffer, response: ServerResponse): void {
    if (request.headers['content-encoding'] !== 'gzip') this.problems.push('a batch came without gzip');
    const parsed = Batch.safeParse(JSON.parse(gunzipSync(raw).toString()));
    if (!parsed.success) this.problems.push(parsed.error.message);
    const batch = parsed.data;
    if (batch === undefined || this.mode === 'malformed') return this.#refuse(response, 'malformed-batch');
    if (this.mode === 'conflict') return this.#refuse(response, 'batch-conflict');
    const rows = [...batch.runs, ...batch.activities];
    if (rows.length > this.maxRows) return this.#refuse(response, 'too-large');
    const key = `${batch.spoolId}/${batch.sequence}`;
    const isDuplicate = this.batches.has(key);
    if (isDuplicate) this.duplicates++;
    this.batches.set(key, rows.length);
    for (const row of rows) this.#replace(row);
    if (this.mode === 'ack-lost') {
      response.destroy();
      return;
    }
    reply(response, {
      spoolId: batch.spoolId,
      sequence: this.mode === 'other-ack' ? batch.sequence + 1 : batch.sequence,
      status: isDuplicate ? 'duplicate' : 'stored',
      rowsStored: rows.length,
      rowsSetAside: 0,
    });
  }

  #replace(row: StoredRow): void {
    const key = 'runId' in row ? `${row.runId}/${row.id}` : row.id;
    const known = this.rows.get(key);
    if (known === undefined || row.revision > known.revision) this.rows.set(key, row);
    else if (row.revision === known.revision && JSON.stringify(row) !== JSON.stringify(known)) {
      this.problems.push(`two contents for revision ${row.revision} of ${key}`);
    }
  }

  #refuse(response: ServerResponse, code: ErrorCode): void {
    const problem = new SentinelError(code, 'by test').toProblem();
    response.writeHead(problem.status, {
      'content-type': 'application/problem+json',
      ...(this.retryAfter === undefined ? {} : { 'retry-after': this.retryAfter }),
    });
    response.end(JSON.stringify(problem));
  }
}

function reply(response: ServerResponse, body: unknown): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}
