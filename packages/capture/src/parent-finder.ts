import type { Run } from '@sentinel/protocol';

/** Finds the run that launched another by process ids, where the records do not say it. */
export class ParentFinder {
  readonly #byPid = new Map<number, Run[]>();

  /** Takes a run, new or changed. */
  add(run: Run): void {
    const runs = (this.#byPid.get(run.pid) ?? []).filter((other) => other.id !== run.id);
    runs.push(run);
    this.#byPid.set(run.pid, runs);
  }

  /** Forgets a run. */
  remove(run: Run): void {
    const left = (this.#byPid.get(run.pid) ?? []).filter((other) => other.id !== run.id);
    if (left.length === 0) this.#byPid.delete(run.pid);
    else this.#byPid.set(run.pid, left);
  }

  /**
   * Run of the parent process that lived when the run started; the youngest of several, because a
   * process that became another Python by `exec` keeps its id.
   */
  find(run: Run): string | undefined {
    return (this.#byPid.get(run.parentPid) ?? [])
      .filter((other) => other.id !== run.id && other.hostName === run.hostName && livedAt(other, run.startedAt))
      .sort((a, b) => (a.startedAt < b.startedAt ? 1 : -1))[0]?.id;
  }
}

/** A vanished run's end is only its last sign of life, so it does not rule anything out. */
function livedAt(run: Run, time: string): boolean {
  return run.startedAt <= time && (run.endedAt === undefined || run.exitRoute === 'vanished' || run.endedAt >= time);
}
