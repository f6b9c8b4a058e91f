import { readFileSync } from 'node:fs';

/** Clock ticks per second of `/proc`; a constant of the Linux user interface. Source: proc(5), USER_HZ. */
const TICKS_PER_SECOND = 100;
/** Boot time is known to the second, and a clock may be set a little. */
const SLACK_MS = 3000;
const BOOT_TIME_KEPT_MS = 5000;

let boot: { readonly readAt: number; readonly timeMs: number | undefined } | undefined;

/** Start of a process in ticks since boot; undefined where there is no such process or no `/proc`. */
export function processStartTicks(pid: number): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the name in brackets and may hold anything; the state follows the last bracket.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z' || fields[0] === 'X') return undefined;
    const ticks = Number(fields[19]);
    return Number.isFinite(ticks) ? ticks : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Whether the process that began a run still lives. A process id that was given to a younger process
 * does not count where `/proc` tells its start.
 * @param startedAtMs - Start of the run, never before that of its process.
 */
export function isProcessAlive(pid: number, startedAtMs?: number): boolean {
  if (pid <= 0) return false;
  if (process.platform !== 'linux') return canSignal(pid);
  const ticks = processStartTicks(pid);
  if (ticks === undefined) return false;
  const bootMs = bootTimeMs();
  if (startedAtMs === undefined || bootMs === undefined) return true;
  return bootMs + (ticks * 1000) / TICKS_PER_SECOND <= startedAtMs + SLACK_MS;
}

function canSignal(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}

/** Time of the last boot. Kept a little: the file is costly to make, and changes only when the clock is set. */
function bootTimeMs(): number | undefined {
  const now = performance.now();
  if (boot === undefined || now - boot.readAt > BOOT_TIME_KEPT_MS) boot = { readAt: now, timeMs: readBootTime() };
  return boot.timeMs;
}

function readBootTime(): number | undefined {
  try {
    const match = /^btime (\d+)$/m.exec(readFileSync('/proc/stat', 'utf8'));
    return match === null ? undefined : Number(match[1]) * 1000;
  } catch {
    return undefined;
  }
}
