import type { LegalHoldTable } from './hold.ts';

/** One day: rows that go, and rows that a hold keeps. */
export interface DisposedDay {
  readonly day: string;
  readonly rows: number;
  readonly held: number;
}

/** What a disposal did. */
export interface Disposed {
  readonly days: readonly DisposedDay[];
  /** What the proof says beside the days: where a chain of records begins now. */
  readonly note?: string;
}

/** Rows of one table that are kept for a time. */
export interface RetainedRows {
  preview(beforeMs: number, holds: readonly LegalHoldTable[]): Promise<readonly DisposedDay[]>;
  dispose(beforeMs: number, holds: readonly LegalHoldTable[], signal: AbortSignal): Promise<Disposed>;
}

/** Days of several tables together. */
export function addDays(all: readonly (readonly DisposedDay[])[]): DisposedDay[] {
  const days = new Map<string, DisposedDay>();
  for (const { day, rows, held } of all.flat()) {
    const before = days.get(day);
    days.set(day, { day, rows: rows + (before?.rows ?? 0), held: held + (before?.held ?? 0) });
  }
  return [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1));
}
