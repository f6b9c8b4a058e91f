import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { fileURLToPath } from 'node:url';

const FORWARDED = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/**
 * Runs one of our programs as a process of its own, with our terminal, until it ends.
 * @param program - Export of a package, such as `@sentinel/server/main`.
 * @returns its exit code; 128 + n when signal n ended it.
 */
export async function runProgram(program: string, args: readonly string[]): Promise<number> {
  const child = spawn(process.execPath, [programFile(program), ...args], { stdio: 'inherit' });
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
