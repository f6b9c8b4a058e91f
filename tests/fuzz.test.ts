import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzParsers } from './support/fuzz/fuzz-parsers.ts';
import { fuzzServer } from './support/fuzz/fuzz-server.ts';

const SEED = Number(process.env['SENTINEL_FUZZ_SEED'] ?? 1);

test('no parser of bytes from outside breaks on mutated input', async () => {
  assert.deepEqual(await fuzzParsers(300, SEED), []);
});

test('no mutated request makes the server fail', async () => {
  const { wrongs, statuses } = await fuzzServer(300, SEED);
  assert.deepEqual(wrongs, []);
  // A round in which every request is refused at the door would prove nothing.
  assert.ok((statuses.get(200) ?? 0) > 5 && (statuses.get(400) ?? 0) > 20, JSON.stringify([...statuses]));
});
