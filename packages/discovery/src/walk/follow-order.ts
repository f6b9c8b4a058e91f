import { fileStats } from '../classify/file-facts.ts';
import type { CpuBrake } from './cpu-brake.ts';
import type { FolderTask } from './folder-task.ts';
import { readFolder } from './read-folder.ts';
import type { FolderRead, FolderStamp, WorkerOrder, WorkerReport, WorkerStart } from './worker-messages.ts';

/** Reads folders for a while, deep first, and tells what it saw and what is left. */
export function followOrder(
  { tasks, isShallow }: WorkerOrder,
  start: WorkerStart,
  sliceMs: number,
  brake?: CpuBrake,
): WorkerReport {
  const until = performance.now() + sliceMs;
  const stack: FolderTask[] = tasks;
  const read: FolderRead[] = [];
  let [folders, entries, doneWeight, pruned, librarySources] = [0, 0, 0, 0, 0];
  let lastPath = '';
  while (stack.length > 0 && performance.now() < until) {
    const task = stack.pop();
    if (task === undefined) break;
    // The stamp comes before the names: a change in between is seen again by the next scan.
    const stamp = start.keepsStamps ? stampOf(task.path) : undefined;
    const { subfolders, ...reading } = readFolder(task, start.machine);
    folders += 1;
    entries += reading.entries;
    pruned += reading.pruned;
    librarySources += reading.librarySources;
    lastPath = task.path;
    if (subfolders.length === 0) doneWeight += task.weight;
    if (!isShallow) for (const subfolder of subfolders) stack.push(subfolder);
    if (
      stamp !== undefined ||
      isShallow ||
      reading.finds !== undefined ||
      reading.leftOut.length > 0 ||
      reading.placeholders > 0
    ) {
      read.push({
        task,
        reading,
        entries: reading.entries,
        ...(stamp === undefined ? {} : { stamp }),
        ...(isShallow ? { subfolders } : {}),
      });
    }
  }
  brake?.pause();
  return { folders, entries, doneWeight, pruned, librarySources, read, rest: stack, lastPath };
}

function stampOf(path: string): FolderStamp | undefined {
  const stats = fileStats(path);
  return stats === undefined ? undefined : { mtimeMs: stats.mtimeMs, ino: stats.ino };
}
