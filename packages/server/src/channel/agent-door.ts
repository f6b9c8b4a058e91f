import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import {
  BOOT_HEADER,
  MAX_SEQUENCE,
  SEQUENCE_HEADER,
  SentinelError,
  signatureBase,
  signatureInput,
} from '@sentinel/protocol';
import type { FastifyRequest } from 'fastify';
import type { Signals } from '../live/signals.ts';
import type { ControlStore } from '../store/control-store.ts';
import { findEndpointKey, RENEWAL_GRACE_MS } from '../store/endpoint-key.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import { SequenceGuard } from './sequence-guard.ts';

/** Topic on which servers hear that an endpoint has another key; the body is its id. */
export const KEY_TOPIC = 'endpoint-key';

const UUID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SIGNATURE = /^sentinel=:([A-Za-z0-9+/]{86}==):$/;
const DIGEST = /^sha-256=:([A-Za-z0-9+/]{43}=):$/;
const KEY_KEPT_MS = 60_000;
/** A key that does not fit is read again no sooner: another server may have taken a new one, its signal lost. */
const READ_AGAIN_MS = 1000;
const MOST_KEYS = 50_000;
const API_PREFIX = '/api/v1/';

/** An agent whose request was checked. */
export interface KnownAgent {
  readonly endpointId: string;
  /** Life of the agent, from start to start. */
  readonly bootId: string;
}

/** A request whose number was used before; the answer names the next free one. */
export class SequenceUsed extends SentinelError {
  readonly next: number;

  constructor(next: number) {
    super('sequence-used', 'A request with this number, or a later one, was taken before.');
    this.next = next;
  }
}

interface KeptKey {
  readonly key: KeyObject;
  readonly expiresAtMs: number;
  readonly readAtMs: number;
}

/** Lets in the requests that an enrolled endpoint signed, each once. Source: RFC 9421, RFC 9530. */
export class AgentDoor {
  readonly #control: ControlStore;
  readonly #sequences: SequenceGuard;
  readonly #keys = new Map<string, KeptKey>();
  readonly #digests = new WeakMap<FastifyRequest, string>();

  constructor(control: ControlStore, signals: Signals) {
    this.#control = control;
    this.#sequences = new SequenceGuard(control, newUuidV7());
    signals.subscribe(KEY_TOPIC, (endpointId) => this.#keys.delete(endpointId));
  }

  /** Whether a request bears a signature at all. */
  isSigned(request: FastifyRequest): boolean {
    return request.headers['signature-input'] !== undefined;
  }

  /**
   * Checks everything but the body, before a byte of it is read.
   * @throws SentinelError `not-signed-in` for all that is wrong with the signature, `sequence-used` for a replay.
   */
  async check(request: FastifyRequest): Promise<KnownAgent> {
    const parts = readHeaders(request);
    if (parts === undefined) throw refused();
    const { endpointId, bootId, sequence, contentDigest, signature } = parts;
    const url = request.raw.url ?? '';
    const at = url.indexOf('?');
    const path = at === -1 ? url : url.slice(0, at);
    const base = signatureBase({
      method: request.method,
      path: path.slice(Math.max(0, path.lastIndexOf(API_PREFIX))),
      query: at === -1 ? '?' : url.slice(at),
      contentDigest,
      bootId,
      sequence,
      endpointId,
    });
    const known = await this.#verified(endpointId, Buffer.from(base), signature);
    const isRenewal = request.routeOptions.url === '/api/v1/endpoint-key';
    if (Date.now() > known.expiresAtMs + (isRenewal ? RENEWAL_GRACE_MS : 0))
      throw new SentinelError('not-signed-in', 'The key of this endpoint is over; it must be renewed.');
    const next = await this.#sequences.take(endpointId, sequence);
    if (next !== undefined) throw new SequenceUsed(next);
    this.#digests.set(request, contentDigest);
    return { endpointId, bootId };
  }

  /**
   * Checks that a body is the one that was signed, before anything is done with it.
   * @throws SentinelError `not-signed-in` if it is another.
   */
  checkBody(request: FastifyRequest, body: Uint8Array): void {
    const expected = this.#digests.get(request);
    if (expected === undefined) return;
    const found = `sha-256=:${createHash('sha256').update(body).digest('base64')}:`;
    if (found !== expected) throw refused();
  }

  async #verified(endpointId: string, base: Uint8Array, signature: Uint8Array): Promise<KeptKey> {
    const kept = this.#keys.get(endpointId);
    const ageMs = kept === undefined ? Number.POSITIVE_INFINITY : Date.now() - kept.readAtMs;
    if (kept !== undefined && ageMs < KEY_KEPT_MS && verify(null, base, kept.key, signature)) return kept;
    // Whoever guesses makes the store work once a second, not once a guess.
    if (ageMs < READ_AGAIN_MS) throw refused();
    const read = await this.#readKey(endpointId);
    if (read === undefined || !verify(null, base, read.key, signature)) throw refused();
    return read;
  }

  async #readKey(endpointId: string): Promise<KeptKey | undefined> {
    const found = await findEndpointKey(this.#control, endpointId);
    this.#keys.delete(endpointId);
    if (found === undefined) return undefined;
    const kept = { key: importKey(found.publicKey), expiresAtMs: found.expiresAtMs, readAtMs: Date.now() };
    this.#keys.set(endpointId, kept);
    if (this.#keys.size > MOST_KEYS) {
      const [oldest] = this.#keys.keys();
      if (oldest !== undefined) this.#keys.delete(oldest);
    }
    return kept;
  }
}

/** A public key, 32 bytes in base64. @throws if it is none. Source: RFC 8037, 2. */
export function importKey(publicKey: string): KeyObject {
  const x = Buffer.from(publicKey, 'base64').toString('base64url');
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
}

/** Whether the holder of a private key signed a text, or bytes. */
export function isProven(publicKey: string, message: string | Uint8Array, proof: string): boolean {
  try {
    return verify(null, Buffer.from(message), importKey(publicKey), Buffer.from(proof, 'base64'));
  } catch {
    return false;
  }
}

function readHeaders({ headers }: FastifyRequest) {
  const one = (name: string) => {
    const value = headers[name];
    return typeof value === 'string' ? value : '';
  };
  const input = one('signature-input');
  const endpointId = /;keyid="([0-9a-f-]{36})";/.exec(input)?.[1] ?? '';
  const bootId = one(BOOT_HEADER);
  const sequence = /^[1-9]\d{0,15}$/.test(one(SEQUENCE_HEADER)) ? Number(one(SEQUENCE_HEADER)) : 0;
  const signature = SIGNATURE.exec(one('signature'))?.[1];
  const contentDigest = one('content-digest');
  const isWhole =
    UUID.test(endpointId) &&
    input === signatureInput(endpointId) &&
    UUID.test(bootId) &&
    sequence > 0 &&
    sequence < MAX_SEQUENCE &&
    DIGEST.test(contentDigest);
  if (!isWhole || signature === undefined) return undefined;
  return { endpointId, bootId, sequence, contentDigest, signature: Buffer.from(signature, 'base64') };
}

/** One answer for everything that is wrong, so that nothing can be learnt from it. */
function refused(): SentinelError {
  return new SentinelError('not-signed-in', 'This needs a request that an enrolled endpoint signed.');
}
