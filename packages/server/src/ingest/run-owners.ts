import type { Owner } from '../store/activity.ts';
import type { EventStore } from '../store/event-store.ts';
import { findRunOwners, type Origin } from '../store/run.ts';
import type { ReadBatch } from './read-batch.ts';

const KEPT = 100_000;
const UNKNOWN: Owner = { scriptId: '', userName: '' };

/** Which script and account a run belongs to: from the batch itself, from memory, else from the store. */
export class RunOwners {
  readonly #store: EventStore;
  readonly #known = new Map<string, Owner>();

  constructor(store: EventStore) {
    this.#store = store;
  }

  /** Learns the runs of a group; gives the owner of each of its activities. */
  async resolve(
    group: readonly { batch: ReadBatch; origin: Origin }[],
  ): Promise<(endpointId: string, runId: string) => Owner> {
    for (const { batch, origin } of group) {
      for (const run of batch.runs)
        this.#learn(origin.endpointId, run.id, { scriptId: run.script.id, userName: run.user.name });
    }
    const missing = new Set<string>();
    for (const { batch, origin } of group) {
      for (const { runId } of batch.activities) if (!this.#known.has(key(origin.endpointId, runId))) missing.add(runId);
    }
    if (missing.size > 0) {
      for (const row of await findRunOwners(this.#store, [...missing])) {
        this.#learn(row.endpoint_id, row.id, { scriptId: row.script_id, userName: row.user_name });
      }
    }
    return (endpointId, runId) => this.#known.get(key(endpointId, runId)) ?? UNKNOWN;
  }

  #learn(endpointId: string, runId: string, owner: Owner): void {
    // Deleting first moves the entry to the young end: the map forgets its oldest entries.
    const name = key(endpointId, runId);
    this.#known.delete(name);
    this.#known.set(name, owner);
    if (this.#known.size <= KEPT) return;
    for (const oldest of this.#known.keys()) {
      this.#known.delete(oldest);
      break;
    }
  }
}

function key(endpointId: string, runId: string): string {
  return `${endpointId}/${runId}`;
}
