import type { PiiCheck } from './pii-pack.ts';

/** Whether a value passes the check of that name. Separators in it count as nothing. */
export function passesCheck(check: PiiCheck | undefined, value: string): boolean {
  return check === undefined || CHECKS[check](value.replace(/[ ./()-]/g, ''), value);
}

const CHECKS: Readonly<Record<PiiCheck, (plain: string, written: string) => boolean>> = {
  iban: isIban,
  card: (plain) => isCardLength(plain) && passesLuhn(plain),
  'de-tax-id': isGermanTaxId,
  'fr-nir': isFrenchNir,
  'es-dni': isSpanishDni,
  'it-fiscal-code': isItalianFiscalCode,
  'nl-bsn': (plain) => weighted(plain, [9, 8, 7, 6, 5, 4, 3, 2, -1]) % 11 === 0 && Number(plain) > 0,
  'pl-pesel': (plain) => weighted(plain, [1, 3, 7, 9, 1, 3, 7, 9, 1, 3, 1]) % 10 === 0 && hasMonth(plain),
  ean13: (plain) => weighted(plain, [1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1, 3, 1]) % 10 === 0,
  'at-svnr': (plain) =>
    weighted(plain.slice(0, 3) + plain.slice(4), [3, 7, 9, 5, 8, 4, 2, 1, 6]) % 11 === Number(plain[3]),
  'br-cpf': isBrazilianCpf,
  verhoeff: passesVerhoeff,
  phone: isPhone,
};

function weighted(digits: string, weights: readonly number[]): number {
  return weights.reduce((sum, weight, at) => sum + weight * Number(digits[at]), 0);
}

/** Source: ISO/IEC 7812-1, annex B. */
function passesLuhn(digits: string): boolean {
  let sum = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    sum += at % 2 === 0 ? digit : digit > 4 ? digit * 2 - 9 : digit * 2;
  }
  return sum % 10 === 0 && !/^(\d)\1+$/.test(digits);
}

/** Lengths that the schemes issue: Visa 13, 16, 19; American Express 15; Diners 14; JCB 15, 16; Maestro 12 to 19; others 16. */
function isCardLength(digits: string): boolean {
  const size = digits.length;
  if (digits.startsWith('4')) return size === 13 || size === 16 || size === 19;
  if (/^3[47]/.test(digits)) return size === 15;
  if (/^3[0689]/.test(digits)) return size === 14 || size === 16;
  if (/^(?:1800|2131)/.test(digits)) return size === 15;
  if (digits.startsWith('35')) return size >= 16 && size <= 19;
  if (/^(?:5[1-5]|2[2-7])/.test(digits)) return size === 16;
  return /^(?:50|5[6-9]|6)/.test(digits) && size >= 12 && size <= 19;
}

/** Lengths by country. Source: SWIFT IBAN registry. */
const IBAN_LENGTHS: Readonly<Record<string, number>> = Object.fromEntries(
  (
    'NO15 BE16 DK18 FI18 FO18 GL18 NL18 MK19 SI19 AT20 BA20 EE20 KZ20 LT20 LU20 XK20 CH21 HR21 LI21 LV21 BG22 BH22 CR22 DE22 GB22 GE22 IE22 ME22 RS22 VA22 AE23 GI23 IL23 IQ23 ' +
    'AD24 CZ24 ES24 MD24 PK24 RO24 SA24 SE24 SK24 TN24 VG24 PT25 LY25 ST25 IS26 TR26 FR27 GR27 IT27 MC27 MR27 SM27 AL28 AZ28 CY28 DO28 GT28 HU28 LB28 PL28 SV28 BY28 BR29 EG29 PS29 QA29 UA29 JO30 KW30 MU30 MT31 SC31 LC32'
  )
    .split(' ')
    .map((row) => [row.slice(0, 2), Number(row.slice(2))]),
);

