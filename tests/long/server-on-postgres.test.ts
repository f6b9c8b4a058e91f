import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { findPostgres } from '../../packages/server/src/testing/postgres.ts';
import { runOnPostgres } from '../../packages/server/src/testing/run-on-postgres.ts';

/** Suites that start a server of their own choice, or no store at all. */
const OTHERS =
  /on-postgres|several-servers|postgres-signals|clickhouse|chdb|frame|seal|tls\/server-cert|backup|disk-full/;

/** `SENTINEL_PART=2/4` runs the second quarter: together they run all. */
const [PART = 1, PARTS = 1] = (process.env['SENTINEL_PART'] ?? '1/1').split('/').map(Number);

test('every suite of the server passes with the control store on PostgreSQL', {
  skip: findPostgres() === undefined && 'PostgreSQL is not installed',
  timeout: 1_800_000,
}, async () => {
  const root = join(import.meta.dirname, '../../packages/server/src');
  const suites = globSync('**/*.test.ts', { cwd: root })
    .filter((file) => !OTHERS.test(file))
    .sort()
    .filter((_, at) => at % PARTS === PART - 1);
  const { passed, failed, output } = await runOnPostgres(suites);
  assert.equal(failed, 0, output);
  assert.ok(passed > suites.length, output);
});
