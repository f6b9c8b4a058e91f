import type { EventStore } from './event-store.ts';

/** Tables of rows that have a partition a day. */
export type DailyTable = 'run' | 'activity';

/**
 * The days that a table has rows of, each with a text that is another one after every insert into the day and
 * every change of its rows, and the same after a merge. It is made from the numbers of the day's parts, on a
 * cluster of those on every replica: one that lags behind makes another text. A part whose rows were never
 * changed says its own number as its version, which a merge does not keep.
 */
export async function dayVersions(store: EventStore, table: DailyTable): Promise<Map<string, string>> {
  const isSpread = store.cluster !== undefined;
  const rows = await store.query<{ day: string; version: string }>(
    `SELECT partition AS day, arrayStringConcat(arraySort(groupArray(state)), ' ') AS version
     FROM (
       SELECT partition, concat(${isSpread ? "hostName(), '/'," : ''} toString(min(min_block_number)), '-',
         toString(max(max_block_number)), '-', toString(max(if(data_version = min_block_number, 0, data_version)))) AS state
       FROM ${isSpread ? `clusterAllReplicas('${store.cluster}', system.parts)` : 'system.parts'}
       WHERE active AND database = currentDatabase() AND table = {table:String}
       GROUP BY ${isSpread ? 'hostName(), ' : ''}partition
     )
     GROUP BY partition`,
    { table: isSpread ? `${table}_local` : table },
  );
  return new Map(rows.map(({ day, version }) => [day, version]));
}
