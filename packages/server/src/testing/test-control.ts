import { join } from 'node:path';
import { type Postgres, startPostgres } from './postgres.ts';

/** A control store for one test. */
export interface TestControl {
  /** A file, or the address of a database. */
  readonly place: string;
  drop(): Promise<void>;
}

let postgres: Promise<Postgres> | undefined;

/** Whether the tests run on PostgreSQL: `SENTINEL_TEST_CONTROL=postgres`. */
export const isOnPostgres = process.env.SENTINEL_TEST_CONTROL === 'postgres';

/** Control store in a folder, or a new database of this process's PostgreSQL where the tests run on that. */
export async function makeTestControl(folder: string): Promise<TestControl> {
  if (!isOnPostgres) return { place: join(folder, 'control.sqlite'), drop: async () => {} };
  postgres ??= startPostgres();
  const started = await postgres;
  const place = await started.createDatabase();
  return { place, drop: () => started.dropDatabase(place) };
}
