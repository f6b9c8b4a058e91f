import assert from 'node:assert/strict';
import { test } from 'node:test';
import { newestFirst } from './newest-first.ts';
import { DAY_MS } from './store-time.ts';

test('cuts a window into stretches without a gap and without an overlap, the newest first', () => {
  const now = 1_000 * DAY_MS;

  assert.deepEqual(
    [...newestFirst({ fromMs: 990 * DAY_MS, toMs: now + 2 * DAY_MS }, now)],
    [
      { fromMs: 999 * DAY_MS, toMs: now + 2 * DAY_MS },
      { fromMs: 995 * DAY_MS, toMs: 999 * DAY_MS },
      { fromMs: 990 * DAY_MS, toMs: 995 * DAY_MS },
    ],
  );
});

test('asks once for a window of a day or less, for one that is over, and for one that is empty', () => {
  const now = 1_000 * DAY_MS;

  assert.deepEqual([...newestFirst({ fromMs: now - 1, toMs: now }, now)], [{ fromMs: now - 1, toMs: now }]);
  assert.deepEqual([...newestFirst({ fromMs: DAY_MS, toMs: 2 * DAY_MS }, now)], [{ fromMs: DAY_MS, toMs: 2 * DAY_MS }]);
  assert.deepEqual([...newestFirst({ fromMs: now, toMs: now - 5 }, now)], [{ fromMs: now, toMs: now - 5 }]);
});

test('reaches the beginning of time in a few steps', () => {
  const stretches = [...newestFirst({ fromMs: 0, toMs: 20_000 * DAY_MS }, 20_000 * DAY_MS)];

  assert.equal(stretches.length, 8);
  assert.equal(stretches.at(-1)?.fromMs, 0);
});
