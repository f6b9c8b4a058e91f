import { type RawBuilder, type SqlBool, sql } from 'kysely';
import type { ControlStore } from '../store/control-store.ts';
import { DAY_MS } from '../store/store-time.ts';
import type { LegalHoldTable } from './hold.ts';
import type { DisposedDay, RetainedRows } from './retained-rows.ts';

/** A table of the control store: its time in ms, its key, and what a hold can name of it. */
export interface ControlRows {
  readonly table: string;
  readonly time: string;
  /** Says whether a row is this account's, script's, endpoint's; a hold that names what is not here keeps every row. */
  readonly user?: (name: string) => RawBuilder<SqlBool>;
  readonly script?: string;
  readonly endpoint?: string;
  /** What was made of other rows of its class and goes at the same age: only those are counted. */
  readonly isDerived?: true;
  /** Rows of other tables that go with these, by a condition over them. */
  readonly with?: readonly { readonly table: string; readonly column: string; readonly of: string }[];
}

/** Rows of the control store. */
export function controlRows(control: ControlStore, rows: ControlRows): RetainedRows {
  const time = sql.ref(rows.time);
  const table = sql.table(rows.table);

  async function preview(beforeMs: number, holds: readonly LegalHoldTable[]): Promise<DisposedDay[]> {
    const held = heldBy(rows, holds);
    const answer = await sql<{ number: number; rows: number; held: number }>`
      select cast(${time} / ${sql.lit(DAY_MS)} as bigint) as number,
        sum(case when ${held} then 0 else 1 end) as rows, sum(case when ${held} then 1 else 0 end) as held
      from ${table} where ${time} < ${beforeMs} group by 1 order by 1`.execute(control);
    return answer.rows.map((row) => ({
      day: new Date(row.number * DAY_MS).toISOString().slice(0, 10),
      rows: row.rows,
      held: row.held,
    }));
  }

  return {
    preview: async (beforeMs, holds) => (rows.isDerived === true ? [] : preview(beforeMs, holds)),
    async dispose(beforeMs, holds) {
      const days = rows.isDerived === true ? [] : await preview(beforeMs, holds);
      const going = sql`${time} < ${beforeMs} and not (${heldBy(rows, holds)})`;
      await control.transaction().execute(async (transaction) => {
        for (const { table: other, column, of } of rows.with ?? []) {
          await sql`delete from ${sql.table(other)}
            where ${sql.ref(column)} in (select ${sql.ref(of)} from ${table} where ${going})`.execute(transaction);
        }
        await sql`delete from ${table} where ${going}`.execute(transaction);
      });
      return { days };
    },
  };
}

/** Whether a hold keeps a row. */
function heldBy(rows: ControlRows, holds: readonly LegalHoldTable[]): RawBuilder<SqlBool> {
  const equals = (column: string, value: string) => sql<SqlBool>`${sql.ref(column)} = ${value}`;
  const all = holds.map((hold) => {
    const parts: RawBuilder<SqlBool>[] = [];
    if (hold.user_name !== null && rows.user !== undefined) parts.push(rows.user(hold.user_name));
    if (hold.script_id !== null && rows.script !== undefined) parts.push(equals(rows.script, hold.script_id));
    if (hold.endpoint_id !== null && rows.endpoint !== undefined) parts.push(equals(rows.endpoint, hold.endpoint_id));
    if (hold.from_ms !== null) parts.push(sql`${sql.ref(rows.time)} >= ${hold.from_ms}`);
    if (hold.to_ms !== null) parts.push(sql`${sql.ref(rows.time)} <= ${hold.to_ms}`);
    return parts.length === 0 ? sql<SqlBool>`1 = 1` : sql<SqlBool>`(${sql.join(parts, sql` and `)})`;
  });
  return all.length === 0 ? sql`1 = 0` : sql`(${sql.join(all, sql` or `)})`;
}
