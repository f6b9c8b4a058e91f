import assert from 'node:assert/strict';
import { it } from 'node:test';
import { BackOff, retryAfterMs } from './back-off.ts';

it('doubles the longest wait up to the limit and begins anew after a success', () => {
  const backOff = new BackOff(500, 60_000, () => 1);
  const waits = Array.from({ length: 9 }, () => backOff.next());
  assert.deepEqual(waits, [500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]);
  backOff.reset();
  assert.equal(backOff.next(), 500);
});

it('spreads waits over the whole range', () => {
  assert.equal(new BackOff(500, 60_000, () => 0).next(), 50);
});

it('waits at least as long as the server asks, within reason', () => {
  assert.equal(new BackOff(500, 60_000, () => 1).next(7000), 7000);
  assert.equal(new BackOff().next(10 ** 9), 600_000);
});

it('reads Retry-After as seconds and as a date, and nothing else', () => {
  const now = Date.UTC(2026, 0, 1);
  assert.equal(retryAfterMs('12', now), 12_000);
  assert.equal(retryAfterMs('Thu, 01 Jan 2026 00:00:30 GMT', now), 30_000);
  assert.equal(retryAfterMs('Wed, 31 Dec 2025 00:00:00 GMT', now), 0);
  assert.equal(retryAfterMs('soon', now), 0);
  assert.equal(retryAfterMs(null, now), 0);
});
