import { readFileSync } from 'node:fs';
import { z } from 'zod';

/** Largest number that is believed to be ours; a stranger's file name must not use up the numbers. */
export const MAX_SEQUENCE = 2 ** 50;

const SpoolState = z.object({
  spoolId: z.uuidv4(),
  /** Highest number that may have been given. */
  highest: z.int().nonnegative().lt(MAX_SEQUENCE),
  /** What was given up for want of room; absent: nothing ever. */
  dropped: z
    .object({
      rows: z.int().nonnegative(),
      batches: z.int().nonnegative(),
      /** The last of them: counted already, also where its file is still there. */
      last: z.int().positive(),
    })
    .exactOptional(),
});

/** What the spool keeps beside its batches. */
export type SpoolState = z.infer<typeof SpoolState>;

/** Reads it; undefined where it is lost or damaged. */
export function readSpoolState(path: string): SpoolState | undefined {
  try {
    return SpoolState.parse(JSON.parse(readFileSync(path, 'utf8')));
  } catch {
    return undefined;
  }
}
