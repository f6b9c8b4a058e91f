import { sql } from 'kysely';
import type { ControlStore } from '../store/control-store.ts';
import { isSqlite } from '../store/migrations/control/column-types.ts';

/** Row of a background job: who runs it, and when it is due again. */
export interface JobLeaseTable {
  name: string;
  /** Id of the server that runs it now. */
  holder: string | null;
  /** Until when that server has it; it asks again before. */
  held_until: number;
  due_at: number;
}

/** How long a server that vanished keeps a job from the others. */
export const LEASE_MS = 30_000;

/**
 * Takes a job that is due and that no other server has. Times are the store's own, so that servers
 * whose clocks differ agree.
 */
export async function takeJob(control: ControlStore, name: string, holder: string): Promise<boolean> {
  const nowMs = await storeNow(control);
  const row = await control
    .insertInto('job_lease')
    .values({ name, holder, held_until: nowMs + LEASE_MS, due_at: nowMs })
    .onConflict((conflict) =>
      conflict
        .column('name')
        .doUpdateSet({ holder, held_until: nowMs + LEASE_MS })
        .where('job_lease.held_until', '<=', nowMs)
        .where('job_lease.due_at', '<=', nowMs),
    )
    .returning('holder')
    .executeTakeFirst();
  return row !== undefined;
}

/** Keeps a job; false if another server has it meanwhile. */
export async function keepJob(control: ControlStore, name: string, holder: string): Promise<boolean> {
  const nowMs = await storeNow(control);
  const { numUpdatedRows } = await control
    .updateTable('job_lease')
    .set({ held_until: nowMs + LEASE_MS })
    .where('name', '=', name)
    .where('holder', '=', holder)
    .executeTakeFirst();
  return numUpdatedRows === 1n;
}

/** Gives a job back; it is due again after a while. */
export async function returnJob(control: ControlStore, name: string, holder: string, afterMs: number): Promise<void> {
  const nowMs = await storeNow(control);
  await control
    .updateTable('job_lease')
    .set({ holder: null, held_until: 0, due_at: nowMs + afterMs })
    .where('name', '=', name)
    .where('holder', '=', holder)
    .execute();
}

/** The store's clock in milliseconds: the one that all servers on it share. */
async function storeNow(control: ControlStore): Promise<number> {
  if (isSqlite(control)) return Date.now();
  const { rows } = await sql<{ now: number }>`
    select cast(extract(epoch from clock_timestamp()) * 1000 as bigint) as now`.execute(control);
  return rows[0]?.now ?? Date.now();
}
