import type { BundleSignature } from '@sentinel/protocol';

const MAX_SIGNATURES = 32;

/** Why the signatures of a document do not make it an operator's. */
export type SignatureRefusal = 'unsigned' | 'unknown-key' | 'bad-signature' | 'below-threshold';

/** Operators whom an endpoint believes. */
export interface OperatorTrust {
  /** Public keys, Ed25519, base64. */
  readonly keys: readonly string[];
  /** How many of them must have signed. */
  readonly threshold: number;
}

/** What is wrong with the signatures over a message; nothing when enough operators signed it. */
export async function checkSignatures(
  message: Uint8Array<ArrayBuffer>,
  signatures: readonly BundleSignature[],
  { keys, threshold }: OperatorTrust,
): Promise<{ readonly refusal: SignatureRefusal; readonly detail: string } | undefined> {
  if (signatures.length === 0) return { refusal: 'unsigned', detail: 'it bears no signature' };
  const valid = new Set<string>();
  let isKeyKnown = false;
  for (const { key, signature } of signatures.slice(0, MAX_SIGNATURES)) {
    // A key that signs twice counts once.
    if (!keys.includes(key)) continue;
    isKeyKnown = true;
    if (await isSigned(message, key, signature)) valid.add(key);
  }
  if (!isKeyKnown)
    return { refusal: 'unknown-key', detail: 'none of its signatures is by an operator that this endpoint knows' };
  if (valid.size === 0) return { refusal: 'bad-signature', detail: 'its signatures do not fit its content' };
  if (valid.size < threshold)
    return {
      refusal: 'below-threshold',
      detail: `${valid.size} of the ${threshold} operators that it takes have signed`,
    };
  return undefined;
}

/** A message behind its label, so that a signature over one kind of document is worth nothing for another. */
export function labelled(label: string, payload: Uint8Array): Uint8Array<ArrayBuffer> {
  const front = new TextEncoder().encode(label);
  const message = new Uint8Array(front.length + payload.length);
  message.set(front);
  message.set(payload, front.length);
  return message;
}

/** A value out of JSON; undefined where it is none. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Bytes of strict base64; undefined where it is none. */
export function fromBase64(text: string): Uint8Array<ArrayBuffer> | undefined {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return undefined;
  try {
    return Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
  } catch {
    return undefined;
  }
}

async function isSigned(message: Uint8Array<ArrayBuffer>, key: string, signature: string): Promise<boolean> {
  const keyBytes = fromBase64(key);
  const signatureBytes = fromBase64(signature);
  if (keyBytes?.length !== 32 || signatureBytes?.length !== 64) return false;
  try {
    const imported = await crypto.subtle.importKey('raw', keyBytes, 'Ed25519', false, ['verify']);
    return await crypto.subtle.verify('Ed25519', imported, signatureBytes, message);
  } catch {
    return false;
  }
}
