import { createHash, createPublicKey, type KeyObject, randomBytes, sign } from 'node:crypto';
import { isIP } from 'node:net';
import { bits, der, identifier, integer, moment, octets, sequence, set, tagged, text, yes } from './der.ts';

/** What a certificate says. */
export interface CertificateFacts {
  readonly commonName: string;
  readonly publicKey: KeyObject;
  readonly fromMs: number;
  readonly toMs: number;
  /** Names and addresses of a server; an authority without them. */
  readonly names?: readonly string[];
}

/** Who signs: an authority, or the certificate's own key. */
export interface Issuer {
  readonly commonName: string;
  readonly privateKey: KeyObject;
}

/** Object identifiers. Source: RFC 5280, RFC 5758. */
const COMMON_NAME = '2.5.4.3';
const ORGANISATION = '2.5.4.10';
const ECDSA_WITH_SHA256 = '1.2.840.10045.4.3.2';
const SUBJECT_KEY = '2.5.29.14';
const KEY_USAGE = '2.5.29.15';
const ALTERNATIVE_NAMES = '2.5.29.17';
const BASIC_CONSTRAINTS = '2.5.29.19';
const AUTHORITY_KEY = '2.5.29.35';
const EXTENDED_KEY_USAGE = '2.5.29.37';
const SERVER_AUTHENTICATION = '1.3.6.1.5.5.7.3.1';

/** Bits of the key's use, and how many of the last byte do not count: signing certificates and lists; signatures. */
const USE_OF_AUTHORITY = bits(Buffer.of(0b0000_0110), 1);
const USE_OF_SERVER = bits(Buffer.of(0b1000_0000), 7);

/** A certificate for a P-256 key, version 3, signed with ECDSA and SHA-256, in PEM. Source: RFC 5280, section 4. */
export function makeCertificate(facts: CertificateFacts, issuer: Issuer): string {
  const algorithm = sequence(identifier(ECDSA_WITH_SHA256));
  const content = sequence(
    tagged(0, integer(Buffer.of(2))),
    integer(Buffer.concat([Buffer.of(0x01), randomBytes(15)])),
    algorithm,
    nameOf(issuer.commonName),
    sequence(moment(facts.fromMs), moment(facts.toMs)),
    nameOf(facts.commonName),
    facts.publicKey.export({ type: 'spki', format: 'der' }),
    tagged(3, sequence(...extensionsOf(facts, issuer))),
  );
  const whole = sequence(content, algorithm, bits(sign('sha256', content, issuer.privateKey)));
  const lines = whole.toString('base64').replaceAll(/.{64}(?=.)/g, '$&\n');
  return `-----BEGIN CERTIFICATE-----\n${lines}\n-----END CERTIFICATE-----\n`;
}

function extensionsOf({ publicKey, names }: CertificateFacts, issuer: Issuer): Buffer[] {
  const isAuthority = names === undefined;
  const shared = [
    extension(BASIC_CONSTRAINTS, isAuthority ? sequence(yes(), integer(Buffer.of(0))) : sequence(), true),
    extension(KEY_USAGE, isAuthority ? USE_OF_AUTHORITY : USE_OF_SERVER, true),
    extension(SUBJECT_KEY, octets(keyIdOf(publicKey))),
    extension(AUTHORITY_KEY, sequence(der(0x80, keyIdOf(createPublicKey(issuer.privateKey))))),
  ];
  if (names === undefined) return shared;
  return [
    ...shared,
    extension(EXTENDED_KEY_USAGE, sequence(identifier(SERVER_AUTHENTICATION))),
    extension(ALTERNATIVE_NAMES, sequence(...names.map(alternativeName))),
  ];
}

function extension(id: string, value: Buffer, isCritical = false): Buffer {
  return sequence(identifier(id), ...(isCritical ? [yes()] : []), octets(value));
}

function nameOf(commonName: string): Buffer {
  const part = (id: string, value: string) => set(sequence(identifier(id), text(value)));
  return sequence(part(ORGANISATION, 'Sentinel'), part(COMMON_NAME, commonName));
}

function alternativeName(name: string): Buffer {
  return isIP(name) === 0 ? der(0x82, Buffer.from(name)) : der(0x87, addressBytes(name));
}

function addressBytes(address: string): Buffer {
  if (isIP(address) === 4) return Buffer.from(address.split('.').map(Number));
  // The URL parser writes an address of version 6 in its one short form.
  const [head = '', tail = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  const words = (part: string) => part.split(':').filter((word) => word !== '');
  const left = words(head);
  const right = words(tail);
  const all = [...left, ...Array.from({ length: 8 - left.length - right.length }, () => '0'), ...right];
  return Buffer.from(all.map((word) => word.padStart(4, '0')).join(''), 'hex');
}

/** Source: RFC 5280, 4.2.1.2, method 1. */
function keyIdOf(key: KeyObject): Buffer {
  const { x = '', y = '' } = key.export({ format: 'jwk' });
  const point = Buffer.concat([Buffer.of(4), Buffer.from(x, 'base64url'), Buffer.from(y, 'base64url')]);
  return createHash('sha1').update(point).digest();
}
