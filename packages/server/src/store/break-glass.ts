import type { BreakGlass } from '@sentinel/protocol';
import type { ControlStore } from './control-store.ts';

/** A question that nobody confirmed is over after so long. */
export const CONFIRM_MS = 15 * 60_000;

/** Row of the observe-only switch. */
export interface BreakGlassTable {
  id: string;
  state: BreakGlass['state'];
  reason: string;
  minutes: number;
  asked_by_id: string;
  asked_by: string;
  asked_at: number;
  confirmed_by: string | null;
  until: number | null;
  ended_by: string | null;
}

/** The switch as it stands at a time: asked and not too long ago, or turned and not over. */
export async function currentBreakGlass(store: ControlStore, nowMs: number): Promise<BreakGlassTable | undefined> {
  const rows = await store
    .selectFrom('break_glass')
    .selectAll()
    .where('state', 'in', ['asked', 'active'])
    .orderBy('asked_at', 'desc')
    .limit(20)
    .execute();
  return rows.find((row) => (row.state === 'active' ? (row.until ?? 0) > nowMs : row.asked_at + CONFIRM_MS > nowMs));
}

/** The domain shape of a row. */
export function toBreakGlass(row: BreakGlassTable): BreakGlass {
  return {
    id: row.id,
    state: row.state,
    reason: row.reason,
    askedBy: row.asked_by,
    askedAt: new Date(row.asked_at).toISOString(),
    minutes: row.minutes,
    ...(row.confirmed_by === null ? {} : { confirmedBy: row.confirmed_by }),
    ...(row.until === null ? {} : { until: new Date(row.until).toISOString() }),
    ...(row.ended_by === null ? {} : { endedBy: row.ended_by }),
  };
}
