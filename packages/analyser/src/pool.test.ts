import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { Analysis } from '@sentinel/protocol';
import { hostileSources } from './hostile-sources.ts';
import { AnalysisPool } from './pool.ts';

const pools: AnalysisPool[] = [];
after(() => Promise.all(pools.map((pool) => pool.close())));

function open(options: ConstructorParameters<typeof AnalysisPool>[0]): AnalysisPool {
  const pool = new AnalysisPool(options);
  pools.push(pool);
  return pool;
}

/** A worker that does what the source's path says. */
const OBEDIENT = new URL(
  `data:text/javascript,${encodeURIComponent(`
    import { parentPort, workerData } from 'node:worker_threads';
    const cells = new Float64Array(workerData.progress);
    parentPort.on('message', (questions) => questions.forEach(({ number, path }) => {
      cells[1] = performance.timeOrigin + performance.now();
      cells[0] = number;
      if (path === 'loop') for (;;);
      if (path === 'exit') process.exit(3);
      if (path === 'throw') throw new Error('on purpose');
      if (path === 'memory') { const all = []; for (;;) all.push(new Array(100000).fill(path + all.length)); }
      const isSpent = path === 'spent';
      parentPort.postMessage({ answers: [{ number, analysis: { path, failures: [] } }], isSpent });
    }));
  `)}`,
);

test('analyses several sources at once, each with its own answer', async () => {
  const pool = open({ workers: 2 });
  const analyses = await Promise.all(
    ['requests', 'socket', 'csv'].map((name) => pool.analyse(Buffer.from(`import ${name}\n`), { path: `${name}.py` })),
  );
  assert.deepEqual(
    analyses.map(({ path, imports }) => [path, imports]),
    [
      ['requests.py', ['requests']],
      ['socket.py', ['socket']],
      ['csv.py', ['csv']],
    ],
  );
});

for (const [path, reason] of [
  ['loop', 'analysis: not done within 1500 ms'],
  ['exit', 'analysis: the worker ended'],
  ['throw', 'analysis: the worker failed: on purpose'],
  ['memory', 'analysis: out of memory'],
] as const) {
  test(`replaces a worker that dies of ${path} and states the failure`, async () => {
    const pool = open({ workers: 1, timeMs: 1_500, memoryMebibytes: 32, workerModule: OBEDIENT });
    const [dead, next] = await Promise.all([
      pool.analyse(new Uint8Array(), { path }),
      pool.analyse(new Uint8Array(), { path: 'next' }),
    ]);
    assert.deepEqual([dead.failures, dead.parse, next], [[reason], 'failed', { path: 'next', failures: [] }]);
  });
}

test('has an answer for every hostile source by its own limits, and loses no worker', async () => {
  const pool = open({ workers: 1 });
  for (const [name, bytes] of hostileSources()) {
    const analysis = await pool.analyse(bytes, { path: 'hostile.py' });
    assert.ok(Analysis.safeParse(analysis).success, name);
    // Nothing is silently clean: what could not be read says so.
    assert.ok(analysis.parse !== 'failed' || analysis.failures.length > 0, name);
  }
  assert.equal(pool.deaths, 0);
});

test('answers what waits when it is closed', async () => {
  const pool = open({ workers: 1, workerModule: OBEDIENT });
  const waiting = [pool.analyse(new Uint8Array(), { path: 'loop' }), pool.analyse(new Uint8Array(), { path: 'next' })];
  await pool.close();
  assert.deepEqual(
    (await Promise.all(waiting)).map(({ failures }) => failures),
    [['analysis: the pool was closed'], ['analysis: the pool was closed']],
  );
});
