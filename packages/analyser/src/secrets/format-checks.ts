import { crc32 } from 'node:zlib';
import { entropyBits } from './value-measures.ts';

/** How a value's own check came out: `failed` still counts, with less weight; `rejected` does not. */
export type CheckResult = 'none' | 'passed' | 'failed' | 'rejected';

const BASE62 = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';

/** Result of the check called `name` on a whole value. */
export function checkValue(name: string | undefined, value: string): CheckResult {
  switch (name) {
    case undefined:
      return 'none';
    case 'letters-and-digits':
      return /[0-9]/.test(value) && /[A-Za-z]/.test(value) ? 'passed' : 'rejected';
    case 'crc32-base62': {
      // The last six characters of the tokens of GitHub and npm. Source: the GitHub blog on token formats, 2021.
      const body = value.slice(value.indexOf('_') + 1);
      return base62(crc32(body.slice(0, -6))) === body.slice(-6) ? 'passed' : 'failed';
    }
    case 'jwt':
      return isJwtHead(value.slice(0, value.indexOf('.'))) ? 'passed' : 'rejected';
    case 'pem-body': {
      const body = value.slice(value.indexOf('-----', 5) + 5);
      const kept = (body.split('-----', 1)[0] ?? '').replace(/[^A-Za-z0-9+/]/g, '');
      return kept.length >= 48 && entropyBits(kept) >= 3.5 ? 'passed' : 'rejected';
    }
    default:
      return 'rejected';
  }
}

function base62(number: number): string {
  let digits = '';
  for (let rest = number >>> 0; rest > 0; rest = Math.floor(rest / 62)) digits = `${BASE62[rest % 62]}${digits}`;
  return digits.padStart(6, '0');
}

/** Whether `head` is base64url of a JSON object with an `alg`. Source: RFC 7515, section 4.1. */
function isJwtHead(head: string): boolean {
  if (!/^[A-Za-z0-9_-]+$/.test(head) || head.length % 4 === 1) return false;
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(Buffer.from(head, 'base64url'));
    const decoded: unknown = JSON.parse(text);
    return typeof decoded === 'object' && decoded !== null && !Array.isArray(decoded) && 'alg' in decoded;
  } catch {
    return false;
  }
}
