import type { Analysis } from '@sentinel/protocol';

/** A source given to a worker. */
export interface PoolQuestion {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly path: string;
  readonly localModules: readonly string[];
  readonly pythonMinor: number | undefined;
  readonly fingerprintKey: Uint8Array | string | undefined;
}

/** What a worker answers. */
export interface PoolAnswer {
  readonly number: number;
  readonly analysis: Analysis;
}
