import { readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { isProcessAlive, processStartTicks } from '@sentinel/capture';

/** Time that a run has to end by itself. */
const GRACE_MS = 2000;
const LOOK_MS = 50;
/** Rounds in which children that were started meanwhile are looked for. */
const MOST_ROUNDS = 5;

/** A run and the process that it is. */
export interface RunProcess {
  readonly runId: string;
  readonly pid: number;
  readonly startedAtMs: number;
}

/** One process, told apart from any later one with the same id. */
interface ExactProcess {
  readonly pid: number;
  /** Ticks from boot to its start; undefined where the system does not tell. */
  readonly ticks: number | undefined;
}

/**
 * Ends a run and all that it started: asks, waits a little, then ends by force. Only a process that is truly that
 * run: one that got the same id later started after the run did, and is left alone.
 * @returns what was done, in one sentence.
 * @throws Error with a sentence where it could not be done.
 */
export async function stopRun({ pid, startedAtMs }: RunProcess): Promise<string> {
  if (pid <= 1 || pid === process.pid) throw new Error('this process is not one that can be stopped');
  if (!isProcessAlive(pid, startedAtMs)) return 'the run had ended before';
  const root = exact(pid);
  const asked = [root, ...descendants([root])];
  for (const one of asked) signal(one, 'SIGTERM');
  const known = new Map(asked.map((one) => [one.pid, one]));
  for (const end = Date.now() + GRACE_MS; Date.now() < end && [...known.values()].some(isAlive); ) {
    // A child whose parent ends first is not below it any more: those seen once are kept.
    for (const one of descendants([...known.values()])) known.set(one.pid, known.get(one.pid) ?? one);
    await delay(LOOK_MS);
  }
  let forced = 0;
  for (let round = 0; round < MOST_ROUNDS; round++) {
    for (const one of descendants([...known.values()])) known.set(one.pid, known.get(one.pid) ?? one);
    const left = [...known.values()].filter(isAlive);
    if (left.length === 0) break;
    for (const one of left) if (signal(one, 'SIGKILL')) forced++;
    await delay(LOOK_MS);
  }
  const left = [...known.values()].filter(isAlive);
  if (left.length > 0) throw new Error(`${left.length} of its processes could not be ended`);
  return `ended ${known.size} ${known.size === 1 ? 'process' : 'processes'}, ${forced} by force`;
}

function exact(pid: number): ExactProcess {
  return { pid, ticks: processStartTicks(pid) };
}

function isAlive({ pid, ticks }: ExactProcess): boolean {
  if (process.platform !== 'linux') return isProcessAlive(pid);
  return ticks !== undefined && processStartTicks(pid) === ticks;
}

function signal(one: ExactProcess, name: NodeJS.Signals): boolean {
  if (!isAlive(one)) return false;
  try {
    process.kill(one.pid, name);
    return true;
  } catch {
    return false;
  }
}

/** All processes below some, as `/proc` tells now; none where there is no `/proc`. Source: proc(5). */
function descendants(roots: readonly ExactProcess[]): ExactProcess[] {
  const children = new Map<number, number[]>();
  for (const name of processNames()) {
    const parent = parentOf(name);
    if (parent !== undefined) children.set(parent, [...(children.get(parent) ?? []), Number(name)]);
  }
  const found = new Map<number, ExactProcess>();
  const ahead = roots.filter(isAlive).map(({ pid }) => pid);
  for (let pid = ahead.pop(); pid !== undefined; pid = ahead.pop())
    for (const child of children.get(pid) ?? []) {
      if (found.has(child) || child === process.pid) continue;
      found.set(child, exact(child));
      ahead.push(child);
    }
  return [...found.values()];
}

function processNames(): string[] {
  try {
    return readdirSync('/proc').filter((name) => /^\d+$/.test(name));
  } catch {
    return [];
  }
}

function parentOf(pid: string): number | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]);
  } catch {
    return undefined;
  }
}
