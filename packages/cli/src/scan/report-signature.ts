import { type KeyObject, sign, verify } from 'node:crypto';
import { readFileSync, writeFileSync } from 'node:fs';
import { publicKeyOf, publicKeyText } from '@sentinel/analyser/advisories';

/** First line of a signature file, part of what is signed: no other signature of the key fits a report. */
const MAGIC = 'sentinel-report 1';

/** Where the signature of a report lies. */
export function signaturePath(report: string): string {
  return `${report}.sig`;
}

/** Signs a report by a file beside it: format, then public key and signature in base64. */
export function signReport(report: string, key: KeyObject): { readonly path: string; readonly publicKey: string } {
  const path = signaturePath(report);
  const signature = sign(null, signedBytes(readFileSync(report)), key).toString('base64');
  const publicKey = publicKeyText(key);
  writeFileSync(path, `${MAGIC}\n${publicKey} ${signature}\n`);
  return { path, publicKey };
}

/**
 * Public key whose signature fits a report; says nothing on whether that key is to be trusted.
 * @throws where report or signature cannot be read, or do not fit one another.
 */
export function verifiedKey(report: string): string {
  const [magic, second = ''] = readFileSync(signaturePath(report), 'utf8').split('\n');
  if (magic !== MAGIC) throw new Error(`${signaturePath(report)} is no signature of a report`);
  const [text = '', signature = ''] = second.split(' ');
  const key = publicKeyOf(text);
  const isGenuine =
    key !== undefined && verify(null, signedBytes(readFileSync(report)), key, Buffer.from(signature, 'base64'));
  if (!isGenuine) throw new Error('the signature does not fit: the report was changed, or another one was signed');
  return text;
}

function signedBytes(report: Buffer): Buffer {
  return Buffer.concat([Buffer.from(`${MAGIC}\n`), report]);
}
