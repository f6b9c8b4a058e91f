import { spawn } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { createInterface } from 'node:readline';

/** How a process is run. */
export interface RunProcessOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  /** Ends the process with SIGTERM, and with SIGKILL where it stays. */
  readonly signal: AbortSignal;
  /** Told every line of its output. */
  readonly onLine?: (line: string) => void;
  /** Gets the whole output. */
  readonly logFile?: string;
}

/** How a process ended. */
export interface ProcessResult {
  /** Exit code; null when a signal ended it or it could not start. */
  readonly code: number | null;
  /** The last lines of its output. */
  readonly tail: readonly string[];
}

const TAIL_LINES = 20;
const KILL_AFTER_MS = 5000;

/** Runs a process to its end. Never rejects: a program that cannot start is a result like any other. */
export async function runProcess(
  command: string,
  args: readonly string[],
  options: RunProcessOptions,
): Promise<ProcessResult> {
  const tail: string[] = [];
  if (options.signal.aborted) return { code: null, tail };
  const child = spawn(command, args, {
    stdio: ['ignore', 'pipe', 'pipe'],
    windowsHide: true,
    ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    ...(options.env === undefined ? {} : { env: options.env }),
  });
  const log = options.logFile === undefined ? undefined : createWriteStream(options.logFile, { mode: 0o600 });
  log?.on('error', () => undefined);
  const read = async (stream: NodeJS.ReadableStream) => {
    for await (const line of createInterface({ input: stream, crlfDelay: Infinity })) {
      log?.write(`${line}\n`);
      tail.push(line);
      if (tail.length > TAIL_LINES) tail.shift();
      options.onLine?.(line);
    }
  };
  let killTimer: NodeJS.Timeout | undefined;
  const stop = () => {
    child.kill('SIGTERM');
    killTimer = setTimeout(() => child.kill('SIGKILL'), KILL_AFTER_MS);
  };
  options.signal.addEventListener('abort', stop, { once: true });
  const ended = new Promise<number | null>((resolve) => {
    child.on('error', (error) => {
      tail.push(error.message);
      resolve(null);
    });
    child.on('exit', (code) => resolve(code));
  });
  const [code] = await Promise.all([ended, read(child.stdout), read(child.stderr)]);
  clearTimeout(killTimer);
  options.signal.removeEventListener('abort', stop);
  log?.end();
  return { code, tail };
}
