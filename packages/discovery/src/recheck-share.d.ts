import type { FolderColumns } from './folder-table.ts';

/** What became of a folder or file that a scan remembers. */
export declare const FATE: {
  readonly notLookedAt: 0;
  readonly unchanged: 1;
  readonly changed: 2;
  readonly gone: 3;
};

/** Comparison of remembered folders and files with the disk, in memory that threads share. */
export interface RecheckShare {
  readonly folders: FolderColumns;
  /** One of `FATE` for each folder. */
  readonly fates: Uint8Array;
  /** One of `FATE` for each file or folder that the reading of a folder touched. */
  readonly touchFates: Uint8Array;
  /** Next share to be taken, and how many are done. */
  readonly progress: Int32Array;
}

/** A comparison of which nothing is done. */
export declare function newRecheck(folders: FolderColumns): RecheckShare;

/** Does the next share. Whether there was one. */
export declare function recheckNext(recheck: RecheckShare): boolean;

/** Waits until all shares are done, those of other threads included. */
export declare function awaitRecheck(recheck: RecheckShare): void;
