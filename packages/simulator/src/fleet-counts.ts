/** What a fleet did so far. */
export interface FleetCounts {
  enrolled: number;
  enrolmentsFailed: number;
  heartbeats: number;
  heartbeatsFailed: number;
  runs: number;
  batchesStored: number;
  batchesDuplicate: number;
  /** Attempts that the server or the way did not take; the batch was sent again. */
  batchesRetried: number;
  /** Batches that sending again could not help. */
  batchesRefused: number;
  rowsStored: number;
  /** Batches that wait for an acknowledgement (gauge). */
  batchesWaiting: number;
  /** Channels that are open (gauge). */
  channelsOpen: number;
  channelEvents: number;
}

/** Counts of a fleet that did nothing yet. */
export function newFleetCounts(): FleetCounts {
  return {
    enrolled: 0,
    enrolmentsFailed: 0,
    heartbeats: 0,
    heartbeatsFailed: 0,
    runs: 0,
    batchesStored: 0,
    batchesDuplicate: 0,
    batchesRetried: 0,
    batchesRefused: 0,
    rowsStored: 0,
    batchesWaiting: 0,
    channelsOpen: 0,
    channelEvents: 0,
  };
}

/** Times of something, of which a fair sample is kept. */
export class Latencies {
  readonly #kept: number[] = [];
  #seen = 0;

  /** Adds one. */
  add(ms: number): void {
    this.#seen++;
    if (this.#kept.length < 20_000) this.#kept.push(ms);
    else {
      const at = Math.floor(Math.random() * this.#seen);
      if (at < this.#kept.length) this.#kept[at] = ms;
    }
  }

  /** The time that so large a share stays below; undefined without any. */
  share(part: number): number | undefined {
    const sorted = this.#kept.toSorted((left, right) => left - right);
    const found = sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))];
    return found === undefined ? undefined : Math.round(found * 10) / 10;
  }
}
