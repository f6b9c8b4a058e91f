import type { Kysely } from 'kysely';

/** What each endpoint last counted: Python starts against reported runs, as JSON. */
export async function up(database: Kysely<unknown>): Promise<void> {
  await database.schema.alterTable('endpoint').addColumn('coverage', 'text').execute();
}