function isIban(plain: string): boolean {
  if (IBAN_LENGTHS[plain.slice(0, 2)] !== plain.length) return false;
  let rest = 0;
  for (const letter of plain.slice(4) + plain.slice(0, 4)) {
    const value = Number.parseInt(letter, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** Source: ISO 7064, MOD 11,10; one digit stands twice or three times among the first ten. */
function isGermanTaxId(digits: string): boolean {
  const counts = new Map<string, number>();
  for (const digit of digits.slice(0, 10)) counts.set(digit, (counts.get(digit) ?? 0) + 1);
  const repeats = [...counts.values()].filter((count) => count > 1);
  if (repeats.length !== 1 || (repeats[0] ?? 0) > 3) return false;
  let product = 10;
  for (const digit of digits.slice(0, 10)) {
    const sum = (Number(digit) + product) % 10;
    product = ((sum === 0 ? 10 : sum) * 2) % 11;
  }
  return (11 - product) % 10 === Number(digits[10]);
}

function isFrenchNir(plain: string): boolean {
  const number = plain.slice(0, 13).replace('2A', '19').replace('2B', '18');
  return /^\d{13}$/.test(number) && 97 - Number(BigInt(number) % 97n) === Number(plain.slice(13));
}

function isSpanishDni(plain: string): boolean {
  const number = plain.slice(0, -1).replace(/^[XYZ]/, (letter) => String('XYZ'.indexOf(letter)));
  return 'TRWAGMYFPDXBNJZSQVHLCKE'[Number(number) % 23] === plain.at(-1);
}

const ODD_VALUES = [1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23];

function isItalianFiscalCode(plain: string): boolean {
  let sum = 0;
  for (let at = 0; at < 15; at += 1) {
    const value = Number.parseInt(plain[at] ?? '', 36);
    const place = value > 9 ? value - 10 : value;
    sum += at % 2 === 0 ? (ODD_VALUES[place] ?? 0) : place;
  }
  return String.fromCharCode(65 + (sum % 26)) === plain[15];
}

function hasMonth(digits: string): boolean {
  const month = Number(digits.slice(2, 4)) % 20;
  return month >= 1 && month <= 12;
}

function isBrazilianCpf(digits: string): boolean {
  if (/^(\d)\1+$/.test(digits)) return false;
  return [9, 10].every((size) => {
    let sum = 0;
    for (let at = 0; at < size; at += 1) sum += Number(digits[at]) * (size + 1 - at);
    return ((sum * 10) % 11) % 10 === Number(digits[size]);
  });
}

const VERHOEFF_D = [
  '0123456789',
  '1234067895',
  '2340178956',
  '3401289567',
  '4012395678',
  '5987604321',
  '6598710432',
  '7659821043',
  '8765932104',
  '9876543210',
];
const VERHOEFF_P = [
  '0123456789',
  '1576283094',
  '5803796142',
  '8916043527',
  '9453126870',
  '4286573901',
  '2793806415',
  '7046913258',
];

function passesVerhoeff(digits: string): boolean {
  let state = 0;
  for (let at = 0; at < digits.length; at += 1) {
    const digit = Number(digits[digits.length - 1 - at]);
    state = Number(VERHOEFF_D[state]?.[Number(VERHOEFF_P[at % 8]?.[digit])]);
  }
  return state === 0;
}

/** 7 to 15 digits (ITU-T E.164), no date, no version, no run of one digit. */
function isPhone(plain: string, written: string): boolean {
  const digits = plain.replace(/x\d+$/, '').replace(/^\+/, '');
  if (digits.length < 7 || digits.length > 15 || /^(\d)\1+$/.test(digits)) return false;
  if (/^(?:19|20)\d\d[-./ ][01]?\d[-./ ][0-3]?\d(?!\d)/.test(written)) return false;
  return !/^\d{1,2}[-./]\d{1,2}[-./](?:19|20)\d\d$/.test(written);
}
