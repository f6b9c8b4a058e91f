import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { isatty } from 'node:tty';

/** Signals that are passed on. */
const PASSED_ON = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT', 'SIGUSR1', 'SIGUSR2'] as const;
/** Signals that a terminal sends to every process of the group, so the program has them already. */
const FROM_TERMINAL = new Set<NodeJS.Signals>(['SIGINT', 'SIGQUIT', 'SIGHUP']);

/** How a program ended. */
export type ProgramResult =
  | {
      readonly kind: 'ended';
      readonly pid: number;
      readonly exitCode: number | undefined;
      readonly signal: NodeJS.Signals | undefined;
    }
  /** It never began; 127 when there is no such program, 126 when it may not be executed. Source: POSIX.1, exit status of shells. */
  | { readonly kind: 'not-started'; readonly exitCode: 126 | 127; readonly message: string };

/**
 * Runs a program with our own standard streams until it ends, and passes signals on to it.
 *
 * Nothing here touches `process.stdin`, `stdout` or `stderr`: opening them could change flags of
 * descriptors that the program shares with us.
 */
export async function launchProgram(
  program: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv,
): Promise<ProgramResult> {
  const child = spawn(program, args, { stdio: 'inherit', env });
  const pass = (signal: NodeJS.Signals) => {
    if (!(FROM_TERMINAL.has(signal) && isInForeground())) child.kill(signal);
  };
  for (const signal of PASSED_ON) {
    if (process.platform !== 'win32' || signal === 'SIGINT') process.on(signal, pass);
  }
  try {
    return await new Promise<ProgramResult>((resolve) => {
      child.on('error', (error) => {
        // An error after the start is one of passing a signal on.
        if (child.pid === undefined) resolve(notStarted(program, error));
      });
      child.on('exit', (exitCode, signal) => {
        resolve({ kind: 'ended', pid: child.pid ?? 0, exitCode: exitCode ?? undefined, signal: signal ?? undefined });
      });
    });
  } finally {
    for (const signal of PASSED_ON) process.off(signal, pass);
  }
}

/**
 * Ends this process the way the program ended, so that a shell sees no difference.
 * @returns only where the signal does not end us.
 */
export async function endLike(result: Extract<ProgramResult, { kind: 'ended' }>): Promise<number> {
  if (result.signal === undefined) return result.exitCode ?? 1;
  process.removeAllListeners(result.signal);
  process.kill(process.pid, result.signal);
  await new Promise((resolve) => setTimeout(resolve, 500));
  return 1;
}

function notStarted(program: string, error: NodeJS.ErrnoException): ProgramResult {
  const isMissing = error.code === 'ENOENT';
  const reason = isMissing ? 'no such program' : error.code === 'EACCES' ? 'it may not be executed' : error.message;
  return { kind: 'not-started', exitCode: isMissing ? 127 : 126, message: `${program}: ${reason}` };
}

/** Whether our process group is the one that the terminal sends its signals to. */
function isInForeground(): boolean {
  try {
    const stat = readFileSync('/proc/self/stat', 'utf8');
    // After the name: state, parent, process group, session, terminal, foreground group. Source: proc(5).
    const [, , group, , , foreground] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return group === foreground;
  } catch {
    return isatty(0);
  }
}
