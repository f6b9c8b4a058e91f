import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

/** Holds a data folder for one server. */
export interface DataLock {
  release(): void;
}

/**
 * Takes the folder for this process. The system holds the lock and drops it with the process, so a
 * crash leaves nothing to clean up; the file `pid` only says who it is.
 * @throws Error if another server has the folder.
 */
export function lockData(folder: string): DataLock {
  const pidFile = join(folder, 'pid');
  const database = new DatabaseSync(join(folder, 'lock'));
  try {
    database.exec('PRAGMA journal_mode = MEMORY; BEGIN EXCLUSIVE');
  } catch (error) {
    database.close();
    throw new Error(`another server${pidOf(pidFile)} uses the data folder "${folder}"`, { cause: error });
  }
  writeFileSync(pidFile, `${process.pid}\n`);
  return {
    release() {
      rmSync(pidFile, { force: true });
      database.close();
    },
  };
}

function pidOf(file: string): string {
  try {
    return ` (process ${readFileSync(file, 'utf8').trim()})`;
  } catch {
    return '';
  }
}
