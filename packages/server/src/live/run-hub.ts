import type { RunRow } from '@sentinel/protocol';
import type { Logger } from 'pino';
import type { Metrics } from '../metrics.ts';
import type { ControlStore } from '../store/control-store.ts';
import type { EventStore } from '../store/event-store.ts';
import { listRunRows } from '../store/run-list.ts';
import { findRunsMarkedSince } from '../store/runs-of-marks.ts';
import { EVERYTHING } from '../store/scope.ts';
import { RUNS_CHANGED, readChangedRuns } from './changed-runs.ts';
import { RunViewer, type StreamFilter } from './run-viewer.ts';
import { MISSED_SIGNALS, type Signals } from './signals.ts';

/** How long changes of the same run are gathered into one event. */
const GATHER_MS = 200;
/** Runs looked up at once; a fleet-wide storm shows its newest. */
const MAX_LOOK_UP = 500;

/** Tells viewers of new and changed runs, each with its totals. */
export class RunHub {
  readonly #store: EventStore;
  readonly #metrics: Metrics;
  readonly #log: Logger;
  readonly #viewers = new Set<RunViewer>();
  #changed = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #publishing: Promise<void> = Promise.resolve();
  #closed = false;

  constructor(parts: { store: EventStore; metrics: Metrics; log: Logger }) {
    this.#store = parts.store;
    this.#metrics = parts.metrics;
    this.#log = parts.log;
  }

  get viewers(): number {
    return this.#viewers.size;
  }

  /** A viewer of runs that pass the filter, until the signal aborts. */
  view(filter: StreamFilter, signal: AbortSignal): RunViewer {
    const viewer = new RunViewer(filter, (count) => this.#metrics.streamDropped.inc(count));
    if (this.#closed || signal.aborted) {
      viewer.close();
      return viewer;
    }
    this.#viewers.add(viewer);
    signal.addEventListener(
      'abort',
      () => {
        this.#viewers.delete(viewer);
        viewer.close();
      },
      { once: true },
    );
    return viewer;
  }

  /** Says that these runs have new rows, and that so many more have, which are not named. */
  changed(runIds: Iterable<string>, unnamed = 0): void {
    if (this.#viewers.size === 0 || this.#closed) return;
    for (const id of runIds) this.#changed.add(id);
    for (const viewer of this.#viewers) viewer.leaveOut(unnamed);
    this.#timer ??= setTimeout(() => {
      this.#publishing = this.#publishing.then(() => this.#publish());
    }, GATHER_MS);
  }

  /** Follows what all servers store; after a time in which the others could not be heard, looks up what changed. */
  follow(signals: Signals, control: ControlStore): void {
    signals.subscribe(RUNS_CHANGED, (body) => {
      const { ids, more } = readChangedRuns(body);
      this.changed(ids, more);
    });
    signals.subscribe(MISSED_SIGNALS, (sinceMs) => {
      if (this.#viewers.size === 0) return;
      findRunsMarkedSince(control, this.#store, Number(sinceMs)).then(
        (ids) => this.changed(ids),
        (error: unknown) => this.#log.warn({ err: error }, 'live stream skipped what other servers stored'),
      );
    });
  }

  /** Ends every stream. */
  async close(): Promise<void> {
    this.#closed = true;
    clearTimeout(this.#timer);
    for (const viewer of this.#viewers) viewer.close();
    this.#viewers.clear();
    await this.#publishing;
  }

  async #publish(): Promise<void> {
    this.#timer = undefined;
    const ids = [...this.#changed];
    this.#changed = new Set();
    const shown = ids.sort().slice(-MAX_LOOK_UP);
    try {
      const rows: RunRow[] = await listRunRows(this.#store, shown, EVERYTHING);
      for (const viewer of this.#viewers) {
        viewer.leaveOut(ids.length - shown.length);
        for (const row of rows.reverse()) viewer.offer(row);
      }
    } catch (error) {
      this.#log.warn({ err: error }, 'live stream skipped runs');
      for (const viewer of this.#viewers) viewer.leaveOut(ids.length);
    }
  }
}
