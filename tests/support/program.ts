import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..', '..');

/** One of our programs, running as a process of its own. */
export interface Program {
  readonly child: ChildProcess;
  /** Next IPC message of that kind. Rejects with the log when the program ends first. */
  message(kind: string): Promise<Record<string, string>>;
  /** Ends it with SIGKILL and waits until it is gone. */
  kill(): Promise<void>;
  /** Asks it to stop with SIGTERM and waits; gives its exit code. */
  stop(): Promise<number | null>;
}

/**
 * Starts a program of the repository with an IPC channel; its log goes to `logFile`.
 * @param file - Path below the repository, such as `packages/server/src/main.ts`.
 */
export function startProgram(file: string, args: readonly string[], logFile: string): Program {
  const log = openSync(logFile, 'a');
  const child = fork(join(ROOT, file), args, { stdio: ['ignore', log, log, 'ipc'] });
  closeSync(log);
  const ended = once(child, 'exit');
  return {
    child,
    message(kind) {
      return new Promise((resolve, reject) => {
        const listener = (message: unknown) => {
          if ((message as { kind?: string }).kind !== kind) return;
          child.off('message', listener);
          resolve(message as Record<string, string>);
        };
        child.on('message', listener);
        void ended.then(() =>
          reject(new Error(`${file} ended before it said ${kind}:\n${readFileSync(logFile, 'utf8').slice(-4000)}`)),
        );
      });
    },
    async kill() {
      child.kill('SIGKILL');
      await ended;
    },
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
      child.kill('SIGTERM');
      await ended;
      return child.exitCode;
    },
  };
}
