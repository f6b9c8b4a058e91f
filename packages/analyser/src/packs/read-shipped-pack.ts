import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { SHIPPED_PACKS } from './shipped-packs.generated.ts';

/** Name of a pack that ships with the analyser. */
export type ShippedPack = keyof typeof SHIPPED_PACKS;

/**
 * Content of a pack that ships, checked against the hash that stands in the code.
 *
 * @param folder Where the packs lie; that of the analyser when absent.
 * @throws when the file is not the one that the analyser was built with.
 */
export function readShippedPack(name: ShippedPack, folder: URL = new URL('../../packs/', import.meta.url)): unknown {
  const bytes = readFileSync(new URL(name, folder));
  if (createHash('sha256').update(bytes).digest('hex') !== SHIPPED_PACKS[name])
    throw new Error(`${name} is not the pack that this version was built with: install Sentinel again`);
  return JSON.parse(bytes.toString('utf8'));
}
