import { createHash, createPublicKey, type KeyObject, sign, verify } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import { z } from 'zod';
import { AdvisoryData } from './advisory-data.ts';

/** First line of a bundle. */
const MAGIC = 'sentinel-advisories 1';
/** Bounds on what is unpacked before anything is believed. */
const MAX_HEADER_BYTES = 64 * 1024;
const MAX_DATA_BYTES = 512 * 1024 * 1024;

/** What a bundle says of itself; signed. */
export const BundleManifest = z.object({
  /** Rises with each bundle of one maker: seconds since 1970 when it was made. */
  sequence: z.int().nonnegative(),
  madeAt: z.iso.datetime(),
  /** Day of the oldest part: later facts are not surely known. */
  dataDate: z.iso.date().optional(),
  counts: z.object({
    packages: z.int().nonnegative(),
    advisories: z.int().nonnegative(),
    malicious: z.int().nonnegative(),
    knownExploited: z.int().nonnegative(),
    withEpss: z.int().nonnegative(),
    names: z.int().nonnegative(),
  }),
  /** Who made the data; shown wherever the licence of a source asks for it. */
  attributions: z.array(z.string()),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
export type BundleManifest = z.infer<typeof BundleManifest>;

/** A bundle that was verified. */
export interface OpenedBundle {
  readonly manifest: BundleManifest;
  readonly data: AdvisoryData;
}

/** Why a bundle is not believed. */
export class BundleRefused extends Error {
  override readonly name = 'BundleRefused';
}

/** Public key as 44 characters of base64, the form in which people pass it on. */
export function publicKeyText(key: KeyObject): string {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  const { x } = publicKey.export({ format: 'jwk' });
  return Buffer.from(x ?? '', 'base64url').toString('base64');
}

/** The public key of its base64 form; undefined where it is not one. */
export function publicKeyOf(text: string): KeyObject | undefined {
  const bytes = fromBase64(text.trim());
  if (bytes?.length !== 32) return undefined;
  return createPublicKey({ format: 'jwk', key: { kty: 'OKP', crv: 'Ed25519', x: bytes.toString('base64url') } });
}

/**
 * A bundle: three lines (format, manifest, key and signature over the two lines before), then the data as gzip JSON. The
 * manifest holds the data's hash.
 */
export function writeBundle(
  data: AdvisoryData,
  details: Pick<BundleManifest, 'madeAt' | 'counts' | 'attributions' | 'dataDate'>,
  key: KeyObject,
): Buffer {
  const payload = gzipSync(JSON.stringify(data), { level: 9 });
  const manifest: BundleManifest = BundleManifest.parse({
    sequence: Math.floor(Date.parse(details.madeAt) / 1_000),
    ...details,
    sha256: hashOf(payload),
  });
  const signed = `${MAGIC}\n${JSON.stringify(manifest)}\n`;
  const signature = sign(null, Buffer.from(signed), key).toString('base64');
  return Buffer.concat([Buffer.from(`${signed}${publicKeyText(key)} ${signature}\n`), payload]);
}

/**
 * Opens a bundle that one of the trusted keys signed.
 *
 * @param trusted Public keys in base64.
 * @throws {BundleRefused} when it is not one, was changed, or another key signed it.
 */
export function openBundle(bundle: Buffer, trusted: readonly string[]): OpenedBundle {
  const { manifest, key, payload } = readHeader(bundle);
  if (!trusted.includes(key)) throw new BundleRefused(`it is signed by ${key}, which is not trusted here`);
  if (hashOf(payload) !== manifest.sha256) throw new BundleRefused('its data was changed or cut off');
  try {
    const text = gunzipSync(payload, { maxOutputLength: MAX_DATA_BYTES }).toString('utf8');
    return { manifest, data: AdvisoryData.parse(JSON.parse(text)) };
  } catch (error) {
    throw new BundleRefused('its data cannot be read by this version of Sentinel', { cause: error });
  }
}

/** Header of a bundle whose signature fits the key that it names; says nothing on whether that key is trusted. */
function readHeader(bundle: Buffer): { manifest: BundleManifest; key: string; payload: Buffer } {
  const ends: number[] = [];
  for (let at = -1; ends.length < 3; ) {
    at = bundle.indexOf(10, at + 1);
    if (at === -1 || at > MAX_HEADER_BYTES) throw new BundleRefused('it is not a bundle of advisories');
    ends.push(at);
  }
  const [first = 0, second = 0, third = 0] = ends;
  if (bundle.toString('utf8', 0, first) !== MAGIC) throw new BundleRefused('it is not a bundle of advisories');
  const [key = '', signature = ''] = bundle.toString('utf8', second + 1, third).split(' ');
  const publicKey = publicKeyOf(key);
  const signatureBytes = fromBase64(signature);
  const isGenuine =
    publicKey !== undefined &&
    signatureBytes !== undefined &&
    verify(null, bundle.subarray(0, second + 1), publicKey, signatureBytes);
  if (!isGenuine) throw new BundleRefused('its signature does not fit');
  const manifest = BundleManifest.safeParse(jsonOf(bundle.toString('utf8', first + 1, second)));
  if (!manifest.success) throw new BundleRefused('its manifest cannot be read by this version of Sentinel');
  return { manifest: manifest.data, key, payload: bundle.subarray(third + 1) };
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** Bytes of base64 in its only canonical form; undefined for any other text. */
function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  return bytes.toString('base64') === text ? bytes : undefined;
}

function hashOf(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
