import { setTimeout as delay } from 'node:timers/promises';
import { ownerOf, runAs } from '../instrumentation/as-owner.ts';
import type { Manifest } from '../instrumentation/manifest.ts';
import type { CoverageLedger } from './coverage-ledger.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const LOOK_MS = 60_000;
/** Both sides have spoken by then: the sensor at once, the probe when its file was read. */
const PATIENCE_MS = 10_000;
/** Between two canaries, so that a computer with many environments notices nothing. */
const GAP_MS = 2000;

/** Starts every instrumented interpreter once a day, harmlessly, and writes down whether sensor and probe both told of it. */
export class Canary {
  readonly #manifest: () => Manifest;
  readonly #ledger: CoverageLedger;
  readonly #lastMs = new Map<string, number>();
  readonly #abort = new AbortController();
  readonly #onMissed: (key: string) => void;
  #loop: Promise<void> | undefined;

  constructor(manifest: () => Manifest, ledger: CoverageLedger, onMissed: (key: string) => void) {
    this.#manifest = manifest;
    this.#ledger = ledger;
    this.#onMissed = onMissed;
  }

  start(): void {
    this.#loop = this.#run().catch(() => undefined);
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.#loop;
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      for (const { key, executable, image, environment, outcome } of this.#manifest().entries) {
        if (outcome !== 'instrumented' || Date.now() - (this.#lastMs.get(key) ?? 0) < DAY_MS) continue;
        this.#lastMs.set(key, Date.now());
        await this.#sing(key, executable, image, environment);
        await delay(GAP_MS, undefined, { signal });
      }
      await delay(this.#lastMs.size === 0 ? GAP_MS : LOOK_MS, undefined, { signal });
    }
  }

  async #sing(key: string, executable: string, image: string, environment: string | undefined): Promise<void> {
    const at = new Date().toISOString();
    const { pid = 0 } = await runAs(ownerOf(executable), executable, ['-c', 'pass']);
    let seen = { isSensed: false, isReported: false };
    for (const end = Date.now() + PATIENCE_MS; Date.now() < end; ) {
      seen = this.#ledger.sees(pid);
      if (seen.isSensed && seen.isReported) break;
      await delay(100, undefined, { signal: this.#abort.signal });
    }
    this.#ledger.noteCanary(image, environment, { at, ...seen });
    if (!seen.isReported) this.#onMissed(key);
  }
}
