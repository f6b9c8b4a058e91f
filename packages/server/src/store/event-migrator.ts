import type { EventStore } from './event-store.ts';
import { eventMigrations } from './migrations/event/all.ts';

/** A change that rewrites what is there may take its time. */
const STATEMENT_TIMEOUT_MS = 60 * 60 * 1000;

/**
 * Applies the event migrations that the store does not have yet. Servers that start together may do so
 * at the same time: every statement can be repeated.
 * @throws Error if the store was written by a newer program.
 */
export async function migrateEventStore(
  store: EventStore,
  define: (statement: string) => Promise<unknown> = (statement) =>
    store.query(statement, {}, { timeoutMs: STATEMENT_TIMEOUT_MS }),
): Promise<void> {
  await define(
    `CREATE TABLE IF NOT EXISTS schema_version (name String, applied_at DateTime64(3, 'UTC') DEFAULT now64(3))
     ENGINE = MergeTree ORDER BY name SETTINGS fsync_after_insert = 1, fsync_part_directory = 1`,
  );
  const applied = new Set(
    (await store.query<{ name: string }>('SELECT DISTINCT name FROM schema_version')).map(({ name }) => name),
  );
  const known = new Set(eventMigrations.map(({ name }) => name));
  for (const name of applied) {
    if (!known.has(name))
      throw new Error(
        `the event store has migration "${name}", which this program does not know: it was written by a newer version`,
      );
  }
  for (const { name, statements } of eventMigrations) {
    if (applied.has(name)) continue;
    // Every statement can be repeated, so a crash between two of them does no harm.
    for (const statement of statements) await define(statement);
    await store.insert({
      table: 'schema_version',
      columns: ['name'],
      lines: Buffer.from(`${JSON.stringify([name])}\n`),
    });
  }
}
