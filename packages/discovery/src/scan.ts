import { realpathSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { setFlagsFromString } from 'node:v8';
import type { Inventory, LeftOut, ScanCoverage } from '@sentinel/protocol';
import { timestamp } from './classify/file-facts.ts';
import { InventoryBuilder } from './inventory-builder.ts';
import { type Platform, platformOf } from './platform/platform.ts';
import { recheck } from './recheck.ts';
import type { FolderRecord, ScanState } from './scan-state.ts';
import type { FolderTask } from './walk/folder-task.ts';
import { WalkPool } from './walk/walk-pool.ts';
import type { FolderRead, WorkerReport } from './walk/worker-messages.ts';

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
  const platform = options.platform ?? platformOf(process.platform);
  const systemRoot = options.systemRoot ?? '/';
  const isWholeMachine = options.roots === undefined;
  const roots = (options.roots ?? [platform.name === 'windows' && systemRoot === '/' ? 'C:\\' : systemRoot]).map(
    realPathOf,
  );
  const machine = platform.facts(systemRoot, roots, options.takesNetwork === true);
  const method = `${METHOD}${options.takesNetwork === true ? ', network' : ''}`;
  const walk = new ScanWalk(options, roots, method);
  const pool = new WalkPool(
    {
      machine,
      ...(options.cpuPercent === undefined ? {} : { cpuPercent: options.cpuPercent }),
      keepsStamps: options.keepsState === true,
    },
    options.workerCount ?? (options.cpuPercent === undefined ? Math.min(MAX_WORKERS, availableParallelism()) : 1),
  );
  // A walk leaves short-lived names only: a young generation that does not grow saves some 15 MB.
  setFlagsFromString('--semi-space-growth-factor=1');
  try {
    await walk.run(pool);
  } finally {
    setFlagsFromString('--semi-space-growth-factor=2');
    await pool.close();
  }
  const { builder } = walk;
  const notes: string[] = [];
  if (!platform.isVerified)
    notes.push(`scanning ${platform.name} has been run against recorded trees only, not on a real machine`);
  if (isWholeMachine && systemRoot === '/' && process.getuid?.() !== undefined && process.getuid?.() !== 0)
    notes.push('the scan did not run as root: folders of other accounts may be missing');
  const machineFinds = [
    platform.schedules(machine),
    platform.processes(machine),
    platform.registered(machine),
  ] as const;
  for (const { notes: more } of machineFinds) notes.push(...more);
  const [{ schedules }, { processes }, { interpreters }] = machineFinds;
  const inventory = builder.build(
    {
      schedules,
      processes: options.systemRoot === undefined || platform.name === 'linux' ? processes : [],
      registered: interpreters,
    },
    isWholeMachine ? undefined : roots,
  );
  return {
    roots,
    startedAt: timestamp(startedMs),
    durationMs: Date.now() - startedMs,
    inventory,
    coverage: {
      folders: walk.folders,
      entries: walk.entries,
      reusedFolders: walk.reusedFolders,
      librarySources: walk.librarySources,
      prunedFolders: walk.pruned,
      placeholders: walk.placeholders,
      leftOut: walk.leftOut.slice(0, MAX_LEFT_OUT),
      leftOutCount: walk.leftOut.length,
      isComplete: walk.pending.length === 0,
      notes,
    },
    ...(options.keepsState === true ? { state: walk.nextState(method) } : {}),
  };
}

/** One walk with its counters. */
class ScanWalk {
  readonly builder = new InventoryBuilder();
  readonly records = new Map<string, FolderRecord>();
  readonly leftOut: LeftOut[] = [];
  readonly #options: ScanOptions;
  readonly #roots: readonly string[];
  readonly #old: ScanState | undefined;
  pending: FolderTask[] = [];
  folders = 0;
  entries = 0;
  reusedFolders = 0;
  librarySources = 0;
  pruned = 0;
  placeholders = 0;
  #share = 0;
  /** Whether every remembered folder was compared with the disk. */
  #isChecked = true;

  constructor(options: ScanOptions, roots: readonly string[], method: string) {
    this.#options = options;
    this.#roots = roots;
    const { state } = options;
    const fits = state !== undefined && state.method === method && state.roots.join('\n') === roots.join('\n');
    this.#old = fits ? state : undefined;
  }

