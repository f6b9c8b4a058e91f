import type { LegalHold } from '@sentinel/protocol';
import type { ControlStore } from '../store/control-store.ts';
import { newUuidV7 } from '../uuid-v7.ts';

/** Row of a legal hold. */
export interface LegalHoldTable {
  id: string;
  name: string;
  reason: string;
  user_name: string | null;
  script_id: string | null;
  endpoint_id: string | null;
  from_ms: number | null;
  to_ms: number | null;
  created_at: number;
  created_by: string;
  released_at: number | null;
  released_by: string | null;
}

/** What a hold is made of. */
export type NewHold = Pick<LegalHold, 'name' | 'reason' | 'userName' | 'scriptId' | 'endpointId' | 'from' | 'to'>;

/** Keeps what matches from now on. */
export async function createHold(control: ControlStore, hold: NewHold, by: string, nowMs: number): Promise<LegalHold> {
  const row: LegalHoldTable = {
    id: newUuidV7(),
    name: hold.name,
    reason: hold.reason,
    user_name: hold.userName ?? null,
    script_id: hold.scriptId ?? null,
    endpoint_id: hold.endpointId?.toLowerCase() ?? null,
    from_ms: hold.from === undefined ? null : Date.parse(hold.from),
    to_ms: hold.to === undefined ? null : Date.parse(hold.to),
    created_at: nowMs,
    created_by: by,
    released_at: null,
    released_by: null,
  };
  await control.insertInto('legal_hold').values(row).execute();
  return toHold(row);
}

/** Ends a hold; undefined if there is none in force with this id. */
export async function releaseHold(
  control: ControlStore,
  id: string,
  by: string,
  nowMs: number,
): Promise<LegalHold | undefined> {
  const row = await control
    .updateTable('legal_hold')
    .set({ released_at: nowMs, released_by: by })
    .where('id', '=', id)
    .where('released_at', 'is', null)
    .returningAll()
    .executeTakeFirst();
  return row && toHold(row);
}

/** Every hold, those in force first. */
export async function listHolds(control: ControlStore): Promise<LegalHold[]> {
  const rows = await control.selectFrom('legal_hold').selectAll().orderBy('created_at', 'desc').execute();
  return rows.sort((a, b) => Number(a.released_at !== null) - Number(b.released_at !== null)).map(toHold);
}

/** Holds that a disposal must honour. */
export function holdsInForce(control: ControlStore): Promise<LegalHoldTable[]> {
  return control.selectFrom('legal_hold').selectAll().where('released_at', 'is', null).execute();
}

function toHold(row: LegalHoldTable): LegalHold {
  const time = (ms: number) => new Date(ms).toISOString();
  return {
    id: row.id,
    name: row.name,
    reason: row.reason,
    ...(row.user_name !== null && { userName: row.user_name }),
    ...(row.script_id !== null && { scriptId: row.script_id }),
    ...(row.endpoint_id !== null && { endpointId: row.endpoint_id }),
    ...(row.from_ms !== null && { from: time(row.from_ms) }),
    ...(row.to_ms !== null && { to: time(row.to_ms) }),
    createdAt: time(row.created_at),
    createdBy: row.created_by,
    ...(row.released_at !== null && { releasedAt: time(row.released_at) }),
    ...(row.released_by !== null && { releasedBy: row.released_by }),
  };
}
