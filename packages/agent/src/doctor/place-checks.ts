import { createHash } from 'node:crypto';
import { accessSync, constants, existsSync, readFileSync, statfsSync, statSync } from 'node:fs';
import { readManifest } from '../instrumentation/manifest.ts';
import { type Check, type Diagnosis, type Patient, problem, warning, well } from './check.ts';

const LEAST_FREE_BYTES = 500 * 1024 * 1024;
const FULL_COVERAGE = 0.995;

/** Checks of what lies around the agent: folders, disk, interpreters, sensing. */
export const placeChecks: readonly Check[] = [
  {
    id: 'folder',
    title: 'The data folder',
    look: ({ folders }) => {
      try {
        accessSync(folders.root, constants.R_OK | constants.W_OK | constants.X_OK);
      } catch (error) {
        return problem(
          `${folders.root} cannot be used: ${(error as Error).message}.`,
          'It belongs to the account that the agent runs for.',
        );
      }
      const identity = statSync(folders.identity, { throwIfNoEntry: false });
      if (identity !== undefined && process.platform !== 'win32' && (identity.mode & 0o077) !== 0)
        return problem(`${folders.identity} can be read by others.`, `chmod 600 ${folders.identity}`);
      return well(folders.root);
    },
  },
  {
    id: 'disk',
    title: 'Room on disk',
    look: ({ folders }) => {
      const { bavail, bsize } = statfsSync(existsSync(folders.root) ? folders.root : '/');
      const free = bavail * bsize;
      const says = `${Math.round(free / 1024 / 1024)} MiB free.`;
      return free < LEAST_FREE_BYTES
        ? warning(says, 'Below that the spool cannot take a long time without the server.')
        : well(says);
    },
  },
  {
    id: 'inbox',
    title: 'Where probes write',
    look: ({ folders }) => {
      const inbox = statSync(folders.inbox, { throwIfNoEntry: false });
      if (inbox === undefined) return warning(`${folders.inbox} is not there.`, 'The agent makes it at its start.');
      return well(folders.inbox);
    },
  },
  { id: 'interpreters', title: 'Interpreters with the probe', look: lookAtInterpreters },
  {
    id: 'sensing',
    title: 'Process starts',
    look: ({ status }) => {
      const coverage = status?.coverage;
      if (coverage === undefined) return undefined;
      const { kind, note, lost } = coverage.sensor;
      if (kind === 'kernel')
        return lost === 0
          ? well('Seen by the kernel’s trace, none lost.')
          : warning(`The kernel lost ${lost} events.`, 'The coverage is marked as not to be trusted for that time.');
      return warning(
        kind === 'none' ? `Not sensed: ${note ?? 'no reason known'}.` : `Sampled only: ${note ?? 'no trace'}.`,
        'Short runs without a probe can be missed; root and tracefs make it complete.',
      );
    },
  },
  {
    id: 'coverage',
    title: 'Coverage',
    look: ({ status }) => {
      const coverage = status?.coverage;
      if (coverage === undefined || coverage.eligible === 0) return undefined;
      const share = coverage.instrumented / coverage.eligible;
      const reasons = Object.entries(coverage.misses)
        .map(([reason, count]) => `${reason} ${count}`)
        .join(', ');
      const says = `${coverage.instrumented} of ${coverage.eligible} eligible starts${reasons === '' ? '' : `; misses: ${reasons}`}.`;
      return share < FULL_COVERAGE
        ? warning(says, '"sentinel agent install --all" reaches interpreters that came later.')
        : well(says);
    },
  },
];

/** Whether what was written into interpreters still stands there. */
function lookAtInterpreters({ folders, status }: Patient): Diagnosis | undefined {
  let manifest: ReturnType<typeof readManifest>;
  try {
    manifest = readManifest(folders.instrumentation);
  } catch (error) {
    return problem(`${(error as Error).message}.`, 'Restore it from a backup before "sentinel agent uninstall".');
  }
  const instrumented = manifest.entries.filter(({ outcome }) => outcome === 'instrumented');
  if (manifest.entries.length === 0)
    return warning('No interpreter was instrumented.', '"sentinel agent install --all" does that.');
  const damaged = instrumented.filter(({ executable, files }) => existsSync(executable) && files.some(isChanged));
  if (damaged.length > 0)
    return problem(
      `Files of the probe are missing or changed in ${damaged.map(({ key }) => key).join(', ')}.`,
      'A running agent puts them back; if they go again, somebody takes them out.',
    );
  const missed = status?.coverage?.interpreters.filter(({ canary }) => canary?.isReported === false) ?? [];
  if (missed.length > 0)
    return problem(
      `The canary was not reported by ${missed.map(({ environment, executable }) => environment ?? executable).join(', ')}.`,
      'The probe does not start there or cannot write: see the log.',
    );
  const others = manifest.entries.length - instrumented.length;
  return well(
    `${instrumented.length} interpreters and environments${others === 0 ? '' : `, ${others} that cannot be: ${reasonsOf(manifest.entries)}`}.`,
  );
}

/** @param file - `after` is the hash of what was written; null where a file was taken away. */
function isChanged({ path, after }: { path: string; after: string | null }): boolean {
  if (after === null) return existsSync(path);
  try {
    return createHash('sha256').update(readFileSync(path)).digest('hex') !== after;
  } catch {
    return true;
  }
}

function reasonsOf(entries: readonly { outcome: string; reason?: string | undefined }[]): string {
  return [
    ...new Set(
      entries.filter(({ outcome }) => outcome !== 'instrumented').map(({ outcome, reason }) => reason ?? outcome),
    ),
  ].join('; ');
}
