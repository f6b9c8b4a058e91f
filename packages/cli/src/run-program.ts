import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** Small generations for a program that runs for weeks and does little: a third less memory than Node's own. */
const LEAN = ['--max-semi-space-size=1'];
/** The same for the C library: one arena for all threads, and what is free goes back. 4 MB less. Source: mallopt(3). */
const LEAN_LIBRARY = { MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' };

/**
 * Runs one of our programs with our terminal, until it ends; in place of this process where the system can do that.
 * @param program - Export of a package, such as `@sentinel/server/main`.
 * @param isLean - For a program that stays: with little memory.
 * @returns its exit code; 128 + n when signal n ended it. Does not return where this process became the program.
 */
export async function runProgram(program: string, args: readonly string[], isLean = false): Promise<number> {
  const options = isLean ? LEAN : [];
  // The single executable takes options of Node from the environment only.
  const isExecutable = process.env['SENTINEL_APP_RUNNING'] !== undefined;
  const words = [...(isExecutable ? [] : options), programFile(program), ...args];
  const nodeOptions = isExecutable ? { NODE_OPTIONS: options.join(' ') } : {};
  const environment = isLean ? { ...process.env, ...LEAN_LIBRARY, ...nodeOptions } : process.env;
  if (process.platform !== 'win32' && process.send === undefined && typeof process.execve === 'function')
    process.execve(process.execPath, [process.execPath, ...words], environment);
  const child = spawn(process.execPath, words, { stdio: 'inherit', env: environment });
  const forward = (signal: NodeJS.Signals) => {
    // A terminal sends Ctrl-C to the child as well; twice would mean "at once" to it.
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  for (const signal of FORWARDED) process.on(signal, forward);
  const code = await new Promise<number>((resolve, reject) => {
    child.on('error', reject);
    child.on('exit', (exitCode, signal) => {
      resolve(exitCode ?? 128 + (signal === null ? 0 : constants.signals[signal]));
    });
  });
  for (const signal of FORWARDED) process.off(signal, forward);
  return code;
}

/** Path of a program's entry file. */
export function programFile(program: string): string {
  return fileURLToPath(import.meta.resolve(program));
}
