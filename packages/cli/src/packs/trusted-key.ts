import { readFileSync } from 'node:fs';
import { publicKeyOf } from '@sentinel/analyser/advisories';

/**
 * A public key given as its text, or as a file that holds it.
 *
 * @throws when it is neither.
 */
export function trustedKey(textOrFile: string): string {
  const text = publicKeyOf(textOrFile) === undefined ? readFileSync(textOrFile, 'utf8') : textOrFile;
  if (publicKeyOf(text) === undefined) throw new Error('--trust is neither a public key nor a file that holds one');
  return text.trim();
}
