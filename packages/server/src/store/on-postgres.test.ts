import assert from 'node:assert/strict';
import { test } from 'node:test';
import { findPostgres } from '../testing/postgres.ts';
import { runOnPostgres } from '../testing/run-on-postgres.ts';

/** Suites that together write and read every kind of table; `npm run test:long` runs all of them. */
const SUITES = [
  'store/control-store.test.ts',
  'jobs/run-jobs.test.ts',
  'ingest/ingest.test.ts',
  'ingest/group-commit.test.ts',
  'api/enrolments.test.ts',
  'api/findings.test.ts',
  'api/inventories.test.ts',
  'api/leavers.test.ts',
  'api/policies.test.ts',
  'api/retention.test.ts',
  'api/sessions.test.ts',
  'api/vault.test.ts',
  'http/write-conditions.test.ts',
];

test('the control store means the same on PostgreSQL as on SQLite', {
  skip: findPostgres() === undefined && 'PostgreSQL is not installed',
}, async () => {
  const { passed, failed, output } = await runOnPostgres(SUITES);
  assert.equal(failed, 0, output);
  assert.ok(passed >= SUITES.length, output);
});
