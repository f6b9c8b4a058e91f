import type { MachineFacts } from '../machine-facts.ts';
import type { FolderReading, FolderTask } from './folder-task.ts';

/** What a worker is started with. */
export interface WorkerStart {
  readonly machine: MachineFacts;
  /** Share of one core that the whole process may take, 0 to 100; absent: no limit. */
  readonly cpuPercent?: number;
  /** Whether modification times of folders are wanted, for a later scan that starts from this one. */
  readonly keepsStamps: boolean;
}

/** Folders for a worker to go on with. */
export interface WorkerOrder {
  readonly tasks: FolderTask[];
  /** Whether to stay with these folders and hand their subfolders back. */
  readonly isShallow: boolean;
}

/** Modification of a folder: when both are the same, its names are. */
export interface FolderStamp {
  readonly mtimeMs: number;
  readonly ino: number;
}

/** A folder that was read, as far as others need to know. */
export interface FolderRead {
  readonly task: FolderTask;
  readonly reading: Omit<FolderReading, 'subfolders' | 'entries'>;
  readonly stamp?: FolderStamp;
  readonly entries: number;
  /** Subfolders, for a shallow order. */
  readonly subfolders?: FolderTask[];
}

/** What a worker hands back after a while. */
export interface WorkerReport {
  readonly folders: number;
  readonly entries: number;
  /** Share of the walk that is done, by the weights of finished folders. */
  readonly doneWeight: number;
  readonly pruned: number;
  readonly librarySources: number;
  /** Folders with something to tell; all of them where stamps are kept. */
  readonly read: FolderRead[];
  /** Folders that are still to be read. */
  readonly rest: FolderTask[];
  readonly lastPath: string;
}
