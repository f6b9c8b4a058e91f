import assert from 'node:assert/strict';
import { test } from 'node:test';
import { createLog } from '../log.ts';
import { findPostgres, startPostgres } from '../testing/postgres.ts';
import { claimEventStore } from './claim-event-store.ts';

const log = createLog('silent');

test('lets one embedded engine or many servers of a shared one on a PostgreSQL, never both', {
  skip: findPostgres() === undefined && 'PostgreSQL is not installed',
}, async () => {
  const postgres = await startPostgres();
  try {
    const url = await postgres.createDatabase();
    const first = await claimEventStore(url, true, log);
    await assert.rejects(claimEventStore(url, true, log), /another server uses this control store/);
    await first.release();

    const shared = await claimEventStore(url, false, log);
    const other = await claimEventStore(url, false, log);
    await assert.rejects(claimEventStore(url, true, log), /another server/);
    await shared.release();
    await other.release();
    await (await claimEventStore(url, true, log)).release();
  } finally {
    await postgres.stop();
  }
});
