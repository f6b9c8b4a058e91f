import type { Window } from './run-list.ts';
import { DAY_MS } from './store-time.ts';

const FIRST_STRETCH_MS = DAY_MS;
/** How much longer a stretch is than all before it. */
const STRETCH_GROWTH = 4;

/**
 * A window cut into stretches, the newest first, each longer than all before it: whoever looks for the
 * newest few of many rows finds them in the first stretch, and whoever looks for rare ones asks seldom.
 */
export function* newestFirst({ fromMs, toMs }: Window, nowMs: number): Generator<Window, undefined> {
  let untilMs = toMs;
  const startMs = Math.min(toMs, nowMs);
  let sinceMs = startMs - FIRST_STRETCH_MS;
  for (;;) {
    const stretch = { fromMs: Math.max(fromMs, sinceMs), toMs: untilMs };
    yield stretch;
    if (stretch.fromMs <= fromMs) return undefined;
    untilMs = stretch.fromMs;
    sinceMs = untilMs - (startMs - untilMs) * STRETCH_GROWTH;
  }
}
