import { readFileSync } from 'node:fs';
import { openOverlay, type PackSetup } from '@sentinel/analyser';
import { AdvisoryStore } from '@sentinel/analyser/advisories';
import { trustedKey } from './trusted-key.ts';

/**
 * Company packs ready for the analyser; undefined where none is given. Believed are the keys given and those whose
 * advisories are believed.
 *
 * @throws with the name of the file when one cannot be read, or is not signed by a believed key.
 */
export function openPacks(
  files: readonly string[],
  trust: readonly string[],
  dataFolder: string,
  nowMs: number,
): PackSetup | undefined {
  if (files.length === 0) return undefined;
  const trusted = [...trust.map(trustedKey), ...new AdvisoryStore(dataFolder).trustedKeys];
  const overlays = files.map((file) => {
    try {
      return openOverlay(readFileSync(file), trusted);
    } catch (error) {
      throw new Error(`--pack ${file}: ${(error as Error).message}`, { cause: error });
    }
  });
  return { overlays, today: new Date(nowMs).toISOString().slice(0, 10) };
}
