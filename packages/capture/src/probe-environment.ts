import { delimiter, join } from 'node:path';

/** Folder that starts the probe in every Python that finds it on `PYTHONPATH`. */
export const PROBE_FOLDER = join(import.meta.dirname, '..', '..', '..', 'probe', 'src', 'sentinel_probe', '_inject');

/**
 * Environment of a program under the probe. The machine is not touched.
 * @param env - Environment of the caller.
 * @param spoolFolder - Where the probe writes.
 * @param probeFolder - Folder that starts the probe; see `stageProbe`.
 */
export function probeEnvironment(
  env: NodeJS.ProcessEnv,
  spoolFolder: string,
  probeFolder: string = PROBE_FOLDER,
): NodeJS.ProcessEnv {
  const given = env['PYTHONPATH'];
  const rest =
    given === undefined || given === '' ? [] : given.split(delimiter).filter((folder) => folder !== probeFolder);
  return { ...env, PYTHONPATH: [probeFolder, ...rest].join(delimiter), SENTINEL_SPOOL: spoolFolder };
}
