import assert from 'node:assert/strict';
import { test } from 'node:test';
import { isInRing, ringPlace } from './ring-place.ts';

const endpoints = Array.from(
  { length: 20_000 },
  (_, index) => `0190${index.toString(16).padStart(4, '0')}-7000-8000-${index}`,
);

test('spreads endpoints evenly, another way for every policy, and keeps smaller rings inside larger ones', () => {
  for (const [percent, slack] of [
    [1, 0.35],
    [10, 0.1],
    [50, 0.04],
  ] as const) {
    const share = endpoints.filter((id) => isInRing('llm', id, percent)).length / endpoints.length;
    assert.ok(Math.abs(share * 100 - percent) < percent * slack, `${percent}: ${share}`);
  }
  assert.equal(endpoints.filter((id) => isInRing('llm', id, 100)).length, endpoints.length);
  assert.equal(endpoints.filter((id) => isInRing('llm', id, 0)).length, 0);
  const first = endpoints.filter((id) => isInRing('llm', id, 1));
  assert.ok(first.every((id) => isInRing('llm', id, 10)));
  const both = first.filter((id) => isInRing('packages', id, 1)).length;
  assert.ok(both < first.length / 5, `${both} of ${first.length} come first for both policies`);
});

test('gives the same place for ever', () => {
  assert.deepEqual(
    [
      ringPlace('llm-secret', '01900000-0000-7000-8000-000000000000'),
      ringPlace('llm-secret', '01900000-0000-7000-8000-000000000001'),
      ringPlace('bürgerdaten', '01900000-0000-7000-8000-000000000000'),
    ],
    [1057, 4550, 105],
  );
});
