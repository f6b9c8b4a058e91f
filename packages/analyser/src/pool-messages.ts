import type { Analysis } from '@sentinel/protocol';
import type { PackSetup } from './packs/rule-packs.ts';

/** What a worker is started with. */
export interface PoolSetup {
  /** Memory of the `Progress`. */
  readonly progress: SharedArrayBuffer;
  readonly packs: PackSetup | undefined;
}

/** A source given to a worker. */
export interface PoolQuestion {
  readonly number: number;
  readonly bytes: Uint8Array;
  readonly path: string;
  readonly localModules: readonly string[];
  readonly pythonMinor: number | undefined;
  readonly fingerprintKey: Uint8Array | string | undefined;
}

/** What a worker answers for one source. */
export interface PoolAnswer {
  readonly number: number;
  readonly analysis: Analysis;
}

/** Several answers at once: a message costs about as much as half a small source. */
export interface PoolAnswers {
  readonly answers: readonly PoolAnswer[];
  /** Whether the worker should be replaced: an engine broke, or it holds too much memory. */
  readonly isSpent: boolean;
}

/**
 * What a worker is at, in memory that both sides see: the number of the source, and when it began, in milliseconds since
 * 1970. It tells which source of several is to blame when the worker goes down or takes too long.
 */
export class Progress {
  readonly buffer: SharedArrayBuffer;
  readonly #cells: Float64Array;

  constructor(buffer: SharedArrayBuffer = new SharedArrayBuffer(16)) {
    this.buffer = buffer;
    this.#cells = new Float64Array(buffer);
  }

  begin(number: number): void {
    this.#cells[1] = nowMs();
    this.#cells[0] = number;
  }

  /** The source; 0 before the first. */
  get number(): number {
    return this.#cells[0] ?? 0;
  }

  get startedMs(): number {
    return this.#cells[1] ?? 0;
  }
}

/** Milliseconds since 1970 on a clock that never jumps; alike in all threads. */
export function nowMs(): number {
  return performance.timeOrigin + performance.now();
}
