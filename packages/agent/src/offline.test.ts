import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { testOffline } from './testing/offline-suite.ts';

test('a day without a server at 4,000 activities fits into its thirtieth of 100 MB, with nothing given up', (t) =>
  testOffline(t, { days: 1, seed: 'offline', under: tmpdir() }));
