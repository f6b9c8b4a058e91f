import { sql } from 'kysely';
import type { ControlStore } from '../store/control-store.ts';
import { DAY_MS } from '../store/store-time.ts';
import type { LegalHoldTable } from './hold.ts';
import type { DisposedDay, RetainedRows } from './retained-rows.ts';

/**
 * Records of the audit trail. The chain of hashes must stay whole, so that only its beginning goes: up to
 * the first record that is young or held. The proof names the last one that went, whose hash is the
 * `previous` of the first that stays.
 */
export function auditRows(control: ControlStore): RetainedRows {
  async function firstKept(beforeMs: number, holds: readonly LegalHoldTable[]): Promise<number> {
    const conditions = holds.map((hold) => {
      const parts = [
        sql`at < ${beforeMs}`,
        ...(hold.user_name === null ? [] : [sql`actor_name = ${hold.user_name}`]),
        ...(hold.from_ms === null ? [] : [sql`at >= ${hold.from_ms}`]),
        ...(hold.to_ms === null ? [] : [sql`at <= ${hold.to_ms}`]),
      ];
      return sql`(${sql.join(parts, sql` and `)})`;
    });
    const kept = sql.join([sql`at >= ${beforeMs}`, ...conditions], sql` or `);
    const { rows } = await sql<{ number: number | null; last: number | null }>`
      select min(case when ${kept} then number end) as number, max(number) as last from audit_record`.execute(control);
    return rows[0]?.number ?? (rows[0]?.last ?? 0) + 1;
  }

  async function days(beforeMs: number, kept: number): Promise<DisposedDay[]> {
    const { rows } = await sql<{ day: number; rows: number; held: number }>`
      select cast(at / ${sql.lit(DAY_MS)} as bigint) as day,
        sum(case when number < ${kept} then 1 else 0 end) as rows,
        sum(case when number >= ${kept} then 1 else 0 end) as held
      from audit_record where at < ${beforeMs} group by 1 order by 1`.execute(control);
    return rows.map(({ day, ...counts }) => ({ day: new Date(day * DAY_MS).toISOString().slice(0, 10), ...counts }));
  }

  return {
    preview: async (beforeMs, holds) => days(beforeMs, await firstKept(beforeMs, holds)),
    async dispose(beforeMs, holds) {
      const kept = await firstKept(beforeMs, holds);
      const gone = await days(beforeMs, kept);
      const last = await control
        .selectFrom('audit_record')
        .select(['number', 'hash'])
        .where('number', '=', kept - 1)
        .executeTakeFirst();
      await control.deleteFrom('audit_record').where('number', '<', kept).execute();
      return { days: gone, ...(last && { note: `audit record ${last.number} ${last.hash}` }) };
    },
  };
}
