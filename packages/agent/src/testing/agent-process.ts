import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentStatus } from '@sentinel/protocol';

/** The real agent as a process of its own. */
export class AgentProcess {
  readonly child: ChildProcess;
  readonly data: string;
  log = '';
  readonly messages: unknown[] = [];

  /** @param options.prepare - Shell command that is run before, in a mount namespace that only this agent sees; needs root. */
  constructor(
    data: string,
    args: readonly string[],
    { env = process.env, prepare }: { readonly env?: NodeJS.ProcessEnv; readonly prepare?: string } = {},
  ) {
    this.data = data;
    this.child = fork(join(import.meta.dirname, '..', 'main.ts'), ['--data', data, ...args], {
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
      env,
      ...(prepare === undefined
        ? {}
        : {
            execPath: 'unshare',
            execArgv: ['--mount', 'sh', '-c', `${prepare} && exec "$@"`, 'sh', process.execPath],
          }),
    });
    this.child.stderr?.on('data', (chunk: Buffer) => {
      this.log += chunk.toString();
    });
    this.child.on('message', (message) => this.messages.push(message));
  }

  /** Waits for the message that the agent is ready. */
  async ready(): Promise<Record<string, unknown>> {
    const ends = Promise.race([once(this.child, 'message'), once(this.child, 'exit')]) as Promise<unknown[]>;
    const message = this.messages[0] ?? (await ends)[0];
    if (typeof message !== 'object' || message === null) throw new Error(`the agent ended: ${this.log}`);
    return message as Record<string, unknown>;
  }

  /** Ends it, and waits. */
  async end(signal: NodeJS.Signals = 'SIGTERM'): Promise<number | null> {
    if (this.child.exitCode !== null || this.child.signalCode !== null) return this.child.exitCode;
    const exit = once(this.child, 'exit');
    this.child.kill(signal);
    return ((await exit) as [number | null])[0];
  }

  status(): AgentStatus {
    return AgentStatus.parse(JSON.parse(readFileSync(join(this.data, 'agent', 'status.json'), 'utf8')));
  }
}

/** Waits until something holds; fails with a sentence when it never does. */
export async function until(what: string, holds: () => boolean, withinMs = 60_000): Promise<void> {
  const end = Date.now() + withinMs;
  while (!holds()) {
    if (Date.now() > end) throw new Error(`never: ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
