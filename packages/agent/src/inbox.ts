import { readdirSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { readHeldFolder } from '@sentinel/capture';
import { PROBE_FILE_SUFFIX } from '@sentinel/protocol';

/** A probe file as it lies in the inbox now. */
export interface InboxFile {
  /** The same before and after a held folder is renamed. */
  readonly key: string;
  readonly path: string;
  /** Whether a `sentinel run` still may write its end. */
  readonly isHeld: boolean;
}

/** What lies in the inbox. */
export interface InboxListing {
  readonly files: readonly InboxFile[];
  /** Folders to watch, the inbox itself first. */
  readonly folders: readonly string[];
  /** Folders that nobody holds any more: to be removed once empty. */
  readonly abandoned: readonly string[];
}

/** Lists the inbox, oldest run first: run ids rise with time. */
export function listInbox(inbox: string): InboxListing {
  const files: InboxFile[] = [];
  const folders = [inbox];
  const abandoned: string[] = [];
  for (const entry of entriesOf(inbox)) {
    const path = join(inbox, entry.name);
    if (entry.isDirectory()) {
      const stat = statSync(path, { throwIfNoEntry: false });
      if (stat === undefined) continue;
      const held = readHeldFolder(path, stat.birthtimeMs || stat.mtimeMs);
      if (held === undefined) continue;
      folders.push(path);
      const names = entriesOf(path).filter((file) => file.name.endsWith(PROBE_FILE_SUFFIX));
      if (!held.isHeld) abandoned.push(path);
      for (const file of names)
        files.push({ key: `${held.key}/${file.name}`, path: join(path, file.name), isHeld: held.isHeld });
    } else if (entry.name.endsWith(PROBE_FILE_SUFFIX)) {
      files.push({ key: entry.name, path, isHeld: false });
    }
  }
  files.sort((a, b) => (baseOf(a.key) < baseOf(b.key) ? -1 : 1));
  return { files, folders, abandoned };
}

/** Removes a folder if it is empty. */
export function removeIfEmpty(path: string): void {
  try {
    rmdirSync(path);
  } catch {
    // Not empty, or gone already.
  }
}

/** Moves a probe file out of the inbox, or at least out of the way. */
export function setAside(path: string, quarantine: string): void {
  try {
    renameSync(path, join(quarantine, `${Date.now()}-${baseOf(path)}`));
  } catch {
    rmSync(path, { force: true, recursive: true });
  }
}

function entriesOf(folder: string) {
  try {
    return readdirSync(folder, { withFileTypes: true });
  } catch {
    return [];
  }
}

function baseOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}
