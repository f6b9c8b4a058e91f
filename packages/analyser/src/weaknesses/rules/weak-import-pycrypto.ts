import { namedImportRule } from '../named-import-rule.ts';

/** A cryptography library without maintenance. */
export const weakImportPycrypto = namedImportRule({ id: 'weak-import-pycrypto', hints: ['Crypto'] }, [
  'Crypto.Cipher',
  'Crypto.Hash',
  'Crypto.IO',
  'Crypto.Protocol',
  'Crypto.PublicKey',
  'Crypto.Random',
  'Crypto.Signature',
  'Crypto.Util',
]);
