import type { Activity } from '@sentinel/protocol';
import { laneOf } from '../../ui/activity-words.ts';
import { type Lane, lanes } from '../../ui/lanes.ts';

/** Bars of a lane stand in at most this many rows; further ones overlap in the last. */
const MAX_ROWS = 7;
/** Narrowest bar, in pixels, and the space that must stay behind a bar in its row. */
const MIN_WIDTH = 4;
const GAP = 2;

/** A bar of the timeline in pixels; `row` counts from 0 within its lane. */
export interface Bar {
  readonly activity: Activity;
  readonly x: number;
  readonly width: number;
  readonly row: number;
}

/** A lane with its bars. */
export interface LaidLane {
  readonly lane: Lane;
  readonly bars: readonly Bar[];
  readonly rows: number;
}

/** The time that the timeline shows. */
export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

/** Lays activities into lanes and rows so that bars of a row do not overlap while there is room. */
export function layTimeline(activities: readonly Activity[], span: Span, width: number): LaidLane[] {
  const perMs = width / Math.max(1, span.toMs - span.fromMs);
  return lanes.flatMap((lane): LaidLane[] => {
    const members = activities.filter((activity) => laneOf(activity) === lane.id).sort(byFirstSeen);
    if (members.length === 0) return [];
    const rowEnds: number[] = [];
    const bars = members.flatMap((activity): Bar[] => {
      const start = (Date.parse(activity.firstSeen) - span.fromMs) * perMs;
      const end = (Date.parse(activity.lastSeen) - span.fromMs) * perMs;
      if (end < -MIN_WIDTH || start > width) return [];
      const x = Math.min(Math.max(0, start), width - MIN_WIDTH);
      const barWidth = Math.max(MIN_WIDTH, Math.min(end, width) - x);
      const free = rowEnds.findIndex((rowEnd) => rowEnd + GAP <= x);
      const row = free >= 0 ? free : Math.min(rowEnds.length, MAX_ROWS - 1);
      rowEnds[row] = Math.max(rowEnds[row] ?? 0, x + barWidth);
      return [{ activity, x, width: barWidth, row }];
    });
    return [{ lane, bars, rows: Math.max(1, rowEnds.length) }];
  });
}

/** From the start to the end of the run, or to the last thing seen while it goes on. */
export function wholeSpan(
  run: { readonly startedAt: string; readonly endedAt?: string | undefined },
  activities: readonly Activity[],
): Span {
  const fromMs = Date.parse(run.startedAt);
  const last = activities.reduce((latest, activity) => Math.max(latest, Date.parse(activity.lastSeen)), fromMs + 1);
  const toMs = run.endedAt === undefined ? last : Math.max(last, Date.parse(run.endedAt));
  return {
    fromMs: Math.min(fromMs, ...activities.slice(0, 50).map((activity) => Date.parse(activity.firstSeen))),
    toMs,
  };
}

/** Times for the scale: round steps, at most about one every 90 pixels. */
export function ticksOf(span: Span, width: number): number[] {
  const length = Math.max(1, span.toMs - span.fromMs);
  const wanted = length / Math.max(2, Math.floor(width / 90));
  const step = STEPS.find((candidate) => candidate >= wanted) ?? Math.ceil(wanted / 3_600_000) * 3_600_000;
  const ticks: number[] = [];
  for (let at = 0; at <= length; at += step) ticks.push(at);
  return ticks;
}

const SECOND = 1000;
const MINUTE = 60 * SECOND;
const STEPS = [
  1,
  2,
  5,
  10,
  20,
  50,
  100,
  200,
  500,
  ...[1, 2, 5, 10, 15, 30].map((count) => count * SECOND),
  ...[1, 2, 5, 10, 15, 30, 60].map((count) => count * MINUTE),
];

function byFirstSeen(a: Activity, b: Activity): number {
  return a.firstSeen === b.firstSeen ? a.id - b.id : a.firstSeen < b.firstSeen ? -1 : 1;
}
