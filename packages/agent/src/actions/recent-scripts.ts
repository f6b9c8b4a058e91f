import type { Run } from '@sentinel/protocol';

const MOST = 5000;

/** The last run of each version of a script that ran here lately: where its source is, should it be asked for. */
export class RecentScripts {
  readonly #runs = new Map<string, Run>();

  /** A run said hello. */
  notice(run: Run): void {
    const { sha256 } = run.script;
    if (sha256 === undefined) return;
    this.#runs.delete(sha256);
    this.#runs.set(sha256, run);
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > MOST && oldest !== undefined) this.#runs.delete(oldest);
  }

  /** A run of that version. */
  find(sha256: string): Run | undefined {
    return this.#runs.get(sha256);
  }
}
