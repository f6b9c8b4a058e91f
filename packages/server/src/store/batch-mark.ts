import type { ControlStore } from './control-store.ts';

/** Row that remembers an acknowledged batch. */
export interface BatchMarkTable {
  endpoint_id: string;
  spool_id: string;
  sequence: number;
  /** Of the inflated body. */
  sha256: string;
  rows_stored: number;
  rows_set_aside: number;
  stored_at: number;
}

/**
 * How long a mark is kept. A batch that comes again after that is stored again, which changes nothing:
 * its rows replace themselves by revision. Marks save that work and uncover copied spools; the data
 * is right without them.
 */
export const MARK_LIFE_MS = 3 * 24 * 60 * 60 * 1000;

/** SQLite takes 32,766 values in one statement. */
const CHUNK = 1_000;

/** The mark of a batch. */
export function findMark(
  store: ControlStore,
  endpointId: string,
  spoolId: string,
  sequence: number,
): Promise<BatchMarkTable | undefined> {
  return store
    .selectFrom('batch_mark')
    .selectAll()
    .where('endpoint_id', '=', endpointId)
    .where('spool_id', '=', spoolId)
    .where('sequence', '=', sequence)
    .executeTakeFirst();
}

/** Writes marks; one that is there already stays as it is. */
export async function insertMarks(store: ControlStore, marks: readonly BatchMarkTable[]): Promise<void> {
  for (let start = 0; start < marks.length; start += CHUNK) {
    const chunk = marks.slice(start, start + CHUNK);
    await store
      .insertInto('batch_mark')
      .values(chunk)
      .onConflict((conflict) => conflict.doNothing())
      .execute();
  }
}

/** Forgets marks older than {@link MARK_LIFE_MS}, at most so many at once. */
export async function pruneMarks(store: ControlStore, nowMs: number, limit = 50_000): Promise<number> {
  const result = await store
    .deleteFrom('batch_mark')
    .where((row) =>
      row(
        row.refTuple('endpoint_id', 'spool_id', 'sequence'),
        'in',
        row
          .selectFrom('batch_mark')
          .select(['endpoint_id', 'spool_id', 'sequence'])
          .where('stored_at', '<', nowMs - MARK_LIFE_MS)
          .limit(limit)
          .$asTuple('endpoint_id', 'spool_id', 'sequence'),
      ),
    )
    .executeTakeFirst();
  return Number(result.numDeletedRows);
}