  async run(pool: WalkPool): Promise<void> {
    const { signal } = this.#options;
    const deep: FolderTask[] = this.#old === undefined ? this.#rootTasks() : [...this.#old.pending];
    if (this.#old !== undefined) {
      const { unchanged, changed, removeBelow } = recheck(this.#old.folders);
      for (const record of unchanged) this.records.set(record.path, record);
      const known = new Set(this.#old.folders.map(({ path }) => path));
      const shallow = changed.map(taskOf);
      // Only afterwards: another worker may still be reading below a folder that is no longer entered.
      const gone: string[] = [];
      await pool.walk(
        shallow,
        true,
        (report) => {
          // Numbers of these folders are added up with those of the unchanged ones, below.
          this.#take(report, false);
          for (const { task, subfolders = [] } of report.read) {
            const kept = new Set(subfolders.map(({ path }) => path));
            for (const path of removeBelow(task.path, kept)) gone.push(path);
            for (const subfolder of subfolders) if (!known.has(subfolder.path)) deep.push({ ...subfolder, weight: 0 });
          }
        },
        signal,
      );
      for (const path of gone) this.records.delete(path);
      for (const record of this.records.values()) this.#count(record);
      this.reusedFolders = Math.max(0, this.records.size - shallow.length);
    }
    const unchecked = [...pool.unfinished];
    if (unchecked.length === 0) await pool.walk(deep, false, (report) => this.#take(report, true), signal);
    this.pending = unchecked.length > 0 ? unchecked : [...pool.unfinished];
    this.#isChecked = unchecked.length === 0;
    for (const record of this.records.values()) if (record.finds !== undefined) this.builder.add(record.finds);
  }

  /** Where a later scan can start from. An interrupted comparison leaves the old one as it was. */
  nextState(method: string): ScanState {
    if (!this.#isChecked && this.#old !== undefined) return this.#old;
    return { roots: this.#roots, method, pending: this.pending, folders: [...this.records.values()] };
  }

  #rootTasks(): FolderTask[] {
    return this.#roots.map((path) => ({ path, weight: 1 / this.#roots.length, isLibrary: false }));
  }

  #take(report: WorkerReport, isCounted: boolean): void {
    if (isCounted) {
      this.folders += report.folders;
      this.entries += report.entries;
      this.pruned += report.pruned;
      this.librarySources += report.librarySources;
    }
    this.#share += report.doneWeight;
    for (const read of report.read) this.#record(read, isCounted);
    this.#options.onProgress?.({
      folders: Math.max(this.folders, this.records.size),
      entries: this.entries,
      scripts: this.builder.scriptCount,
      share: Math.min(this.#share, 1),
      path: report.lastPath,
    });
  }

  /** Keeps what a folder told: for the state, or only its finds. */
  #record({ task, reading, stamp, entries }: FolderRead, isCounted: boolean): void {
    if (isCounted) {
      this.placeholders += reading.placeholders;
      this.leftOut.push(...reading.leftOut);
    }
    if (this.#options.keepsState !== true && this.#old === undefined) {
      if (reading.finds !== undefined) this.builder.add(reading.finds);
      return;
    }
    this.records.set(task.path, {
      path: task.path,
      mtimeMs: stamp?.mtimeMs ?? 0,
      ino: stamp?.ino ?? 0,
      isLibrary: task.isLibrary,
      ...(task.repository === undefined ? {} : { repository: task.repository }),
      entries,
      librarySources: reading.librarySources,
      pruned: reading.pruned,
      ...(reading.finds === undefined ? {} : { finds: reading.finds }),
      ...(reading.leftOut.length === 0 ? {} : { leftOut: reading.leftOut }),
      ...(reading.placeholders === 0 ? {} : { placeholders: reading.placeholders }),
    });
  }

  #count(record: FolderRecord): void {
    this.folders += 1;
    this.entries += record.entries;
    this.pruned += record.pruned;
    this.librarySources += record.librarySources;
    this.placeholders += record.placeholders ?? 0;
    if (record.leftOut !== undefined) this.leftOut.push(...record.leftOut);
  }
}

function taskOf({ path, isLibrary, repository }: FolderRecord): FolderTask {
  return { path, weight: 0, isLibrary, ...(repository === undefined ? {} : { repository }) };
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
