import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import { closeSync, fsyncSync, linkSync, openSync, readFileSync, rmSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';

/** Encrypts what the stores keep at rest: with the key file, and for one purpose, or not at all. */
export interface Seal {
  /** First eight hex digits of the key's hash: says which key, tells nothing of it. */
  readonly keyId: string;
  /**
   * Bytes that only {@link Seal.unseal} with the same key and the same context opens. The context says
   * what and whose it is (`vault/<entry id>`), so that sealed bytes moved to another row do not open.
   */
  seal(plain: Uint8Array, context: string): Buffer;
  /** @throws SealBroken if the key or the context is another, or a bit has changed. */
  unseal(sealed: Uint8Array, context: string): Buffer;
  /** The same for text, as base64, for columns of text. */
  sealText(plain: string, context: string): string;
  unsealText(sealed: string, context: string): string;
}

/** Sealed bytes that do not open. */
export class SealBroken extends Error {
  constructor(detail: string, options?: ErrorOptions) {
    super(detail, options);
    this.name = 'SealBroken';
  }
}

const KEY_BYTES = 32;
const KEY_ID_BYTES = 4;
/** Source: NIST SP 800-38D, section 8.2.2 (96 random bits) and 5.2.1.2 (the longest tag). */
const NONCE_BYTES = 12;
const TAG_BYTES = 16;
/** First byte of sealed bytes: AES-256-GCM, key id, nonce, tag, cipher text. */
const FORM = 1;
const HEADER_BYTES = 1 + KEY_ID_BYTES + NONCE_BYTES + TAG_BYTES;

/**
 * Opens the key file, and makes it first if there is none. Several servers on one control store need the same file.
 * @throws Error with a sentence for the operator if the file is no key or others can read it.
 */
export function openSeal(keyFile: string): Seal {
  makeKeyOnce(keyFile);
  const mode = statSync(keyFile).mode & 0o777;
  if (process.platform !== 'win32' && (mode & 0o077) !== 0) {
    throw new Error(`the key file "${keyFile}" can be read by others: set its mode to 600`);
  }
  const text = readFileSync(keyFile, 'utf8').trim();
  if (!/^[0-9a-f]{64}$/.test(text)) throw new Error(`the key file "${keyFile}" does not hold 32 bytes in hex`);
  return sealWith(Buffer.from(text, 'hex'));
}

/** The seal of a key of 32 bytes. */
export function sealWith(key: Buffer): Seal {
  if (key.byteLength !== KEY_BYTES) throw new Error('a seal needs a key of 32 bytes');
  const keyIdBytes = createHash('sha256').update('sentinel key id').update(key).digest().subarray(0, KEY_ID_BYTES);
  const seal = (plain: Uint8Array, context: string): Buffer => {
    const nonce = randomBytes(NONCE_BYTES);
    const cipher = createCipheriv('aes-256-gcm', key, nonce, { authTagLength: TAG_BYTES });
    cipher.setAAD(Buffer.from(context));
    const body = Buffer.concat([cipher.update(plain), cipher.final()]);
    return Buffer.concat([Buffer.of(FORM), keyIdBytes, nonce, cipher.getAuthTag(), body]);
  };
  const unseal = (sealed: Uint8Array, context: string): Buffer => {
    const bytes = Buffer.from(sealed.buffer, sealed.byteOffset, sealed.byteLength);
    if (bytes.byteLength < HEADER_BYTES || bytes[0] !== FORM) throw new SealBroken('these are no sealed bytes');
    const nonceAt = 1 + KEY_ID_BYTES;
    const tagAt = nonceAt + NONCE_BYTES;
    if (!bytes.subarray(1, nonceAt).equals(keyIdBytes)) {
      throw new SealBroken(`these bytes were sealed with the key ${bytes.toString('hex', 1, nonceAt)}`);
    }
    const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(nonceAt, tagAt), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(Buffer.from(context));
    decipher.setAuthTag(bytes.subarray(tagAt, HEADER_BYTES));
    try {
      return Buffer.concat([decipher.update(bytes.subarray(HEADER_BYTES)), decipher.final()]);
    } catch (error) {
      throw new SealBroken('the sealed bytes were changed, or belong elsewhere', { cause: error });
    }
  };
  return {
    keyId: keyIdBytes.toString('hex'),
    seal,
    unseal,
    sealText: (plain, context) => seal(Buffer.from(plain), context).toString('base64'),
    unsealText: (sealed, context) => unseal(Buffer.from(sealed, 'base64'), context).toString('utf8'),
  };
}

/** Written whole under another name and then linked: of two servers that start together, both read the first one's key. */
function makeKeyOnce(keyFile: string): void {
  if (statSync(keyFile, { throwIfNoEntry: false }) !== undefined) return;
  const draft = `${keyFile}.${process.pid}-${randomBytes(4).toString('hex')}`;
  const file = openSync(draft, 'wx', 0o600);
  try {
    writeSync(file, `${randomBytes(KEY_BYTES).toString('hex')}\n`);
    fsyncSync(file);
    linkSync(draft, keyFile);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  } finally {
    closeSync(file);
    rmSync(draft, { force: true });
  }
  syncFolder(dirname(keyFile));
}

/** A key that a power cut takes away would take with it whatever was sealed. */
function syncFolder(folder: string): void {
  if (process.platform === 'win32') return;
  const handle = openSync(folder, 'r');
  fsyncSync(handle);
  closeSync(handle);
}
