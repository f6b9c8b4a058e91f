import { readFileSync } from 'node:fs';
import type { ScriptAssessment } from '@sentinel/protocol';

/** More of them are linked by their content alone. */
const MOST_SOURCES = 20_000;

/** The assessments with the hash of each script's normalised syntax, by which a server links copies of one script. */
export async function withFamilyHashes(
  assessments: readonly ScriptAssessment[],
  signal?: AbortSignal,
): Promise<ScriptAssessment[]> {
  const { familyHash } = await import('@sentinel/analyser');
  const hashed: ScriptAssessment[] = [];
  for (const [place, one] of assessments.entries()) {
    const isPython = one.analysis.language === 'python3' && !one.path.toLowerCase().endsWith('.ipynb');
    const hash =
      !isPython || place >= MOST_SOURCES || signal?.aborted === true ? undefined : await hashOf(one.path, familyHash);
    hashed.push(hash === undefined ? one : { ...one, familyHash: hash });
    // Parsing blocks: whoever waits for a signal gets a turn.
    if (place % 50 === 49) await new Promise(setImmediate);
  }
  return hashed;
}

async function hashOf(path: string, hash: (text: string) => Promise<string | undefined>): Promise<string | undefined> {
  try {
    return await hash(readFileSync(path, 'utf8'));
  } catch {
    // It went away, or is beyond the parser: its content still links it.
    return undefined;
  }
}
