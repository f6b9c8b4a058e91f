/** Milliseconds of a day. */
export const DAY_MS = 24 * 60 * 60 * 1000;

/** A time as a `DateTime64(3, 'UTC')` parameter takes it. */
export function storeTime(timeMs: number): string {
  return new Date(timeMs).toISOString().slice(0, 23).replace('T', ' ');
}
