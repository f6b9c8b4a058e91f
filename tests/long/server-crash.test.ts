import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { testCrashes } from '../../packages/server/src/testing/crash-suite.ts';
import { findPostgres } from '../../packages/server/src/testing/postgres.ts';

/** `SENTINEL_KILLS` makes it shorter, or longer. */
const KILLS = Number(process.env['SENTINEL_KILLS'] ?? 200);
const hasProc = existsSync('/proc/self/task');
const timeout = 3_600_000;

test(
  `nothing acknowledged is lost and nothing stored twice over ${KILLS} kills of server and embedded engine`,
  { timeout, skip: !hasProc && 'needs /proc' },
  (t) => testCrashes(t, 'embedded', KILLS),
);

test(
  `the same over ${KILLS} kills of server, event store and PostgreSQL`,
  { timeout, skip: findPostgres() === undefined && 'PostgreSQL is not installed' },
  (t) => testCrashes(t, 'postgres', KILLS),
);
