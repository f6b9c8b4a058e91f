import { test } from 'node:test';
import { testPartition } from './testing/partition-suite.ts';

test('a full spool keeps every run and every decision, and counts to the row what it gave up', (t) =>
  testPartition(t, { runs: 8, spoolLimitKib: 32 }));
