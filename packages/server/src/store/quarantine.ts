import { createHash } from 'node:crypto';
import { newUuidV7 } from '../uuid-v7.ts';
import type { ControlStore } from './control-store.ts';

/** Row of something that was set aside instead of stored. */
export interface QuarantineTable {
  id: string;
  endpoint_id: string;
  /** A whole body, or one row of a batch. */
  kind: 'batch' | 'row';
  reason: string;
  sha256: string;
  /** Before it was cut to the size that is kept. */
  size_bytes: number;
  body: Uint8Array;
  spool_id: string | null;
  sequence: number | null;
  received_at: number;
  /** How often the very same thing came. */
  times: number;
}

/** Something to set aside. */
export interface SetAside {
  readonly endpointId: string;
  readonly kind: 'batch' | 'row';
  readonly reason: string;
  readonly body: Uint8Array;
  readonly spoolId?: string;
  readonly sequence?: number;
}

/** Bytes kept of a body, and of a row. */
const KEPT_BYTES = { batch: 1024 * 1024, row: 64 * 1024 };
/** Entries kept; older ones make room. */
const KEPT_ENTRIES = { batch: 200, row: 5_000 };
const CHUNK = 500;

/** Keeps what could not be stored, with the reason; the same thing again only counts up. */
export async function setAside(store: ControlStore, entries: readonly SetAside[], nowMs: number): Promise<void> {
  const rows = countedOnce(entries.map((entry) => toRow(entry, nowMs)));
  for (let start = 0; start < rows.length; start += CHUNK) {
    await store
      .insertInto('quarantine')
      .values(rows.slice(start, start + CHUNK))
      .onConflict((conflict) =>
        conflict.columns(['endpoint_id', 'kind', 'sha256']).doUpdateSet((row) => ({
          times: row('quarantine.times', '+', row.ref('excluded.times')),
          received_at: nowMs,
        })),
      )
      .execute();
  }
}

/** What was set aside, newest first. */
export function listSetAside(store: ControlStore, limit: number): Promise<QuarantineTable[]> {
  return store
    .selectFrom('quarantine')
    .selectAll()
    .orderBy('received_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit)
    .execute();
}

/** Forgets the oldest entries beyond the number that is kept of each kind. */
export async function pruneQuarantine(
  store: ControlStore,
  kept: Readonly<Record<SetAside['kind'], number>> = KEPT_ENTRIES,
): Promise<number> {
  let pruned = 0n;
  for (const kind of ['batch', 'row'] as const) {
    const result = await store
      .deleteFrom('quarantine')
      .where('kind', '=', kind)
      .where('id', 'not in', (expression) =>
        expression
          .selectFrom('quarantine')
          .select('id')
          .where('kind', '=', kind)
          .orderBy('received_at', 'desc')
          .orderBy('id', 'desc')
          .limit(kept[kind]),
      )
      .executeTakeFirst();
    pruned += result.numDeletedRows;
  }
  return Number(pruned);
}

/** One statement must not meet the same row twice. */
function countedOnce(rows: readonly QuarantineTable[]): QuarantineTable[] {
  const byContent = new Map<string, QuarantineTable>();
  for (const row of rows) {
    const key = `${row.endpoint_id}/${row.kind}/${row.sha256}`;
    const before = byContent.get(key);
    byContent.set(key, before === undefined ? row : { ...before, times: before.times + row.times });
  }
  return [...byContent.values()];
}

function toRow(entry: SetAside, nowMs: number): QuarantineTable {
  return {
    id: newUuidV7(),
    endpoint_id: entry.endpointId,
    kind: entry.kind,
    reason: entry.reason.slice(0, 1_000),
    sha256: createHash('sha256').update(entry.body).digest('hex'),
    size_bytes: entry.body.byteLength,
    body: entry.body.subarray(0, KEPT_BYTES[entry.kind]),
    spool_id: entry.spoolId ?? null,
    sequence: entry.sequence ?? null,
    received_at: nowMs,
    times: 1,
  };
}
