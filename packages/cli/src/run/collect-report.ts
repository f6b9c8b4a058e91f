import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  appendEndRecord,
  createEnrichment,
  hasEnded,
  isProcessAlive,
  ParentFinder,
  ProbeFile,
  type ProgramEnd,
} from '@sentinel/capture';
import { type Activity, type ObservedActivity, PROBE_FILE_SUFFIX, type Run, type RunReport } from '@sentinel/protocol';

/** A report, and whether every run in it has ended. */
export interface Collected {
  readonly report: RunReport;
  readonly isComplete: boolean;
}

/**
 * Reads what the probes of a program wrote and states its end, which only the parent saw.
 * @param pid - Process id of the program.
 */
export function collectReport(folder: string, pid: number, end: ProgramEnd, endedAtMs: number): Collected {
  const files = readFiles(folder);
  const ofProgram = files.filter((file) => pidOf(file) === pid);
  const last = ofProgram.at(-1);
  if (last !== undefined) stateEnd(last, end, endedAtMs);

  const parents = new ParentFinder();
  for (const file of files) {
    markIfVanished(file);
    const run = file.assembler.currentRun();
    if (run !== undefined) parents.add(run);
  }
  for (const { assembler } of files) {
    const run = assembler.currentRun();
    const parent = run === undefined ? undefined : parents.find(run);
    if (parent !== undefined) assembler.setParent(parent);
  }

  const root = ofProgram[0] ?? files[0];
  const observed = files.map(observe);
  const isComplete = observed.every(({ run }) => run.status === 'ended');
  if (root === undefined) {
    return {
      report: { run: null, notObserved: NOT_OBSERVED, activities: [], decisions: [], findings: [], children: [] },
      isComplete,
    };
  }
  const main = observe(root);
  const children = observed.filter(({ run }) => run.id !== main.run.id);
  const decisions = [main, ...children].flatMap(({ activities }) =>
    activities.map(({ decision }) => decision).filter((one) => one !== undefined),
  );
  return { report: { run: main.run, activities: main.activities, decisions, findings: [], children }, isComplete };
}

/** What can keep the probe out. Source: the Python documentation on `-I`, `-E`, `-S` and `site`. */
const NOT_OBSERVED =
  'No Python run was observed. The program may not be Python or may not have started one; it may have been started with ' +
  '-I, -E or -S, or with a cleared environment, which keep the probe out; it may be a frozen or embedded Python, ' +
  'or one older than 3.8.';

function readFiles(folder: string): ProbeFile[] {
  const enrichment = createEnrichment();
  const files = readdirSync(folder)
    .filter((name) => name.endsWith(PROBE_FILE_SUFFIX))
    .map((name) => new ProbeFile(join(folder, name), enrichment));
  for (const file of files) file.read();
  return files
    .filter((file) => file.setAsideReason === undefined && file.assembler.state !== undefined)
    .sort((a, b) => (startOf(a) < startOf(b) ? -1 : startOf(a) > startOf(b) ? 1 : a.path < b.path ? -1 : 1));
}

function stateEnd(file: ProbeFile, end: ProgramEnd, endedAtMs: number): void {
  const { state } = file.assembler;
  if (state === undefined) return;
  const isExec = hasEnded(state) && state.attributes.get('sentinel.run.exit_route') === 'exec';
  // The process became another program: the exit code is that program's.
  if (isExec) return;
  appendEndRecord(file.path, end, hasEnded(state), endedAtMs);
  file.read();
}

function markIfVanished(file: ProbeFile): void {
  const { state } = file.assembler;
  if (state === undefined || hasEnded(state) || isProcessAlive(pidOf(file), Number(state.startedNs / 1_000_000n)))
    return;
  // It may have written between the reading and its end.
  file.read();
  file.assembler.markVanished(file.mtimeMs);
}

function observe(file: ProbeFile): { run: Run; activities: ObservedActivity[] } {
  const run = file.assembler.currentRun();
  if (run === undefined) throw new Error('a file without a run was not left out');
  const activities = file.assembler.currentActivities().map(withoutRevision);
  return { run, activities };
}

/** A report shows a run as it ended; revisions mean nothing there. */
function withoutRevision({ runId: _runId, revision: _revision, ...activity }: Activity): ObservedActivity {
  return activity;
}

function pidOf(file: ProbeFile): number {
  return Number(file.assembler.state?.attributes.get('process.pid') ?? 0);
}

function startOf(file: ProbeFile): bigint {
  return file.assembler.state?.startedNs ?? 0n;
}
