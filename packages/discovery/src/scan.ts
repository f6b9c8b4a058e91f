import { realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import type { Inventory, ScanCoverage } from '@sentinel/protocol';
import { timestamp } from './classify/file-facts.ts';
import type { MachineFacts } from './machine-facts.ts';
import type { Platform } from './platform/platform.ts';
import { Recheck } from './recheck.ts';
import type { ScanState } from './scan-state.ts';
import { CpuBrake } from './walk/cpu-brake.ts';
import type { WalkPool } from './walk/walk-pool.ts';

/** Version of what a folder is judged by; a state of another one is not reused. */
const METHOD = 'discovery 1';
const MAX_WORKERS = 2;
const MAX_LEFT_OUT = 1000;

/** How far a scan is. */
export interface ScanProgress {
  readonly folders: number;
  readonly entries: number;
  readonly scripts: number;
  /** Share of the walk that is done, 0 to 1. */
  readonly share: number;
  readonly path: string;
}

/** What a caller may ask for. */
export interface ScanOptions {
  /** Folders to walk; the whole machine where absent. */
  readonly roots?: readonly string[];
  /** Folder that stands for the machine's root: a recorded tree. */
  readonly systemRoot?: string;
  readonly platform?: Platform;
  readonly workerCount?: number;
  /** Share of one core, 1 to 100. */
  readonly cpuPercent?: number;
  /** Whether shares on other computers are walked. */
  readonly takesNetwork?: boolean;
  /** Start from here: folders that did not change are not read again. */
  readonly state?: ScanState;
  /** Whether the outcome has a state for the next scan. */
  readonly keepsState?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: ScanProgress) => void;
}

/** Outcome of a scan. */
export interface ScanOutcome {
  readonly roots: readonly string[];
  readonly startedAt: string;
  readonly durationMs: number;
  readonly inventory: Inventory;
  readonly coverage: ScanCoverage;
  readonly state?: ScanState;
}

/**
 * Finds what of Python is on this computer. Reads names and files; starts no process, opens no socket,
 * writes nothing, reads no file whose content lies in a cloud.
 */
export async function scan(options: ScanOptions = {}): Promise<ScanOutcome> {
  const startedMs = Date.now();
  const { state, systemRoot = '/' } = options;
  const isWholeMachine = options.roots === undefined;
  const isWindows =
    (options.platform?.name ?? process.platform) === (options.platform === undefined ? 'win32' : 'windows');
  const roots = (options.roots ?? [isWindows && systemRoot === '/' ? 'C:\\' : systemRoot]).map(realPathOf);
  const method = `${METHOD}${options.takesNetwork === true ? ', network' : ''}`;
  const workerCount =
    options.workerCount ?? (options.cpuPercent === undefined ? Math.min(MAX_WORKERS, availableParallelism()) : 1);
  const fits = state !== undefined && state.method === method && state.roots.join('\n') === roots.join('\n');
  // Other threads compare with the disk while this one loads the rest.
  const recheck = fits ? new Recheck(state.folders, workerCount) : undefined;
  const [{ InventoryBuilder }, { ScanWalk }, platform] = await Promise.all([
    import('./inventory-builder.ts'),
    import('./scan-walk.ts'),
    options.platform ?? import('./platform/platform.ts').then(({ platformOf }) => platformOf(process.platform)),
  ]);
  const machine = platform.facts(systemRoot, roots, options.takesNetwork === true);
  // Before the walk: while this thread asks the system, the others compare already.
  const machineFinds = [
    platform.schedules(machine),
    platform.processes(machine),
    platform.registered(machine),
  ] as const;
  const builder = new InventoryBuilder();
  let pool: Promise<WalkPool> | undefined;
  const walk = new ScanWalk({
    options,
    roots,
    method,
    builder,
    ...(recheck === undefined ? {} : { recheck }),
    ...(options.cpuPercent === undefined ? {} : { brake: new CpuBrake(options.cpuPercent) }),
    openPool: () => {
      // A walk leaves short-lived names only: a young generation that does not grow saves some 15 MB.
      setFlagsFromString('--semi-space-growth-factor=1');
      return (pool ??= openPool(machine, options, workerCount));
    },
  });
  try {
    await walk.run();
  } finally {
    setFlagsFromString('--semi-space-growth-factor=2');
    await (await pool)?.close();
  }
  const notes: string[] = [];
  if (!platform.isVerified)
    notes.push(`scanning ${platform.name} has been run against recorded trees only, not on a real machine`);
  if (isWholeMachine && systemRoot === '/' && process.getuid?.() !== undefined && process.getuid?.() !== 0)
    notes.push('the scan did not run as root: folders of other accounts may be missing');
  for (const { notes: more } of machineFinds) notes.push(...more);
  const [{ schedules }, { processes }, { interpreters, references }] = machineFinds;
  const inventory = builder.build(
    {
      schedules,
      processes: options.systemRoot === undefined || platform.name === 'linux' ? processes : [],
      registered: interpreters,
      references,
    },
    isWholeMachine ? undefined : roots,
  );
  const nextState = walk.nextState();
  return {
    roots,
    startedAt: timestamp(startedMs),
    durationMs: Date.now() - startedMs,
    inventory,
    coverage: {
      folders: walk.totals.folders,
      entries: walk.totals.entries,
      reusedFolders: walk.reusedFolders,
      librarySources: walk.totals.librarySources,
      prunedFolders: walk.totals.pruned,
      placeholders: walk.totals.placeholders,
      leftOut: walk.leftOut.slice(0, MAX_LEFT_OUT),
      leftOutCount: walk.leftOut.length,
      isComplete: walk.pending.length === 0,
      notes,
    },
    ...(nextState === undefined ? {} : { state: nextState }),
  };
}

async function openPool(machine: MachineFacts, options: ScanOptions, workerCount: number): Promise<WalkPool> {
  // Loaded only now: comparing with a state needs none of it.
  const { WalkPool } = await import('./walk/walk-pool.ts');
  const { cpuPercent, keepsState } = options;
  return new WalkPool(
    { machine, ...(cpuPercent === undefined ? {} : { cpuPercent }), keepsState: keepsState === true },
    workerCount,
  );
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
