import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { lockHolder, lockText } from '@sentinel/capture';

/**
 * Takes the lock of a data folder, so that one agent at a time writes there. A lock whose process is
 * gone is taken over.
 * @returns how to give it back.
 * @throws Error that names the process which holds it.
 */
export function takeLock(path: string): () => void {
  const own = lockText();
  const temporary = `${path}.${process.pid}`;
  writeFileSync(temporary, own, { mode: 0o600 });
  try {
    for (let attempt = 0; attempt < 5; attempt++) {
      try {
        // A link appears with its content, so nobody ever reads an empty lock.
        linkSync(temporary, path);
        return () => {
          if (readText(path) === own) rmSync(path, { force: true });
        };
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
      }
      dropStaleLock(path);
    }
    throw new Error('the lock changes hands all the time');
  } finally {
    rmSync(temporary, { force: true });
  }
}

function dropStaleLock(path: string): void {
  const text = readText(path);
  if (text === undefined) return;
  const holder = lockHolder(text);
  if (holder !== undefined) throw new Error(`an agent already runs on this data folder (process ${holder})`);
  const aside = `${path}.stale-${process.pid}`;
  try {
    renameSync(path, aside);
  } catch {
    return;
  }
  // Another starter may have put its own lock there between reading and renaming: that one goes back.
  if (readText(aside) !== text) {
    try {
      linkSync(aside, path);
    } catch {
      // A third one took it.
    }
  }
  rmSync(aside, { force: true });
}

function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}
