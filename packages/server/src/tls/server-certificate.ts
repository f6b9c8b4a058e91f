import { createPrivateKey, generateKeyPairSync, type KeyObject, X509Certificate } from 'node:crypto';
import { mkdirSync, readFileSync, renameSync, statSync, writeFileSync } from 'node:fs';
import { isIP } from 'node:net';
import { hostname, networkInterfaces } from 'node:os';
import { join } from 'node:path';
import { createSecureContext } from 'node:tls';
import { makeCertificate } from './make-certificate.ts';

/** What the server proves itself with. */
export interface ServerCertificate {
  readonly key: string;
  /** The certificate, then those that signed it. */
  readonly chain: string;
  /** What an agent pins: `sha256:` and the hash of the certificate that signed the server's, or of its own. */
  readonly pin: string;
  readonly expiresAtMs: number;
}

/** A company's own certificate. */
export interface OwnCertificate {
  readonly certFile: string;
  readonly keyFile: string;
}

const DAY_MS = 24 * 60 * 60 * 1000;
const AUTHORITY_DAYS = 3650;
/** Source: CA/Browser Forum baseline requirements, the longest that clients took until 2026. */
const SERVER_DAYS = 397;
const RENEW_DAYS = 30;
/** Clocks of endpoints differ. */
const EARLIER_MS = DAY_MS;

/**
 * Reads a company's own certificate.
 * @throws Error with a sentence for the operator if it cannot be used.
 */
export function readOwnCertificate({ certFile, keyFile }: OwnCertificate): ServerCertificate {
  const chain = read(certFile, 'certificate');
  const key = read(keyFile, 'key');
  try {
    createSecureContext({ cert: chain, key, minVersion: 'TLSv1.2' });
    return certificateOf(key, chain);
  } catch (error) {
    throw new Error(`the certificate "${certFile}" and the key "${keyFile}" do not work: ${(error as Error).message}`, {
      cause: error,
    });
  }
}

/**
 * The certificate of a folder; makes an authority on the first call, and a certificate whenever there is
 * none, names have changed or less than thirty days are left.
 */
export function ensureServerCertificate(folder: string, names: readonly string[], nowMs: number): ServerCertificate {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = (name: string) => join(folder, name);
  if (!exists(file('authority.pem'))) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const commonName = `Sentinel authority of ${hostname()}`;
    const facts = { commonName, publicKey, fromMs: nowMs - EARLIER_MS, toMs: nowMs + AUTHORITY_DAYS * DAY_MS };
    write(file('authority.key'), pemOf(privateKey), 0o600);
    write(file('authority.pem'), makeCertificate(facts, { commonName, privateKey }), 0o644);
  }
  const authority = new X509Certificate(readFileSync(file('authority.pem')));
  if (!exists(file('server.pem')) || !isFit(readFileSync(file('server.pem'), 'utf8'), authority, names, nowMs)) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const issuer = {
      commonName: /^CN=(.*)$/m.exec(authority.subject)?.[1] ?? '',
      privateKey: createPrivateKey(readFileSync(file('authority.key'))),
    };
    const facts = {
      commonName: names[0] ?? 'localhost',
      publicKey,
      fromMs: nowMs - EARLIER_MS,
      toMs: Math.min(nowMs + SERVER_DAYS * DAY_MS, Date.parse(authority.validTo)),
      names,
    };
    write(file('server.key'), pemOf(privateKey), 0o600);
    write(file('server.pem'), makeCertificate(facts, issuer), 0o644);
  }
  return certificateOf(
    readFileSync(file('server.key'), 'utf8'),
    readFileSync(file('server.pem'), 'utf8') + readFileSync(file('authority.pem'), 'utf8'),
  );
}

/** Names under which a server that listens on this address is reached. */
export function namesOfHost(host: string, publicUrl: string | undefined): string[] {
  const names = new Set<string>();
  if (publicUrl !== undefined) names.add(new URL(publicUrl).hostname.replace(/^\[|\]$/g, ''));
  if (host === '0.0.0.0' || host === '::') {
    names.add(hostname());
    for (const addresses of Object.values(networkInterfaces())) {
      // Addresses of the link only change from start to start, and nobody is told them.
      for (const { address, scopeid } of addresses ?? []) if (!scopeid) names.add(address);
    }
  } else names.add(host);
  return [...names, 'localhost', '127.0.0.1', '::1'].filter((name, place, all) => all.indexOf(name) === place);
}

function isFit(pem: string, authority: X509Certificate, names: readonly string[], nowMs: number): boolean {
  const certificate = new X509Certificate(pem);
  return (
    certificate.checkIssued(authority) &&
    certificate.verify(authority.publicKey) &&
    Date.parse(certificate.validTo) - nowMs > RENEW_DAYS * DAY_MS &&
    names.every((name) => (isIP(name) === 0 ? certificate.checkHost(name) : certificate.checkIP(name)) !== undefined)
  );
}

function certificateOf(key: string, chain: string): ServerCertificate {
  const all = (chain.match(/-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/g) ?? []).map(
    (pem) => new X509Certificate(pem),
  );
  const [own] = all;
  const last = all.at(-1);
  if (own === undefined || last === undefined) throw new Error('there is no certificate in it');
  return {
    key,
    chain,
    pin: `sha256:${last.fingerprint256.replaceAll(':', '').toLowerCase()}`,
    expiresAtMs: Date.parse(own.validTo),
  };
}

function pemOf(key: KeyObject): string {
  return key.export({ type: 'pkcs8', format: 'pem' });
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

function write(file: string, content: string, mode: number): void {
  writeFileSync(`${file}.new`, content, { mode, flush: true });
  renameSync(`${file}.new`, file);
}

function read(file: string, what: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    throw new Error(`the ${what} "${file}" cannot be read: ${(error as Error).message}`, { cause: error });
  }
}
