import { delimiter, join } from 'node:path';

/** Folder that starts the probe in every Python that finds it on `PYTHONPATH`. */
export const PROBE_FOLDER = join(import.meta.dirname, '..', '..', '..', 'probe', 'src', 'sentinel_probe', '_inject');

/**
 * Environment of a program under the probe. The machine is not touched.
 * @param env - Environment of the caller.
 * @param spoolFolder - Where the probe writes.
 */
export function probeEnvironment(env: NodeJS.ProcessEnv, spoolFolder: string): NodeJS.ProcessEnv {
  const given = env['PYTHONPATH'];
  const rest =
    given === undefined || given === '' ? [] : given.split(delimiter).filter((folder) => folder !== PROBE_FOLDER);
  return { ...env, PYTHONPATH: [PROBE_FOLDER, ...rest].join(delimiter), SENTINEL_SPOOL: spoolFolder };
}
