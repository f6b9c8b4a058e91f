import { join } from 'node:path';
import { z } from 'zod';
import { type Account, runAs } from './as-owner.ts';

const Step = z.object({ path: z.string(), text: z.string().nullable() });

/** What `installing.py` of the probe prints: facts of an interpreter, and the files that make it start the probe. */
const InstallPlan = z.object({
  interpreter: z.object({
    executable: z.string(),
    implementation: z.string(),
    version: z.array(z.int()),
    cacheTag: z.string().nullable(),
    isBase: z.boolean(),
    isSupported: z.boolean(),
    stdlib: z.string(),
    sitePackages: z.array(z.string()),
    canWriteStdlib: z.boolean(),
  }),
  install: z.array(Step),
  remove: z.array(Step),
});
export type InstallPlan = z.infer<typeof InstallPlan>;

/** Isolated, without site, writing nothing: whatever lies around, only our file runs. */
const OPTIONS = ['-I', '-S', '-B'];

/**
 * Asks an interpreter what would have to be written, by running it.
 * @param home - Staged probe, the folder of `installing.py`.
 * @returns the plan, or a sentence that says why there is none.
 */
export async function planFor(
  executable: string,
  account: Account,
  home: string,
  spool: string,
): Promise<InstallPlan | string> {
  const { code, output, problem } = await runAs(account, executable, [
    ...OPTIONS,
    join(home, 'installing.py'),
    'plan',
    home,
    spool,
  ]);
  if (code !== 0) return problem.split('\n').at(-1) || `it ended with ${code}`;
  try {
    return InstallPlan.parse(JSON.parse(output));
  } catch {
    return 'it printed something else';
  }
}

/** Compiles sources with that very interpreter. @returns a sentence where that failed: they run all the same. */
export async function compileWith(
  executable: string,
  account: Account,
  home: string,
  files: readonly string[],
): Promise<string | undefined> {
  const { code, problem } = await runAs(account, executable, [
    ...OPTIONS,
    join(home, 'installing.py'),
    'compile',
    ...files,
  ]);
  return code === 0 ? undefined : `could not be compiled: ${problem.split('\n').at(-1)}`;
}
