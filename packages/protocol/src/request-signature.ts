/** Headers of a signed request besides those of the standards. */
export const BOOT_HEADER = 'sentinel-boot';
/** Number of the request; in a refusal of a used one, the next free number. */
export const SEQUENCE_HEADER = 'sentinel-sequence';

/** Largest number of a request: what a double holds exactly, with room to go on. */
export const MAX_SEQUENCE = 2 ** 52;

/** What of a request an endpoint signs. */
export interface SignedParts {
  readonly method: string;
  /** Path from `/api/v1` on, as the server sees it. */
  readonly path: string;
  /** Query with its question mark; a question mark alone where there is none. */
  readonly query: string;
  /** Value of `Content-Digest`. */
  readonly contentDigest: string;
  readonly bootId: string;
  readonly sequence: number;
  readonly endpointId: string;
}

/**
 * Value of `Signature-Input`. Every request signs the same components, so there is nothing to negotiate and nothing to leave out.
 * Source: RFC 9421, 2.5 and 3.1.
 */
export function signatureInput(endpointId: string): string {
  return `sentinel=${parameters(endpointId)}`;
}

/** Text that is signed. Source: RFC 9421, 2.5. */
export function signatureBase(parts: SignedParts): string {
  return [
    `"@method": ${parts.method}`,
    `"@path": ${parts.path}`,
    `"@query": ${parts.query}`,
    `"content-digest": ${parts.contentDigest}`,
    `"${BOOT_HEADER}": ${parts.bootId}`,
    `"${SEQUENCE_HEADER}": ${parts.sequence}`,
    `"@signature-params": ${parameters(parts.endpointId)}`,
  ].join('\n');
}

/** Text by which an endpoint proves that it holds the private half of a key that it brings. */
export function keyProof(occasion: 'enrolment' | 'renewal', bound: string, publicKey: string): string {
  return `sentinel ${occasion} 1\n${bound}\n${publicKey}`;
}

function parameters(endpointId: string): string {
  return `("@method" "@path" "@query" "content-digest" "${BOOT_HEADER}" "${SEQUENCE_HEADER}");keyid="${endpointId}";alg="ed25519"`;
}
