import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { readFileSync, renameSync, rmSync } from 'node:fs';
import { importSigningKey } from '@sentinel/client';
import { keyProof } from '@sentinel/protocol';
import { writeDurably } from './write-durably.ts';

/** The key of this endpoint. Its private half is made here, lies in a file that only its owner reads, and goes nowhere. */
export class EndpointKey {
  readonly #key: KeyObject;
  /** 32 bytes in base64. */
  readonly publicKey: string;

  private constructor(key: KeyObject) {
    this.#key = key;
    this.publicKey = createPublicKey(key).export({ format: 'der', type: 'spki' }).subarray(-32).toString('base64');
  }

  /** A new one, durable before anybody hears of it. */
  static async make(path: string): Promise<EndpointKey> {
    const { privateKey } = generateKeyPairSync('ed25519');
    await writeDurably(path, privateKey.export({ type: 'pkcs8', format: 'pem' }), 0o600);
    return new EndpointKey(privateKey);
  }

  /** The one in a file; nothing where there is none or it cannot be read. */
  static read(path: string): EndpointKey | undefined {
    try {
      const key = createPrivateKey(readFileSync(path, 'utf8'));
      return key.asymmetricKeyType === 'ed25519' ? new EndpointKey(key) : undefined;
    } catch {
      return undefined;
    }
  }

  /** Puts the file of a new key in the place of the old one. */
  static promote(from: string, to: string): void {
    renameSync(from, to);
  }

  /** Forgets the file of a key that nobody took. */
  static discard(path: string): void {
    rmSync(path, { force: true });
  }

  /** The key as requests are signed with it. */
  forSigning(): Promise<CryptoKey> {
    return importSigningKey(new Uint8Array(this.#key.export({ type: 'pkcs8', format: 'der' })));
  }

  /** Shows who holds it. @param bound - The token at an enrolment, the endpoint's id at a renewal. */
  prove(occasion: 'enrolment' | 'renewal', bound: string): string {
    return sign(null, Buffer.from(keyProof(occasion, bound, this.publicKey)), this.#key).toString('base64');
  }
}
