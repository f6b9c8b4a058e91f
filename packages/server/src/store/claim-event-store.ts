import { setTimeout as delay } from 'node:timers/promises';
import { Client } from 'pg';
import type { Logger } from 'pino';
import { postgresConfig } from './postgres-dialect.ts';

/** Number of the advisory lock in PostgreSQL; any that nobody else takes. */
const LOCK = 0x53_4e_54_4c;
/** A server that was killed a moment ago may still hold it. */
const PATIENCE_MS = 10_000;
const RETRY_MS = 200;

/** A claim that is held until it is released. */
export interface StoreClaim {
  release(): Promise<void>;
}

/**
 * Says on PostgreSQL which sort of event store this server has. An embedded engine belongs to one server: two servers that
 * share people and marks but not the rows would each show half, and believe the other's marks.
 * @param isEmbedded - One engine of its own; else one that all servers share.
 * @throws Error with a sentence for the operator where another server is in the way.
 */
export async function claimEventStore(url: string, isEmbedded: boolean, log: Logger): Promise<StoreClaim> {
  const client = new Client(postgresConfig(url));
  // A connection that breaks gives the claim up; the server's own queries then fail as well, and say so.
  client.on('error', (error) => log.warn({ err: error }, 'the claim on the event store was lost with its connection'));
  await client.connect();
  const ask = isEmbedded ? 'pg_try_advisory_lock' : 'pg_try_advisory_lock_shared';
  for (const end = Date.now() + PATIENCE_MS; ; await delay(RETRY_MS)) {
    const { rows } = await client.query<{ has: boolean }>(`select ${ask}($1) as has`, [LOCK]);
    if (rows[0]?.has === true) return { release: () => client.end() };
    if (Date.now() < end) continue;
    await client.end();
    throw new Error(
      isEmbedded
        ? 'another server uses this control store: several servers need one event store, given with --events'
        : 'a server with an embedded event store uses this control store: stop it, or give it --events too',
    );
  }
}
