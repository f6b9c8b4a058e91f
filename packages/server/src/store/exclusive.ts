import { sql } from 'kysely';
import type { ControlStore } from './control-store.ts';
import { isSqlite } from './migrations/control/column-types.ts';

/**
 * Lets one transaction at a time go on from here, over all servers, until it ends. For what reads the
 * last row and writes the next. SQLite's transactions do that anyway.
 */
export async function holdExclusive(transaction: ControlStore, name: string): Promise<void> {
  if (isSqlite(transaction)) return;
  await sql`select pg_advisory_xact_lock(hashtextextended(${`sentinel/${name}`}, 0))`.execute(transaction);
}
