import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Worker } from 'node:worker_threads';
import { runRuff } from './ruff-engine.ts';

/** Sources whose depth is beyond the engine's stack, each in another way. */
const TOO_DEEP: Readonly<Record<string, string>> = {
  brackets: `x = ${'('.repeat(12_000)}1${')'.repeat(12_000)}\n`,
  calls: `x${'.a()'.repeat(6_000)}\n`,
  subscripts: `x${'[0]'.repeat(12_000)}\n`,
  lists: `x = ${'['.repeat(12_000)}${']'.repeat(12_000)}\n`,
  minuses: `x = ${'-'.repeat(12_000)}1\n`,
};

/** In a worker like those of the pool: breaks the engine, has it collected, and says what the next one finds. */
const BREAKER = `
  const { parentPort, workerData } = require('node:worker_threads');
  const { setFlagsFromString } = require('node:v8');
  setFlagsFromString('--expose-gc');
  const collect = require('node:vm').runInNewContext('gc');
  import(workerData.engine).then(async ({ runRuff }) => {
    runRuff('x = 1\\n');
    let hasThrown = false;
    try {
      runRuff(workerData.source);
    } catch {
      hasThrown = true;
    }
    for (let round = 0; round < 3; round += 1) {
      collect();
      await new Promise((resolve) => setTimeout(resolve, 5));
    }
    parentPort.postMessage({ hasThrown, rules: runRuff('eval(x)\\n').sightings.map(({ rule }) => rule) });
  });
`;

for (const [kind, source] of Object.entries(TOO_DEEP)) {
  test(`an engine that broke over ${kind} takes no worker down when it is collected`, async () => {
    const worker = new Worker(BREAKER, {
      eval: true,
      resourceLimits: { stackSizeMb: 4 },
      workerData: { engine: new URL('ruff-engine.ts', import.meta.url).href, source },
    });
    const answer = await new Promise((resolve, reject) => {
      worker.on('message', resolve);
      // The finaliser of the broken engine's workspace ran outside of any try, and trapped.
      worker.on('error', reject);
    });
    assert.deepEqual(answer, { hasThrown: true, rules: ['suspicious-eval-usage'] });
  });
}

test('a source that is nested too deeply never reaches the engine', () => {
  assert.throws(() => runRuff('x = 1\n', 2_001), /nested too deeply/);
});
