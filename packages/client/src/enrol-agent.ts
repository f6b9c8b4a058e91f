import { type EndpointFacts, keyProof } from '@sentinel/protocol';
import { type Client, createClient } from './create-client.ts';
import { RequestSigner, signedFetch } from './request-signer.ts';

/** Who enrols where. */
export interface EnrolAgentOptions {
  readonly baseUrl: string;
  readonly token: string;
  readonly endpoint: EndpointFacts;
  /** Life of the agent; a new one by default. */
  readonly bootId?: string;
  readonly fetch?: typeof fetch;
}

/** An endpoint that enrolled, with the key that only it holds. */
export interface EnrolledAgent {
  readonly endpointId: string;
  readonly keyExpiresAt: string;
  readonly key: EndpointKeyPair;
  /** `fetch` whose requests the endpoint signs. */
  readonly fetch: typeof fetch;
  readonly client: Client;
}

/** A key of an endpoint. */
export interface EndpointKeyPair {
  readonly privateKey: CryptoKey;
  /** 32 bytes in base64. */
  readonly publicKey: string;
}

/** Makes a key and enrols with it. */
export async function enrolAgent(options: EnrolAgentOptions): Promise<EnrolledAgent> {
  const { baseUrl, token, endpoint, bootId = crypto.randomUUID(), fetch: send = fetch } = options;
  const key = await makeEndpointKey();
  const enrolment = await createClient({ baseUrl, fetch: send }).enrol({
    body: { token, endpoint, publicKey: key.publicKey, proof: await proveKey(key, 'enrolment', token) },
  });
  return { ...enrolment, key, ...agentWithKey({ baseUrl, endpointId: enrolment.endpointId, key, bootId, send }) };
}

/** What an endpoint can do with its key. */
export function agentWithKey(options: {
  readonly baseUrl: string;
  readonly endpointId: string;
  readonly key: Pick<EndpointKeyPair, 'privateKey'>;
  readonly bootId: string;
  readonly send?: typeof fetch;
}): Pick<EnrolledAgent, 'fetch' | 'client'> {
  const { baseUrl, endpointId, key, bootId, send = fetch } = options;
  const signed = signedFetch(new RequestSigner({ endpointId, privateKey: key.privateKey, bootId }), send);
  return { fetch: signed, client: createClient({ baseUrl, fetch: signed }) };
}

/** A new key of an endpoint. */
export async function makeEndpointKey(): Promise<EndpointKeyPair> {
  const { privateKey, publicKey } = await crypto.subtle.generateKey('Ed25519', true, ['sign', 'verify']);
  return { privateKey, publicKey: toBase64(await crypto.subtle.exportKey('raw', publicKey)) };
}

/** Signature that shows who holds a key. @param bound - The token at an enrolment, the endpoint's id at a renewal. */
export async function proveKey(
  { privateKey, publicKey }: EndpointKeyPair,
  occasion: 'enrolment' | 'renewal',
  bound: string,
): Promise<string> {
  const text = new TextEncoder().encode(keyProof(occasion, bound, publicKey));
  return toBase64(await crypto.subtle.sign('Ed25519', privateKey, text));
}

function toBase64(bytes: ArrayBuffer): string {
  return btoa(String.fromCharCode(...new Uint8Array(bytes)));
}
