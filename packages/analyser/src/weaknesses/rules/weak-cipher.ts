import { namedCallRule } from '../named-call-rule.ts';

const PRIMITIVES = 'cryptography.hazmat.primitives.ciphers.algorithms';
const DECREPIT = 'cryptography.hazmat.decrepit.ciphers.algorithms';

/** A broken or outdated cipher. Source: the libraries' own pages call these legacy or decrepit. */
export const weakCipher = namedCallRule(
  { id: 'weak-cipher', runs: 'always', hints: ['Cipher', 'ciphers'], misses: 'Ciphers named by text.' },
  [
    ...['Crypto', 'Cryptodome'].flatMap((library) =>
      ['ARC2', 'ARC4', 'Blowfish', 'CAST', 'DES', 'DES3', 'XOR'].map((cipher) => `${library}.Cipher.${cipher}.new`),
    ),
    ...[PRIMITIVES, DECREPIT].flatMap((module) =>
      ['ARC4', 'Blowfish', 'CAST5', 'IDEA', 'SEED', 'TripleDES', 'RC2'].map((cipher) => `${module}.${cipher}`),
    ),
  ],
);
