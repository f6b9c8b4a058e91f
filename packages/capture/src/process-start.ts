import { readFileSync } from 'node:fs';
import { bootTimeMs } from './boot-time.ts';

/** Clock ticks per second of `/proc`; a constant of the Linux user interface. Source: proc(5), USER_HZ. */
const TICKS_PER_SECOND = 100;
/** Boot time is known to the second, and a clock may be set a little. */
const SLACK_MS = 3000;

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
