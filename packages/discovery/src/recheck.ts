import { sep } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { Worker } from 'node:worker_threads';
import { contextOf, type FolderColumns, folderCount, pathsOf, touchOwners } from './folder-table.ts';
import { awaitRecheck, FATE, newRecheck, type RecheckShare, recheckNext } from './recheck-share.js';
import type { CpuBrake } from './walk/cpu-brake.ts';
import type { FolderTask } from './walk/folder-task.ts';

/** So few folders are compared before another thread has even started. */
const WORTH_A_THREAD = 5000;
/** An answer of the disk is some 400 bytes of garbage: with less room than this, clearing it costs as much as asking. */
const WORKER_MEMORY = { maxYoungGenerationSizeMb: 8, maxOldGenerationSizeMb: 64 };
/** The thread that compares must also hear an interruption. */
const TURN_MS = 50;
const PATHS_AT_A_TIME = 1024;

/**
 * Comparison of remembered folders with the disk by time and inode. Whatever the reading of a folder touched is
 * compared as well, because a change inside a file leaves its folder as it was.
 */
export class Recheck {
  readonly #folders: FolderColumns;
  readonly #share: RecheckShare;
  readonly #workers: Worker[];

  /** Starts at once: other threads compare while this one does something else. */
  constructor(folders: FolderColumns, workerCount: number) {
    this.#folders = folders;
    this.#share = newRecheck(folders);
    const isWorthIt = folderCount(folders) + folders.touchFollows.length > WORTH_A_THREAD;
    this.#workers = Array.from(
      { length: isWorthIt ? workerCount - 1 : 0 },
      () =>
        new Worker(new URL('./recheck-share.js', import.meta.url), {
          workerData: { isRecheck: true, recheck: this.#share },
          resourceLimits: WORKER_MEMORY,
          // It needs none, and a copy costs as long as a thousand folders.
          env: {},
          trackUnmanagedFds: false,
        }),
    );
    for (const worker of this.#workers) {
      // A share that a thread took with it when it failed would never be done.
      worker.on('error', () => this.#failed());
      worker.unref();
    }
  }

  #hasFailed = false;
  #failed(): void {
    this.#hasFailed = true;
  }

  /** Compares what is left. Whether it came to the end. */
  async run(brake: CpuBrake | undefined, signal: AbortSignal | undefined): Promise<boolean> {
    let turnMs = performance.now();
    while (recheckNext(this.#share)) {
      brake?.pause();
      if (performance.now() - turnMs < TURN_MS) continue;
      await nextTurn();
      if (signal?.aborted === true) return false;
      turnMs = performance.now();
    }
    awaitRecheck(this.#share);
    this.#spread();
    return !this.#hasFailed;
  }

  /** Whether a folder is as it was. */
  isUnchanged(index: number): boolean {
    return this.#share.fates[index] === FATE.unchanged;
  }

  /** Whether every folder is as it was. */
  get isAllUnchanged(): boolean {
    return this.#share.fates.every((fate) => fate === FATE.unchanged);
  }

  /** Folders to read again; those that are gone are not among them. */
  changed(): FolderTask[] {
    const tasks: FolderTask[] = [];
    const { fates } = this.#share;
    for (let index = fates.indexOf(FATE.changed); index >= 0; index = fates.indexOf(FATE.changed, index + 1)) {
      const [path = ''] = pathsOf(this.#folders, index, index + 1);
      tasks.push({ path, weight: 0, ...contextOf(this.#folders, index) });
    }
    return tasks;
  }

  /**
   * Takes the new names of changed folders into account: what lies below a subfolder that is entered no more is gone.
   * @param subfolders - Subfolders of each changed folder that was read again.
   * @returns Subfolders that were not remembered, or that count for something else now.
   */
  enter(subfolders: ReadonlyMap<string, readonly FolderTask[]>): FolderTask[] {
    if (subfolders.size === 0) return [];
    const unknown = new Map([...subfolders.values()].flatMap((tasks) => tasks.map((task) => [task.path, task])));
    const count = folderCount(this.#folders);
    const others: number[] = [];
    for (let start = 0; start < count; start += PATHS_AT_A_TIME) {
      const paths = pathsOf(this.#folders, start, Math.min(start + PATHS_AT_A_TIME, count));
      for (const [offset, path] of paths.entries()) {
        const index = start + offset;
        if (isShutOut(path, subfolders)) this.#share.fates[index] = FATE.gone;
        if (this.#share.fates[index] === FATE.gone) continue;
        const task = unknown.get(path);
        if (task === undefined) continue;
        if (isSameContext(task, contextOf(this.#folders, index))) unknown.delete(path);
        else others.push(index);
      }
    }
    if (others.length > 0) this.#forgetBelow(others);
    return [...unknown.values()].map((task) => ({ ...task, weight: 0 }));
  }

  /** Folders that count for something else now are read afresh, with everything below them. */
  #forgetBelow(indices: readonly number[]): void {
    const roots = indices.map((index) => pathsOf(this.#folders, index, index + 1)[0] ?? '');
    const count = folderCount(this.#folders);
    for (let start = 0; start < count; start += PATHS_AT_A_TIME) {
      const paths = pathsOf(this.#folders, start, Math.min(start + PATHS_AT_A_TIME, count));
      for (const [offset, path] of paths.entries())
        if (roots.some((root) => path === root || path.startsWith(`${root}${sep}`)))
          this.#share.fates[start + offset] = FATE.gone;
    }
  }

  /** A folder with a changed file is a changed folder. */
  #spread(): void {
    const { fates, touchFates } = this.#share;
    if (!touchFates.includes(FATE.changed)) return;
    touchOwners(this.#folders, (touch, folder) => {
      if (touchFates[touch] === FATE.changed && fates[folder] === FATE.unchanged) fates[folder] = FATE.changed;
    });
  }
}

/** Whether a changed folder above a path no longer enters any part that leads to it. */
export function isShutOut(path: string, entered: ReadonlyMap<string, readonly FolderTask[]>): boolean {
  const longer = [path];
  for (let at = path.lastIndexOf(sep); at >= 0; at = at === 0 ? -1 : path.lastIndexOf(sep, at - 1)) {
    const above = at === 0 ? sep : path.slice(0, at);
    const kept = entered.get(above);
    // A reading may enter a folder that lies several steps below.
    if (kept !== undefined && !kept.some((task) => longer.includes(task.path))) return true;
    longer.push(above);
  }
  return false;
}

function isSameContext(a: Pick<FolderTask, 'isLibrary' | 'repository'>, b: typeof a): boolean {
  return (
    a.isLibrary === b.isLibrary &&
    a.repository?.root === b.repository?.root &&
    a.repository?.hasRemote === b.repository?.hasRemote
  );
}
