import { fileStats } from '../classify/file-facts.ts';
import { FolderTable } from '../folder-table.ts';
import type { MachineFacts } from '../machine-facts.ts';
import type { CpuBrake } from './cpu-brake.ts';
import type { FolderReading, FolderTask } from './folder-task.ts';
import { readFolder } from './read-folder.ts';
import { collectTouches } from './touch-log.ts';
import type { FolderRead, WorkerOrder, WorkerReport, WorkerStart } from './worker-messages.ts';

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
  const table = start.keepsState ? new FolderTable() : undefined;
  let [folders, entries, doneWeight, pruned, librarySources, placeholders] = [0, 0, 0, 0, 0, 0];
  let lastPath = '';
  while (stack.length > 0 && performance.now() < until) {
    const task = stack.pop();
    if (task === undefined) break;
    const reading = table === undefined ? readFolder(task, start.machine) : readInto(table, task, start.machine);
    const { subfolders, finds, leftOut } = reading;
    folders += 1;
    entries += reading.entries;
    pruned += reading.pruned;
    librarySources += reading.librarySources;
    placeholders += reading.placeholders;
    lastPath = task.path;
    if (subfolders.length === 0) doneWeight += task.weight;
    if (!isShallow) for (const subfolder of subfolders) stack.push(subfolder);
    if (!isShallow && finds === undefined && leftOut.length === 0) continue;
    read.push({
      path: task.path,
      ...(finds === undefined ? {} : { finds }),
      leftOut,
      ...(isShallow ? { subfolders } : {}),
    });
  }
  brake?.pause();
  return {
    folders,
    entries,
    doneWeight,
    pruned,
    librarySources,
    placeholders,
    read,
    ...(table === undefined ? {} : { columns: table.columns('trimmed') }),
    rest: stack,
    lastPath,
  };
}

/** Reads a folder and remembers what the next scan needs to tell whether it is still the same. */
function readInto(table: FolderTable, task: FolderTask, machine: MachineFacts): FolderReading {
  // The stamp comes before the names: a change in between is seen again by the next scan.
  const stats = fileStats(task.path);
  const { outcome: reading, touched } = collectTouches(() => readFolder(task, machine));
  const { finds, leftOut } = reading;
  table.add({
    path: task.path,
    mtimeMs: stats?.mtimeMs ?? Number.NaN,
    ino: stats?.ino ?? 0,
    isLibrary: task.isLibrary,
    ...(task.repository === undefined ? {} : { repository: task.repository }),
    entries: reading.entries,
    librarySources: reading.librarySources,
    pruned: reading.pruned,
    placeholders: reading.placeholders,
    detail:
      finds === undefined && leftOut.length === 0
        ? ''
        : JSON.stringify({ finds, ...(leftOut.length === 0 ? {} : { leftOut }) }),
    touched,
  });
  return reading;
}
