import type { LeftOut } from '@sentinel/protocol';
import {
  detailOf,
  type FolderColumns,
  FolderTable,
  type FolderTotals,
  foldersWithDetail,
  totalsOf,
} from './folder-table.ts';
import type { InventoryBuilder } from './inventory-builder.ts';
import { isShutOut, type Recheck } from './recheck.ts';
import type { ScanOptions } from './scan.ts';
import type { ScanState } from './scan-state.ts';
import type { CpuBrake } from './walk/cpu-brake.ts';
import type { FolderFinds, FolderTask } from './walk/folder-task.ts';
import type { WalkPool } from './walk/walk-pool.ts';
import type { WorkerReport } from './walk/worker-messages.ts';

/** What a walk needs. */
export interface WalkNeeds {
  readonly options: ScanOptions;
  readonly roots: readonly string[];
  readonly method: string;
  readonly builder: InventoryBuilder;
  /** Comparison with the state that the scan starts from. */
  readonly recheck?: Recheck;
  readonly brake?: CpuBrake;
  /** Threads that read; asked for only when there is something to read. */
  readonly openPool: () => Promise<WalkPool>;
}

/** One walk with its counters. */
export class ScanWalk {
  readonly totals: FolderTotals = { folders: 0, entries: 0, librarySources: 0, pruned: 0, placeholders: 0 };
  readonly leftOut: LeftOut[] = [];
  reusedFolders = 0;
  pending: readonly FolderTask[] = [];
  readonly #needs: WalkNeeds;
  readonly #old: ScanState | undefined;
  readonly #table: FolderTable | undefined;
  #share = 0;
  /** Whether every remembered folder was compared with the disk. */
  #isChecked = true;
  /** Whether the old state tells all that this walk saw. */
  #isAsBefore = false;

  constructor(needs: WalkNeeds) {
    this.#needs = needs;
    this.#old = needs.recheck === undefined ? undefined : needs.options.state;
    this.#table = needs.options.keepsState === true ? new FolderTable() : undefined;
  }

  async run(): Promise<void> {
    const { roots, recheck } = this.#needs;
    if (recheck === undefined || this.#old === undefined)
      return this.#walk(roots.map((path) => ({ path, weight: 1 / roots.length, isLibrary: false })));
    const fresh = await this.#compare(recheck, this.#old);
    this.#isAsBefore = this.#isChecked && recheck.isAllUnchanged && this.#old.pending.length === 0;
    this.#reuse(recheck, this.#old.folders);
    if (!this.#isChecked) return undefined;
    return this.#walk([...this.#old.pending, ...fresh]);
  }

  /** Where a later scan can start from: the very object it started from where nothing new is to be said. */
  nextState(): ScanState | undefined {
    if (this.#table === undefined) return undefined;
    // An interrupted comparison leaves the old one as it was.
    if ((!this.#isChecked || this.#isAsBefore) && this.#old !== undefined) return this.#old;
    const { roots, method } = this.#needs;
    return { roots, method, pending: this.pending, folders: this.#table.columns('view') };
  }

  /** Compares remembered folders, reads the changed ones, and tells which folders are new. */
  async #compare(recheck: Recheck, old: ScanState): Promise<FolderTask[]> {
    const { options, brake, openPool } = this.#needs;
    this.#isChecked = await recheck.run(brake, options.signal);
    const changed = this.#isChecked ? recheck.changed() : [];
    if (!this.#isChecked) this.pending = old.pending;
    if (changed.length === 0) return [];
    const pool = await openPool();
    let tasks = changed;
    for (;;) {
      const reports: WorkerReport[] = [];
      await pool.walk(tasks, true, (report) => reports.push(report), options.signal);
      this.pending = [...pool.unfinished];
      this.#isChecked = this.pending.length === 0;
      const subfolders = new Map(
        reports.flatMap(({ read }) => read.map(({ path, subfolders: found = [] }) => [path, found] as const)),
      );
      const entered = tasks.filter(({ path }) => !isShutOut(path, subfolders));
      if (this.#isChecked && entered.length < tasks.length) {
        // Some lie below a folder that is no longer entered, such as one that became an environment: again, without.
        tasks = entered;
        continue;
      }
      for (const report of reports) this.#take(report);
      return this.#isChecked ? recheck.enter(subfolders) : [];
    }
  }

  /** Counts and takes over what is as it was. */
  #reuse(recheck: Recheck, folders: FolderColumns): void {
    const isKept = (index: number) => recheck.isUnchanged(index);
    const totals = totalsOf(folders, isKept);
    this.reusedFolders = totals.folders;
    for (const [name, count] of Object.entries(totals)) this.totals[name as keyof FolderTotals] += count;
    for (const index of foldersWithDetail(folders)) {
      if (!isKept(index)) continue;
      const { finds, leftOut } = JSON.parse(detailOf(folders, index)) as { finds?: FolderFinds; leftOut?: LeftOut[] };
      if (finds !== undefined) this.#needs.builder.add(finds);
      if (leftOut !== undefined) this.leftOut.push(...leftOut);
    }
    if (!this.#isAsBefore) this.#table?.append(folders, isKept);
  }

  async #walk(tasks: readonly FolderTask[]): Promise<void> {
    if (tasks.length === 0) return;
    const pool = await this.#needs.openPool();
    await pool.walk(tasks, false, (report) => this.#take(report), this.#needs.options.signal);
    this.pending = [...pool.unfinished];
  }

  #take(report: WorkerReport): void {
    for (const name of ['folders', 'entries', 'pruned', 'librarySources', 'placeholders'] as const)
      this.totals[name] += report[name];
    this.#share += report.doneWeight;
    for (const { finds, leftOut } of report.read) {
      if (finds !== undefined) this.#needs.builder.add(finds);
      this.leftOut.push(...leftOut);
    }
    if (report.columns !== undefined) this.#table?.append(report.columns);
    this.#needs.options.onProgress?.({
      folders: this.totals.folders,
      entries: this.totals.entries,
      scripts: this.#needs.builder.scriptCount,
      share: Math.min(this.#share, 1),
      path: report.lastPath,
    });
  }
}
