import { type KeyObject, sign, verify } from 'node:crypto';
import { RuleOverlay } from '@sentinel/protocol';
import { publicKeyOf, publicKeyText } from '../advisories/bundle.ts';

const MAGIC = 'sentinel-pack 1';
const MAX_BYTES = 16 * 1024 * 1024;

/** Why a pack is not used. */
export class PackRefused extends Error {
  override readonly name = 'PackRefused';
}

/** An overlay that was read, and whose key signed it. */
export interface OpenedOverlay {
  readonly overlay: RuleOverlay;
  /** Public key in base64; undefined for a draft that nobody signed. */
  readonly key: string | undefined;
}

/** A signed overlay: three lines, which are format, overlay as JSON, and key and signature over the lines before. */
export function signOverlay(overlay: RuleOverlay, key: KeyObject): Buffer {
  const signed = `${MAGIC}\n${JSON.stringify(RuleOverlay.parse(overlay))}\n`;
  return Buffer.from(`${signed}${publicKeyText(key)} ${sign(null, Buffer.from(signed), key).toString('base64')}\n`);
}

/**
 * Reads an overlay, signed or a draft in JSON; a signature that does not fit is refused, whoever is trusted.
 *
 * @throws {PackRefused} when it is no overlay, or was changed after it was signed.
 */
export function readOverlay(bytes: Buffer): OpenedOverlay {
  if (bytes.length > MAX_BYTES) throw new PackRefused('it is too large for a pack');
  const text = bytes.toString('utf8');
  if (!text.startsWith(`${MAGIC}\n`)) return { overlay: parse(text), key: undefined };
  const end = text.indexOf('\n', MAGIC.length + 1);
  const [keyText = '', signature = ''] = text
    .slice(end + 1)
    .trimEnd()
    .split(' ');
  const key = publicKeyOf(keyText);
  const signed = Buffer.from(text.slice(0, end + 1));
  if (end < 0 || key === undefined || !verify(null, signed, key, Buffer.from(signature, 'base64')))
    throw new PackRefused('its signature does not fit: it was changed after it was signed');
  return { overlay: parse(text.slice(MAGIC.length + 1, end)), key: keyText };
}

/**
 * The overlay of a signed pack.
 *
 * @param trusted Public keys in base64.
 * @throws {PackRefused} when none of the trusted keys signed it.
 */
export function openOverlay(bytes: Buffer, trusted: readonly string[]): RuleOverlay {
  const { overlay, key } = readOverlay(bytes);
  if (key === undefined) throw new PackRefused('it is not signed: sentinel packs sign makes a signed one');
  if (!trusted.includes(key)) throw new PackRefused(`it is signed by ${key}, which is not trusted here`);
  return overlay;
}

function parse(text: string): RuleOverlay {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new PackRefused('it is no JSON');
  }
  const parsed = RuleOverlay.safeParse(value);
  if (parsed.success) return parsed.data;
  const first = parsed.error.issues[0];
  throw new PackRefused(`it is no pack: ${first?.path.join('.') ?? ''}: ${first?.message ?? 'wrong shape'}`);
}
