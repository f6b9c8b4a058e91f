import type { LeftOut } from '@sentinel/protocol';
import type { FolderColumns } from '../folder-table.ts';
import type { MachineFacts } from '../machine-facts.ts';
import type { FolderFinds, FolderTask } from './folder-task.ts';

/** What a worker is started with. */
export interface WorkerStart {
  readonly machine: MachineFacts;
  /** Share of one core that the whole process may take, 0 to 100; absent: no limit. */
  readonly cpuPercent?: number;
  /** Whether all folders are wanted in columns, for a later scan that starts from this one. */
  readonly keepsState: boolean;
}

/** Folders for a worker to go on with. */
export interface WorkerOrder {
  readonly tasks: FolderTask[];
  /** Whether to stay with these folders and hand their subfolders back. */
  readonly isShallow: boolean;
}

/** A folder that was read and has something to tell. */
export interface FolderRead {
  readonly path: string;
  readonly finds?: FolderFinds;
  readonly leftOut: readonly LeftOut[];
  /** Subfolders, for a shallow order. */
  readonly subfolders?: readonly FolderTask[];
}

/** What a worker hands back after a while. */
export interface WorkerReport {
  readonly folders: number;
  readonly entries: number;
  /** Share of the walk that is done, by the weights of finished folders. */
  readonly doneWeight: number;
  readonly pruned: number;
  readonly librarySources: number;
  readonly placeholders: number;
  /** Folders with something to tell. */
  readonly read: readonly FolderRead[];
  /** All folders that were read, where a later scan wants to start from them. */
  readonly columns?: FolderColumns;
  /** Folders that are still to be read. */
  readonly rest: readonly FolderTask[];
  readonly lastPath: string;
}
