import { type ChildProcess, spawn } from 'node:child_process';
import { SentinelError } from '@sentinel/protocol';
import type { Logger } from 'pino';

/** Plays the demo as a process of its own, one at a time. */
export class DemoRunner {
  readonly #command: readonly string[] | undefined;
  readonly #log: Logger;
  readonly #onCompany: (document: unknown) => void;
  #child: ChildProcess | undefined;

  /** @param onCompany - Told what the demo's company says of itself, before its first script runs. */
  constructor(command: readonly string[] | undefined, log: Logger, onCompany: (document: unknown) => void = () => {}) {
    this.#command = command;
    this.#onCompany = onCompany;
    this.#log = log;
  }

  get available(): boolean {
    return this.#command !== undefined;
  }

  get running(): boolean {
    return this.#child !== undefined;
  }

  /** Starts the demo; leaves one that plays already alone. */
  async start(): Promise<void> {
    const [program, ...args] = this.#command ?? [];
    if (program === undefined) throw new SentinelError('not-found', 'This server was started without a demo.');
    if (this.#child !== undefined) return;
    // Its output would land between the server's log lines.
    const child = spawn(program, args, { stdio: ['ignore', 'ignore', 'ignore', 'ipc'] });
    child.on('message', (message: unknown) => {
      const { kind, company } = (message ?? {}) as { kind?: unknown; company?: unknown };
      if (kind === 'company') this.#onCompany(company);
    });
    this.#child = child;
    child.once('exit', (code, signal) => {
      this.#child = undefined;
      this.#log.info({ code, signal }, 'demo ended');
    });
    try {
      await new Promise<void>((resolve, reject) => child.once('spawn', resolve).once('error', reject));
    } catch (error) {
      this.#child = undefined;
      throw new SentinelError('internal', 'The demo could not be started.', { cause: error });
    }
  }

  /** Ends a demo that plays. */
  async close(): Promise<void> {
    const child = this.#child;
    if (child === undefined) return;
    const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
    child.kill('SIGTERM');
    const kill = setTimeout(() => child.kill('SIGKILL'), 3_000);
    await exited;
    clearTimeout(kill);
  }
}
