import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { dirname } from 'node:path';

/** A message of one of our programs on its IPC channel. */
export interface ProgramMessage {
  readonly kind: string;
  readonly [name: string]: unknown;
}

/** One of our programs, started with an IPC channel and its log in a file. */
export interface SupervisedProcess {
  readonly name: string;
  /** Settles with the exit code or signal once it ended. */
  readonly ended: Promise<string>;
  /** Next message of that kind; rejects when the program ends first. */
  message(kind: string): Promise<ProgramMessage>;
  onMessage(listener: (message: ProgramMessage) => void): void;
  /** Says something on its channel; lost when the program has ended. */
  send(message: ProgramMessage): void;
  /** Asks it to stop and waits; after `graceMs` it is killed. */
  stop(graceMs: number): Promise<void>;
}

/**
 * Starts a program.
 * @param file - Its entry file.
 * @param logFile - Where its log lines go; appended to.
 */
export function startProcess(name: string, file: string, args: readonly string[], logFile: string): SupervisedProcess {
  mkdirSync(dirname(logFile), { recursive: true });
  const log = openSync(logFile, 'a', 0o600);
  // A process group of its own: Ctrl-C reaches only `up`, which then stops its programs in order.
  const child: ChildProcess = fork(file, args, { stdio: ['ignore', log, log, 'ipc'], detached: true });
  closeSync(log);
  const ended = new Promise<string>((resolve) => {
    child.on('error', (error) => resolve(error.message));
    child.on('exit', (code, signal) => resolve(signal ?? `exit code ${code}`));
  });
  return {
    name,
    ended,
    message(kind) {
      return new Promise((resolve, reject) => {
        const listener = (message: unknown) => {
          if ((message as ProgramMessage).kind !== kind) return;
          child.off('message', listener);
          resolve(message as ProgramMessage);
        };
        child.on('message', listener);
        void ended.then((how) =>
          reject(new Error(`The ${name} ended (${how}): ${lastWords(logFile)}\n  Its log: ${logFile}`)),
        );
      });
    },
    onMessage(listener) {
      child.on('message', (message) => listener(message as ProgramMessage));
    },
    send(message) {
      if (child.connected) child.send(message, () => undefined);
    },
    async stop(graceMs) {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), graceMs);
      await ended;
      clearTimeout(timer);
    },
  };
}

/** What a program last said in its log: the sentence of its last line, plain or JSON. */
function lastWords(logFile: string): string {
  const line = readFileSync(logFile, 'utf8').trimEnd().split('\n').at(-1) ?? '';
  try {
    const { msg, err } = JSON.parse(line) as { msg?: string; err?: { message?: string } };
    return [msg, err?.message].filter((text) => text !== undefined).join(': ');
  } catch {
    return line;
  }
}
