import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileStats, readHead, readSmallText } from '../classify/file-facts.ts';
import { shebangKind } from '../classify/source.ts';
import type { IsPythonFile, ScheduleFile } from '../schedules/when-command.ts';

const MAX_FILES = 5000;

/** Names in a folder; none where it cannot be read. */
export function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder).sort();
  } catch {
    return [];
  }
}

/** Text of a file with its path, or nothing. */
export function readScheduleFile(path: string): ScheduleFile[] {
  if (fileStats(path)?.isDirectory() === true) return [];
  const text = readSmallText(path);
  return text === undefined ? [] : [{ source: path, text }];
}

/** All files of a folder. */
export function readScheduleFolder(folder: string, accepts: (name: string) => boolean = () => true): ScheduleFile[] {
  return namesIn(folder)
    .filter(accepts)
    .flatMap((name) => readScheduleFile(join(folder, name)));
}

/** All files below a folder. */
export function readScheduleTree(folder: string): ScheduleFile[] {
  const files: ScheduleFile[] = [];
  const pending = [folder];
  while (pending.length > 0 && files.length < MAX_FILES) {
    const current = pending.pop() ?? folder;
    for (const name of namesIn(current)) {
      const path = join(current, name);
      if (fileStats(path)?.isDirectory() === true) pending.push(path);
      else files.push(...readScheduleFile(path));
    }
  }
  return files;
}

/** Tells by the first line of a file whether Python runs it; paths are those of the machine. */
export function pythonFileTest(systemRoot: string): IsPythonFile {
  const head = Buffer.alloc(128);
  return (path) => {
    const real = path.startsWith(systemRoot) ? path : join(systemRoot, path);
    const stats = fileStats(real);
    if (stats?.isFile() !== true) return false;
    return shebangKind(head.subarray(0, readHead(real, head))) !== undefined;
  };
}
