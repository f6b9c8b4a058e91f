import { createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { Release, SignedRelease } from '@sentinel/protocol';

/** Keeps a signature over a release from being one over anything else. */
const PREFIX = Buffer.from('sentinel-release-v1\n');
/** DER of an Ed25519 public key, up to its 32 bytes. Source: RFC 8410, section 4. */
const SPKI_PREFIX = Buffer.from('302a300506032b6570032100', 'hex');

/** Signs what a release is. */
export function signRelease(release: Release, key: KeyObject): SignedRelease {
  const payload = Buffer.from(JSON.stringify(release));
  return {
    payload: payload.toString('base64'),
    key: createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64'),
    signature: sign(null, Buffer.concat([PREFIX, payload]), key).toString('base64'),
  };
}

/**
 * What a signed release says, once its signature is that of a trusted key.
 * @param text - Content of a `.release` file.
 * @throws Error with a sentence that says what is wrong.
 */
export function readRelease(text: string, trustedKey: string): Release {
  const signed = SignedRelease.safeParse(parseJson(text)).data;
  if (signed === undefined) throw new Error('it is no signed release');
  if (signed.key !== trustedKey) throw new Error('it is signed by a key that is not trusted here');
  const payload = Buffer.from(signed.payload, 'base64');
  const key = createPublicKey({
    key: Buffer.concat([SPKI_PREFIX, Buffer.from(trustedKey, 'base64')]),
    format: 'der',
    type: 'spki',
  });
  if (!verify(null, Buffer.concat([PREFIX, payload]), key, Buffer.from(signed.signature, 'base64')))
    throw new Error('its signature is wrong');
  const release = Release.safeParse(parseJson(payload.toString('utf8'))).data;
  if (release === undefined) throw new Error('it was signed in a form that this version does not know');
  return release;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
