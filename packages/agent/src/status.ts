import { randomBytes } from 'node:crypto';
import { renameSync, rmSync, writeFileSync } from 'node:fs';
import type { AgentStatus } from '@sentinel/protocol';

const INTERVAL_MS = 1000;

/** Keeps `status.json` fresh. A failure to write it is no reason to stop. */
export class StatusFile {
  readonly #path: string;
  readonly #status: (state: AgentStatus['state']) => AgentStatus;
  #timer: NodeJS.Timeout | undefined;

  constructor(path: string, status: (state: AgentStatus['state']) => AgentStatus) {
    this.#path = path;
    this.#status = status;
  }

  /** What it says now. */
  get current(): AgentStatus {
    return this.#status('running');
  }

  /** Writes it now and every second from now on. */
  start(): void {
    this.#write('running');
    this.#timer = setInterval(() => this.#write('running'), INTERVAL_MS);
  }

  /** Writes it a last time. */
  stop(): void {
    clearInterval(this.#timer);
    this.#write('stopped');
  }

  #write(state: AgentStatus['state']): void {
    const temporary = `${this.#path}.${randomBytes(4).toString('hex')}`;
    try {
      writeFileSync(temporary, `${JSON.stringify(this.#status(state))}\n`, { mode: 0o600 });
      renameSync(temporary, this.#path);
    } catch {
      rmSync(temporary, { force: true });
    }
  }
}
