import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fuzzParsers } from '../support/fuzz/fuzz-parsers.ts';
import { fuzzServer } from '../support/fuzz/fuzz-server.ts';

/** `SENTINEL_FUZZ` asks for more inputs a parser, `SENTINEL_FUZZ_SEED` for others. */
const ROUNDS = Number(process.env['SENTINEL_FUZZ'] ?? 5_000);
const SEED = Number(process.env['SENTINEL_FUZZ_SEED'] ?? Math.floor(Date.now() / 86_400_000));
const timeout = 3_600_000;

test(`no parser breaks on ${ROUNDS} mutated inputs each, seed ${SEED}`, { timeout }, async () => {
  assert.deepEqual(await fuzzParsers(ROUNDS, SEED), []);
});

test(`no mutated request of ${ROUNDS} makes the server fail, seed ${SEED}`, { timeout }, async (t) => {
  const { wrongs, statuses } = await fuzzServer(ROUNDS, SEED);
  assert.deepEqual(wrongs, []);
  t.diagnostic(JSON.stringify([...statuses].sort(([a], [b]) => a - b)));
});
