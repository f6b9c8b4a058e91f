import type { EventStore, QueryParameters } from '../store/event-store.ts';
import { DAY_MS, storeTime } from '../store/store-time.ts';
import type { LegalHoldTable } from './hold.ts';
import type { Disposed, DisposedDay, RetainedRows } from './retained-rows.ts';

/** A disposal may take its time. */
const TIMEOUT_MS = 10 * 60 * 1000;
const MAX_DAYS = 40_000;

/**
 * Rows of a table of the event store that has one partition a day. A day without a hold goes as a whole; of
 * a day with one the other rows are rewritten away. Rows that come late for a day that has gone go next time.
 */
export function eventRows(events: EventStore, table: string, time: string): RetainedRows {
  async function preview(beforeMs: number, holds: readonly LegalHoldTable[]): Promise<DisposedDay[]> {
    const { sql, parameters } = heldCondition(time, holds);
    return events.query<DisposedDay>(
      `SELECT toString(toDate(${time})) AS day, countIf(NOT (${sql})) AS rows, countIf(${sql}) AS held
       FROM ${table} FINAL WHERE ${time} < {before:DateTime64(3, 'UTC')} GROUP BY day ORDER BY day`,
      { ...parameters, before: storeTime(startOfDay(beforeMs)) },
      { timeoutMs: TIMEOUT_MS, maxRows: MAX_DAYS },
    );
  }
  return {
    preview,
    async dispose(beforeMs, holds, signal): Promise<Disposed> {
      const days = await preview(beforeMs, holds);
      const { sql, parameters } = heldCondition(time, holds);
      const done: DisposedDay[] = [];
      for (const day of days) {
        if (signal.aborted) break;
        if (day.rows === 0) {
          done.push(day);
          continue;
        }
        if (day.held === 0) await events.alter(table, `DROP PARTITION '${day.day}'`);
        else {
          await events.alter(
            table,
            `DELETE WHERE toDate(${time}) = '${day.day}' AND NOT (${sql}) SETTINGS mutations_sync = 2`,
            parameters,
          );
        }
        done.push(day);
      }
      return { days: done };
    },
  };
}

/** Only whole days go. */
function startOfDay(ms: number): number {
  return Math.floor(ms / DAY_MS) * DAY_MS;
}

function heldCondition(time: string, holds: readonly LegalHoldTable[]): { sql: string; parameters: QueryParameters } {
  const parameters: Record<string, string> = {};
  const conditions = holds.map((hold, place) => {
    const bind = (name: string, type: string, value: string) => {
      parameters[`${name}${place}`] = value;
      return `{${name}${place}:${type}}`;
    };
    const parts = [
      ...(hold.user_name === null ? [] : [`user_name = ${bind('user', 'String', hold.user_name)}`]),
      ...(hold.script_id === null ? [] : [`script_id = ${bind('script', 'String', hold.script_id)}`]),
      ...(hold.endpoint_id === null ? [] : [`endpoint_id = ${bind('endpoint', 'UUID', hold.endpoint_id)}`]),
      ...(hold.from_ms === null ? [] : [`${time} >= ${bind('from', "DateTime64(3, 'UTC')", storeTime(hold.from_ms))}`]),
      ...(hold.to_ms === null ? [] : [`${time} <= ${bind('to', "DateTime64(3, 'UTC')", storeTime(hold.to_ms))}`]),
    ];
    return parts.length === 0 ? '1' : `(${parts.join(' AND ')})`;
  });
  return { sql: conditions.length === 0 ? '0' : conditions.join(' OR '), parameters };
}
