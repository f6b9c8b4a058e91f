import { statSync } from 'node:fs';
import { fileStats, timestamp } from './classify/file-facts.ts';
import type { FolderRecord } from './scan-state.ts';

/** Remembered folders, told apart by whether they are still as they were. */
export interface Recheck {
  readonly unchanged: FolderRecord[];
  /** Folders to read again; those that are gone are in neither list. */
  readonly changed: FolderRecord[];
  /** Remembered folders below a folder that its new reading no longer enters. */
  readonly removeBelow: (path: string, kept: ReadonlySet<string>) => string[];
}

/**
 * Compares remembered folders with the disk by time and inode; files that people wrote are compared themselves,
 * because a change inside a file leaves its folder as it was.
 */
export function recheck(folders: readonly FolderRecord[]): Recheck {
  const unchanged: FolderRecord[] = [];
  const changed: FolderRecord[] = [];
  for (const record of folders) {
    let stats: { mtimeMs: number; ino: number; isDirectory(): boolean } | undefined;
    try {
      // Folders are never links: a plain stat is the cheapest question.
      stats = statSync(record.path, { throwIfNoEntry: false });
    } catch {
      stats = undefined;
    }
    if (stats === undefined || !stats.isDirectory()) continue;
    if (stats.mtimeMs === record.mtimeMs && stats.ino === record.ino && hasSameFiles(record)) unchanged.push(record);
    else changed.push(record);
  }
  const paths = folders.map(({ path }) => path).sort();
  return {
    unchanged,
    changed,
    removeBelow: (path, kept) => {
      const prefix = path.endsWith('/') ? path : `${path}/`;
      const removed: string[] = [];
      for (let index = firstAtOrAfter(paths, prefix); index < paths.length; index += 1) {
        const one = paths[index] ?? '';
        if (!one.startsWith(prefix)) break;
        if (![...kept].some((child) => one === child || one.startsWith(`${child}/`))) removed.push(one);
      }
      return removed;
    },
  };
}

/** Place of the first path that does not stand before another in order. */
function firstAtOrAfter(paths: readonly string[], wanted: string): number {
  let [low, high] = [0, paths.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((paths[middle] ?? '') < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}

function hasSameFiles({ finds }: FolderRecord): boolean {
  if (finds === undefined) return true;
  // Whether these work depends on other folders as well: they are looked at each time.
  if (finds.environments !== undefined || finds.interpreters !== undefined) return false;
  const files = [
    ...(finds.scripts ?? []),
    ...(finds.notebooks ?? []),
    ...(finds.launchers ?? []),
    ...(finds.frozen ?? []),
  ];
  return files.every((file) => {
    const stats = fileStats(file.path);
    return (
      stats !== undefined &&
      timestamp(stats.mtimeMs) === file.modifiedAt &&
      (!('sizeBytes' in file) || stats.size === file.sizeBytes)
    );
  });
}
