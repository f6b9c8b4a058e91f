import { Secret, TOTP } from 'otpauth';

const PERIOD_S = 30;
/** Steps before and after the present one that still count. Source: RFC 6238, section 5.2 recommends one. */
const WINDOW = 1;

/** A new key of 160 bits in base32. Source: RFC 4226, section 4, requirement 6. */
export function newTotpSecret(): string {
  return new Secret({ size: 20 }).base32;
}

/** The link that an authenticator app reads as a QR code. */
export function totpUri(secret: string, userName: string): string {
  return totpOf(secret, userName).toString();
}

/**
 * The step that a code belongs to, or undefined if it is wrong or was used before: a code that somebody
 * looked at works only once. Source: RFC 6238, section 5.2.
 */
export function checkTotp(secret: string, code: string, nowMs: number, lastStep: number | null): number | undefined {
  const delta = totpOf(secret, '').validate({ token: code, timestamp: nowMs, window: WINDOW });
  if (delta === null) return undefined;
  const step = Math.floor(nowMs / 1000 / PERIOD_S) + delta;
  return lastStep !== null && step <= lastStep ? undefined : step;
}

function totpOf(secret: string, label: string): TOTP {
  return new TOTP({
    issuer: 'Sentinel',
    label,
    // What every app reads. Source: Google Authenticator key URI format.
    algorithm: 'SHA1',
    digits: 6,
    period: PERIOD_S,
    secret: Secret.fromBase32(secret),
  });
}
