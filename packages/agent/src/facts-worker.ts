import { createHash } from 'node:crypto';
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { userInfo } from 'node:os';
import { analyse, familyHash, judgePackages, namedPlaces, riskOf } from '@sentinel/analyser';
import { AdvisoryStore } from '@sentinel/analyser/advisories';
import { findSecretUses } from '@sentinel/detector';
import type { ScriptFacts } from '@sentinel/protocol';

/** A source to be analysed. */
export interface FactsQuestion {
  readonly number: number;
  readonly path: string;
  readonly sha256: string;
  readonly fingerprintKey: string;
  /** Folder with imported advisories, where there are any. */
  readonly dataFolder: string;
}

/** What is known of it now, or why nothing is. */
export type FactsAnswer =
  | { readonly kind: 'analysed'; readonly facts: ScriptFacts }
  | { readonly kind: 'refused'; readonly reason: string };

const MAX_SOURCE_BYTES = 1024 * 1024;

process.on('message', (message) => {
  const question = message as FactsQuestion;
  void answerOf(question)
    .catch((error: unknown): FactsAnswer => ({ kind: 'refused', reason: (error as Error).message }))
    .then((answer) => process.send?.({ number: question.number, ...answer }));
});
// Nobody is there to answer to.
process.on('disconnect', () => process.exit(0));

async function answerOf({ path, sha256, fingerprintKey, dataFolder }: FactsQuestion): Promise<FactsAnswer> {
  const read = readRegularFile(path);
  if (read === undefined) return { kind: 'refused', reason: 'its file cannot be read' };
  const { bytes, modifiedAt, uid } = read;
  if (createHash('sha256').update(bytes).digest('hex') !== sha256)
    return { kind: 'refused', reason: 'its file is no longer what ran' };
  const advisories = new AdvisoryStore(dataFolder).load();
  const analysis = await analyse(bytes, {
    path,
    fingerprintKey,
    ...(advisories === undefined ? {} : { judgePackages: (packages) => judgePackages(packages, advisories.index) }),
  });
  const text = bytes.toString('utf8');
  const author = accountName(uid);
  const family = analysis.language === 'python3' ? await familyHash(text).catch(() => undefined) : undefined;
  const places = family === undefined ? undefined : await namedPlaces(text).catch(() => undefined);
  return {
    kind: 'analysed',
    facts: {
      sha256,
      ...(family === undefined ? {} : { familyHash: family }),
      ...(author === undefined ? {} : { author }),
      modifiedAt,
      analysis: {
        ...analysis,
        ...(places === undefined ? {} : { places }),
        secrets: analysis.secrets.map((secret) => ({ ...secret, preview: '' })),
      },
      secretUses: findSecretUses(
        text,
        analysis.secrets.filter(({ tier }) => tier !== 'info'),
      ),
      risk: riskOf(analysis),
    },
  };
}

/** Name of the account with an id, where that is our own; others would need a lookup that may leave the computer. */
function accountName(uid: number): string | undefined {
  if (process.platform === 'win32') return undefined;
  const own = userInfo();
  return own.uid === uid ? own.username : undefined;
}

function readRegularFile(path: string): { bytes: Buffer; modifiedAt: string; uid: number } | undefined {
  let handle: number;
  try {
    // Not blocking: a named pipe or a device must not hold the reader up.
    handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
  } catch {
    return undefined;
  }
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile() || stat.size > MAX_SOURCE_BYTES) return undefined;
    const bytes = Buffer.alloc(stat.size);
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(handle, bytes, filled, bytes.length - filled, filled);
      if (count === 0) return undefined;
      filled += count;
    }
    return { bytes, modifiedAt: stat.mtime.toISOString(), uid: stat.uid };
  } finally {
    closeSync(handle);
  }
}
