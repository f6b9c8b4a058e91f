import type { Run } from '@sentinel/protocol';

const MOST = 5000;
const MOST_RUNS = 200;

/** Runs of each version of a script that ran here lately: where its source is, should it be asked for. */
export class RecentScripts {
  readonly #runs = new Map<string, Run[]>();

  /** A run said hello. */
  notice(run: Run): void {
    const { sha256 } = run.script;
    if (sha256 === undefined) return;
    const before = (this.#runs.get(sha256) ?? []).filter(({ id }) => id !== run.id);
    this.#runs.delete(sha256);
    this.#runs.set(sha256, [...before, run].slice(-MOST_RUNS));
    const [oldest] = this.#runs.keys();
    if (this.#runs.size > MOST && oldest !== undefined) this.#runs.delete(oldest);
  }

  /** The last run of that version. */
  find(sha256: string): Run | undefined {
    return this.#runs.get(sha256)?.at(-1);
  }

  /** Runs of that version, oldest first; some of them may be over. */
  runsOf(sha256: string): readonly Run[] {
    return this.#runs.get(sha256) ?? [];
  }
}
