/** The thread that waits in the kernel for starts of programs and looks at each at once. */
import { readlinkSync, readSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import { parentPort, workerData } from 'node:worker_threads';
import { ProcessLook } from './look-at-process.ts';
import type { ObservedStart } from './process-sensor.ts';
import { parseTraceLine } from './trace-line.ts';
import { SHARED, type TraceNews, type TraceReaderData } from './trace-messages.ts';

const PORTION_BYTES = 64 * 1024;
// Files that are gone are the rule here; the cost of a fault is its trace.
Error.stackTraceLimit = 0;

const { pipe, hosts, shared, news } = workerData as TraceReaderData;
const counters = new Int32Array(shared);
const processes = new ProcessLook(new Set(hosts));
const portion = Buffer.allocUnsafe(PORTION_BYTES);
hurry();
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
parentPort?.postMessage('reading');
let rest = '';
while (Atomics.load(counters, SHARED.stop) === 0) {
  const count = readSync(pipe, portion, 0, PORTION_BYTES, null);
  if (count === 0) continue;
  const lines = (rest + portion.toString('utf8', 0, count)).split('\n');
  rest = lines.pop() ?? '';
  // Taken anew each time: the clock of the wall may be set.
  tell(lines, Date.now() - monotonicMs());
}

function tell(lines: readonly string[], offsetMs: number): void {
  const starts: ObservedStart[] = [];
  for (const line of lines) {
    const event = parseTraceLine(line);
    if (event?.kind !== 'exec') continue;
    Atomics.add(counters, SHARED.execs, 1);
    const look = processes.look(event.pid, event.path, event.timeS * 1000 + offsetMs);
    if (look.kind === 'gone' || (look.kind === 'python' && look.start.isUnread))
      Atomics.add(counters, SHARED.unread, 1);
    if (look.kind === 'python') starts.push(look.start);
  }
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread has no origin
  if (starts.length > 0) news.postMessage({ starts } satisfies TraceNews);
}

/** A run may last milliseconds: this thread goes before others, where that is allowed. It works little. Source: setpriority(2). */
function hurry(): void {
  try {
    const thread = Number(/\d+$/.exec(readlinkSync('/proc/thread-self'))?.[0]);
    if (Number.isInteger(thread)) setPriority(thread, constants.priority.PRIORITY_HIGHEST);
  } catch {
    // Then it takes its turn.
  }
}

function monotonicMs(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
