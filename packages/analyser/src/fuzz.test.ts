import assert from 'node:assert/strict';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { Analysis } from '@sentinel/protocol';
import { hostileSources } from './hostile-sources.ts';
import { mutateSource, seededNumbers } from './mutate-source.ts';
import { AnalysisPool } from './pool.ts';

const CORPUS = join(import.meta.dirname, '..', '..', '..', '..', 'shared', 'corpus', 'scripts', 'scripts.jsonl.gz');
/** Sources of one run; `SENTINEL_FUZZ` asks for more, `SENTINEL_FUZZ_SEED` for others. */
const COUNT = Number(process.env['SENTINEL_FUZZ'] ?? 200);
const SEED = Number(process.env['SENTINEL_FUZZ_SEED'] ?? 1);
/** What the pool says when it lost a worker over a source. */
const DEAD = /^analysis: (?:the worker|out of memory)/;

async function losses(sources: readonly (readonly [string, Uint8Array])[]): Promise<string[]> {
  // More time than by default: what else the machine does must not decide.
  const pool = new AnalysisPool({ workers: 2, timeMs: 20_000 });
  try {
    const all = await Promise.all(
      sources.map(async ([name, bytes]) => {
        const analysis = await pool.analyse(bytes, { path: 'hostile.py' });
        assert.ok(Analysis.safeParse(analysis).success, name);
        return analysis.failures.filter((failure) => DEAD.test(failure)).map((failure) => `${name}: ${failure}`);
      }),
    );
    assert.equal(pool.deaths, 0, 'a worker died, even if its source was done by another');
    return all.flat();
  } finally {
    await pool.close();
  }
}

test('no hostile source takes a worker down, however often', async () => {
  const sources = [...hostileSources()];
  assert.deepEqual(await losses([...sources, ...sources.toReversed()]), []);
});

test('no mutated script takes a worker down', async (context) => {
  if (!existsSync(CORPUS)) {
    context.skip('the labelled corpus (../shared/corpus beside the repository) is not here');
    return;
  }
  const scripts = gunzipSync(readFileSync(CORPUS))
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => (JSON.parse(line) as { text: string }).text);
  const sources = Array.from({ length: COUNT }, (_, at): [string, Uint8Array] => {
    const next = seededNumbers(SEED * 1_000_003 + at);
    return [`seed ${SEED}, source ${at}`, Buffer.from(mutateSource(scripts[next(scripts.length)] ?? '', next))];
  });
  assert.deepEqual(await losses(sources), []);
});
