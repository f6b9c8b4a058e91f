/** One line of the kernel's trace that concerns us. Times are seconds of the monotonic clock. */
export type TraceLine =
  | { readonly kind: 'exec'; readonly pid: number; readonly timeS: number; readonly path: string }
  | { readonly kind: 'exit'; readonly pid: number; readonly timeS: number };

const EXEC = /\s(\d+\.\d+): sched_process_exec: filename=(.*) pid=(\d+) old_pid=\d+$/;
const EXIT = /\s(\d+\.\d+): sched_process_exit: comm=.* pid=(\d+) prio=\d+(?: group_dead=(true|false))?$/;

/** Reads a line of `trace_pipe`; undefined for any other. Source: kernel documentation, trace/events; include/trace/events/sched.h. */
export function parseTraceLine(line: string): TraceLine | undefined {
  const exec = line.includes('sched_process_exec:') ? EXEC.exec(line) : null;
  if (exec !== null) return { kind: 'exec', timeS: Number(exec[1]), path: exec[2] ?? '', pid: Number(exec[3]) };
  const exit = EXIT.exec(line);
  // A thread that ends is no process that ends.
  if (exit === null || exit[3] === 'false') return undefined;
  return { kind: 'exit', timeS: Number(exit[1]), pid: Number(exit[2]) };
}
