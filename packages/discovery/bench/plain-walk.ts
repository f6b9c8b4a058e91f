/// <reference types="node" />
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isMainThread, parentPort, Worker } from 'node:worker_threads';

const SLICE_MS = 60;

/** Reads every folder below a root by several threads and looks at nothing: the floor of any scan. Number of folders. */
export async function plainWalk(root: string, workerCount: number): Promise<number> {
  let folders = 0;
  const pending = [root];
  const workers = Array.from(
    { length: workerCount },
    () => new Worker(new URL(import.meta.url), { resourceLimits: { maxYoungGenerationSizeMb: 4 } }),
  );
  const busy = new Set<Worker>();
  await new Promise<void>((resolve, reject) => {
    const next = () => {
      for (const worker of workers) {
        if (busy.has(worker) || pending.length === 0) continue;
        busy.add(worker);
        // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
        worker.postMessage(pending.splice(-Math.min(64, Math.ceil(pending.length / workerCount))));
      }
      if (busy.size === 0) resolve();
    };
    for (const worker of workers) {
      worker.on('error', reject);
      worker.on('message', (report: { folders: number; rest: string[] }) => {
        busy.delete(worker);
        folders += report.folders;
        for (const path of report.rest) pending.push(path);
        next();
      });
    }
    next();
  });
  await Promise.all(workers.map((worker) => worker.terminate()));
  return folders;
}

if (!isMainThread) {
  parentPort?.on('message', (stack: string[]) => {
    const until = performance.now() + SLICE_MS;
    let folders = 0;
    while (stack.length > 0 && performance.now() < until) {
      const path = stack.pop();
      if (path === undefined) break;
      folders += 1;
      for (const entry of readdirSync(path, { withFileTypes: true }))
        if (entry.isDirectory()) stack.push(join(path, entry.name));
    }
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread, not a window
    parentPort?.postMessage({ folders, rest: stack });
  });
}
