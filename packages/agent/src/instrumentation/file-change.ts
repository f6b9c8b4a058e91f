import { createHash, randomBytes } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  closeSync,
  constants,
  fsyncSync,
  lstatSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  utimesSync,
  writeSync,
} from 'node:fs'; // prettier-ignore
import { dirname, join } from 'node:path';

/** A file as it was: everything that is needed to put it back. */
export interface FileState {
  /** Bytes in base64; null where there was no file. */
  readonly content: string | null;
  readonly mode?: number;
  readonly mtimeMs?: number;
}

/** One file and what it is to become. */
export interface FileChange extends FileState {
  readonly path: string;
}

/** What a change did. */
export interface ChangeDone {
  readonly path: string;
  readonly before: FileState;
  /** SHA-256 of what is there now; null for no file. */
  readonly after: string | null;
}

const NEW_FILE_MODE = 0o644;

/**
 * Makes changes one by one, in their order; those that change nothing are left out of the answer.
 * When one fails, those before it are taken back.
 * @throws the fault of the file system.
 */
export function applyChanges(changes: readonly FileChange[]): ChangeDone[] {
  const done: ChangeDone[] = [];
  try {
    for (const change of changes) {
      const before = readState(change.path);
      if (before.content === change.content) continue;
      writeState(change.path, { ...change, mode: change.mode ?? before.mode ?? NEW_FILE_MODE });
      done.push({ path: change.path, before, after: hashOf(change.content) });
    }
    return done;
  } catch (error) {
    for (const { path, before } of done.toReversed()) {
      try {
        writeState(path, before);
      } catch {
        // The place went away; there is nothing to put back into.
      }
    }
    throw error;
  }
}

/** A file as it is. A link counts as the file that it names only for reading. */
export function readState(path: string): FileState {
  try {
    const { mode, mtimeMs } = statSync(path);
    return { content: readFileSync(path).toString('base64'), mode: mode & 0o7777, mtimeMs };
  } catch (error) {
    if (!isAbsent(error)) throw error;
    return { content: null };
  }
}

/** Hash that tells whether a file is still what was written. */
export function hashOf(content: string | null): string | null {
  return content === null ? null : createHash('sha256').update(Buffer.from(content, 'base64')).digest('hex');
}

/** Writes beside the file and renames, so that an interpreter that starts now sees the old or the new whole. */
function writeState(path: string, state: FileState): void {
  if (state.content === null) {
    rmSync(path, { force: true });
    return;
  }
  const folder = dirname(path);
  const temporary = join(folder, `.sentinel-${randomBytes(6).toString('hex')}`);
  // Neither follows nor overwrites anything that somebody put there.
  const flags = constants.O_WRONLY | constants.O_CREAT | constants.O_EXCL | (constants.O_NOFOLLOW ?? 0);
  const descriptor = openSync(temporary, flags, 0o600);
  try {
    writeSync(descriptor, Buffer.from(state.content, 'base64'));
    fsyncSync(descriptor);
  } finally {
    closeSync(descriptor);
  }
  try {
    keepOwner(temporary, lstatSync(path, { throwIfNoEntry: false }) ?? statSync(folder));
    chmodSync(temporary, state.mode ?? NEW_FILE_MODE);
    if (state.mtimeMs !== undefined) utimesSync(temporary, new Date(), state.mtimeMs / 1000);
    renameSync(temporary, path);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function keepOwner(path: string, { uid, gid }: { readonly uid: number; readonly gid: number }): void {
  if (process.geteuid?.() === 0 && (uid !== 0 || gid !== 0)) chownSync(path, uid, gid);
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
