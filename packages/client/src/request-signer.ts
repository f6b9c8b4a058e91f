import { BOOT_HEADER, MAX_SEQUENCE, SEQUENCE_HEADER, signatureBase, signatureInput } from '@sentinel/protocol';

/** Times that a request is signed anew when its number turns out to be used. */
const MOST_ATTEMPTS = 4;
const API_PATH = '/api/v1/';

/** Who signs. */
export interface SignerOptions {
  readonly endpointId: string;
  /** Private key of the endpoint, Ed25519. */
  readonly privateKey: CryptoKey;
  /** Made anew at every start of the agent, so that two that live with one key can be told apart. */
  readonly bootId: string;
}

/** A request to be signed. */
interface UnsignedRequest {
  readonly method: string;
  readonly url: string;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** Signs the requests of an endpoint, each with a number of its own. Source: RFC 9421, RFC 9530. */
export class RequestSigner {
  readonly endpointId: string;
  readonly #options: SignerOptions;
  #next = 1;

  constructor(options: SignerOptions) {
    this.endpointId = options.endpointId;
    this.#options = options;
  }

  /** Headers that make the request one of this endpoint. */
  async headers({ method, url, body }: UnsignedRequest): Promise<Record<string, string>> {
    const { endpointId, privateKey, bootId } = this.#options;
    const { pathname, search } = new URL(url);
    const sequence = this.#next++;
    const contentDigest = `sha-256=:${toBase64(await crypto.subtle.digest('SHA-256', body))}:`;
    const base = signatureBase({
      method,
      // What stands before belongs to a proxy on the way.
      path: pathname.slice(Math.max(0, pathname.lastIndexOf(API_PATH))),
      query: search === '' ? '?' : search,
      contentDigest,
      bootId,
      sequence,
      endpointId,
    });
    const signature = await crypto.subtle.sign('Ed25519', privateKey, new TextEncoder().encode(base));
    return {
      'content-digest': contentDigest,
      [BOOT_HEADER]: bootId,
      [SEQUENCE_HEADER]: String(sequence),
      'signature-input': signatureInput(endpointId),
      signature: `sentinel=:${toBase64(signature)}:`,
    };
  }

  /** Goes on from a number that the server names; never back. */
  advance(next: number): void {
    if (Number.isSafeInteger(next) && next < MAX_SEQUENCE) this.#next = Math.max(this.#next, next);
  }
}

/** A `fetch` whose requests are signed; one whose number was used, as after a start of either side, is signed anew. */
export function signedFetch(signer: RequestSigner, send: typeof fetch = fetch): typeof fetch {
  return async (input, init = {}) => {
    const body = bytesOf(init.body);
    const url = input instanceof Request ? input.url : String(input);
    for (let attempt = 1; ; attempt++) {
      const signed = await signer.headers({ method: init.method ?? 'GET', url, body });
      const response = await send(url, { ...init, headers: { ...plainHeaders(init.headers), ...signed } });
      const next = response.headers.get(SEQUENCE_HEADER);
      if (response.status !== 401 || next === null || attempt === MOST_ATTEMPTS) return response;
      signer.advance(Number(next));
      await response.body?.cancel();
    }
  };
}

/** Imports a private key as `node:crypto` and WebCrypto export it. @param pkcs8 - DER. */
export function importSigningKey(pkcs8: Uint8Array<ArrayBuffer>): Promise<CryptoKey> {
  return crypto.subtle.importKey('pkcs8', pkcs8, 'Ed25519', false, ['sign']);
}

function plainHeaders(headers: RequestInit['headers']): Record<string, string> {
  return Object.fromEntries(new Headers(headers));
}

function bytesOf(body: RequestInit['body']): Uint8Array<ArrayBuffer> {
  if (body === undefined || body === null) return new Uint8Array();
  if (typeof body === 'string') return new TextEncoder().encode(body);
  if (body instanceof Uint8Array) return body as Uint8Array<ArrayBuffer>;
  throw new TypeError('only text and bytes can be signed');
}

function toBase64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}
