import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { Finding, ObservedActivity, Run } from '@sentinel/protocol';
import { z } from 'zod';
import { JudgeContext } from '../context/judge-context.ts';

/** A recorded run, what was known when it was judged, and what came out. */
const RecordedCase = z.strictObject({
  script: z.string(),
  raises: z.boolean(),
  context: z.custom<z.input<typeof JudgeContext>>((value) => JudgeContext.safeParse(value).success),
  run: Run,
  activities: z.array(ObservedActivity),
  findings: z.array(Finding),
});
export type RecordedCase = z.infer<typeof RecordedCase>;

/** The proof that stands beside a rule; written by `record/record.ts`, never by hand. */
const RecordedProof = z.strictObject({ rule: z.string(), cases: z.array(RecordedCase) });
export type RecordedProof = z.infer<typeof RecordedProof>;

/** Proofs of a folder, by file name without ending. */
export function readProofs(folder: string): Map<string, RecordedProof> {
  return new Map(
    readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort()
      .map((name) => [name.slice(0, -5), RecordedProof.parse(JSON.parse(readFileSync(join(folder, name), 'utf8')))]),
  );
}

/** A proof that is kept packed, for it is long. */
export function readPackedProof(file: string): RecordedProof {
  return RecordedProof.parse(JSON.parse(gunzipSync(readFileSync(file)).toString()));
}
