import type { PolicyShares, SignedPolicyBundle } from '@sentinel/protocol';
import type { ControlStore } from '../store/control-store.ts';
import {
  type BundleVersion,
  listBundleVersions,
  listPolicyShares,
  newestVersionFor,
  readBundle,
} from '../store/policy-bundle.ts';

const FRESH_MS = 30_000;
const MOST_KEPT = 4;

/** Published bundles, at hand for many endpoints that ask at once. */
export class BundleShelf {
  readonly #control: ControlStore;
  readonly #kept = new Map<number, Promise<SignedPolicyBundle | undefined>>();
  #versions: Promise<BundleVersion[]> | undefined;
  #shares: Promise<PolicyShares> | undefined;
  #readAtMs = 0;

  constructor(control: ControlStore) {
    this.#control = control;
  }

  /** Reads the list anew at the next question. */
  refresh(): void {
    this.#versions = undefined;
    this.#shares = undefined;
  }

  /** Newest version for an endpoint in these groups. */
  async newestVersionFor(groups: readonly string[]): Promise<number | undefined> {
    this.#forgetStale();
    if (this.#versions === undefined) {
      const reading = listBundleVersions(this.#control);
      this.#versions = reading;
      reading.catch(() => {
        if (this.#versions === reading) this.#versions = undefined;
      });
    }
    return newestVersionFor(await this.#versions, groups);
  }

  /** How far policies under rollout are. */
  shares(): Promise<PolicyShares> {
    this.#forgetStale();
    if (this.#shares === undefined) {
      const reading = listPolicyShares(this.#control);
      this.#shares = reading;
      reading.catch(() => {
        if (this.#shares === reading) this.#shares = undefined;
      });
    }
    return this.#shares;
  }

  /** Another server may have published, and its signal may have been lost. */
  #forgetStale(): void {
    const now = performance.now();
    if (now - this.#readAtMs < FRESH_MS) return;
    this.#readAtMs = now;
    this.refresh();
  }

  /** A bundle by its version; it never changes. */
  async read(version: number): Promise<SignedPolicyBundle | undefined> {
    let reading = this.#kept.get(version);
    if (reading === undefined) {
      reading = readBundle(this.#control, version);
      this.#kept.set(version, reading);
      reading.catch(() => this.#kept.delete(version));
      const [oldest] = this.#kept.keys();
      if (this.#kept.size > MOST_KEPT && oldest !== undefined) this.#kept.delete(oldest);
    }
    return reading;
  }
}
