import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { howToSample, sampleFile } from '@sentinel/analyser';
import type { SampledFile } from '@sentinel/protocol';

/** A data file to be looked into. */
export interface SampleQuestion {
  readonly number: number;
  readonly path: string;
}

/** Kinds in it, or why nobody looked. */
export type SampleAnswer =
  | { readonly kind: 'sampled'; readonly file: Omit<SampledFile, 'runIds'> }
  | { readonly kind: 'refused'; readonly reason: string };

process.on('message', (message) => {
  const { number, path } = message as SampleQuestion;
  let answer: SampleAnswer;
  try {
    answer = sampleOf(path);
  } catch (error) {
    answer = { kind: 'refused', reason: (error as Error).message };
  }
  process.send?.({ number, ...answer });
});
// Nobody is there to answer to.
process.on('disconnect', () => process.exit(0));

function sampleOf(path: string): SampleAnswer {
  const how = howToSample(basename(path));
  if (how === undefined) return { kind: 'refused', reason: 'it is no data file' };
  // Not blocking: a named pipe must not hold the reader up. Not following: a link may lead out of what the company named.
  const handle = openSync(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0));
  try {
    const stat = fstatSync(handle);
    if (!stat.isFile()) return { kind: 'refused', reason: 'it is no regular file' };
    // Reading a file that only seems to be here would fetch it.
    if (stat.size > 0 && stat.blocks === 0) return { kind: 'refused', reason: 'its content lies elsewhere' };
    if (how.isWhole && stat.size > how.maxBytes) return { kind: 'refused', reason: 'it is too large' };
    const bytes = Buffer.alloc(Math.min(stat.size, how.maxBytes));
    let filled = 0;
    while (filled < bytes.length) {
      const count = readSync(handle, bytes, filled, bytes.length - filled, filled);
      if (count === 0) break;
      filled += count;
    }
    const kinds = sampleFile(basename(path), bytes.subarray(0, filled));
    return { kind: 'sampled', file: { path, sizeBytes: stat.size, kinds } };
  } finally {
    closeSync(handle);
  }
}
