import type { Stats } from 'node:fs';

/** A file or folder that a reading looked at: when it is the same, so is what the reading told. */
export interface Touch {
  readonly path: string;
  /** Whether what lies behind a link was looked at. */
  readonly isFollowed: boolean;
  /** NaN where nothing was there. */
  readonly mtimeMs: number;
  readonly sizeBytes: number;
}

let touches: Map<string, Touch> | undefined;

/** Notes that a reading depends on a path. Costs nothing unless somebody collects. */
export function noteTouch(path: string, stats: Stats | undefined, isFollowed = false): void {
  if (touches === undefined) return;
  const key = isFollowed ? `>${path}` : path;
  // The first look counts: a change after it is seen again by the next scan.
  if (touches.has(key)) return;
  touches.set(key, {
    path,
    isFollowed,
    mtimeMs: stats?.mtimeMs ?? Number.NaN,
    sizeBytes: stats?.size ?? Number.NaN,
  });
}

/** Does work without noting what it touches. */
export function withoutTouches<T>(work: () => T): T {
  const kept = touches;
  touches = undefined;
  try {
    return work();
  } finally {
    touches = kept;
  }
}

/** Outcome of a piece of work, with everything that it touched. */
export function collectTouches<T>(work: () => T): { readonly outcome: T; readonly touched: Iterable<Touch> } {
  touches = new Map();
  try {
    const outcome = work();
    return { outcome, touched: touches.values() };
  } finally {
    touches = undefined;
  }
}
