/** Thread that reads folders; started by `walk-pool.ts`. */
import { parentPort, workerData } from 'node:worker_threads';
import { CpuBrake } from './cpu-brake.ts';
import { followOrder } from './follow-order.ts';
import type { WorkerOrder, WorkerStart } from './worker-messages.ts';

/** A worker reports after so long, so that progress moves and work can be shared. */
const SLICE_MS = 60;

const start = workerData as WorkerStart;
const brake = start.cpuPercent === undefined ? undefined : new CpuBrake(start.cpuPercent);

parentPort?.on('message', (order: WorkerOrder) => {
  const report = followOrder(order, start, SLICE_MS, brake);
  const columns = Object.values(report.columns ?? {}).flatMap((column: unknown) =>
    ArrayBuffer.isView(column) ? [column.buffer as ArrayBuffer] : [],
  );
  parentPort?.postMessage(report, columns);
});
