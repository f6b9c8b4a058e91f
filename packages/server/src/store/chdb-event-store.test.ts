import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { SentinelError } from '@sentinel/protocol';
import { createLog } from '../log.ts';
import { makeFolder } from '../testing/make-folder.ts';
import { until } from '../testing/until.ts';
import { ChdbEventStore } from './chdb-event-store.ts';
import { RowsRefused } from './event-store.ts';

const log = createLog('silent');
let folder: string;
let store: ChdbEventStore;

before(async () => {
  folder = makeFolder();
  store = await ChdbEventStore.open({ folder: join(folder, 'events'), memoryBytes: 512 * 1024 * 1024 }, log);
  await store.migrate();
});
after(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

test('binds parameters as values, whatever they hold', async () => {
  const texts = ["a'b", 'c\\d', 'e\nf', 'g\th', '\u0000', '{x:String}', '😀', '\\N', ''];

  for (const text of texts) assert.deepEqual(await store.query('SELECT {text:String} AS text', { text }), [{ text }]);
  assert.deepEqual(await store.query('SELECT {texts:Array(String)} AS texts', { texts }), [{ texts }]);
});

test('tells rows that it refuses from a store that is not there', async () => {
  const group = { table: 'script_seen', columns: ['script_id', 'first_run_at', 'last_run_at'] };

  await assert.rejects(store.insert({ ...group, lines: Buffer.from('["a","never","never"]\n') }), RowsRefused);
  await store.insert({ ...group, lines: Buffer.from('["a","2026-01-01T00:00:00.000Z","2026-01-01T00:00:00.000Z"]\n') });
  assert.deepEqual(await store.query('SELECT script_id FROM script_seen'), [{ script_id: 'a' }]);
});

test('ends a question that takes too long, or answers too much, or needs too much memory', async () => {
  const isUnavailable = (error: unknown) => error instanceof SentinelError && error.code === 'store-unavailable';

  await assert.rejects(
    store.query('SELECT sum(sipHash64(number)) FROM numbers(100000000000)', {}, { timeoutMs: 200 }),
    isUnavailable,
  );
  await assert.rejects(store.query('SELECT number FROM numbers(1000)', {}, { maxRows: 10 }));
  await assert.rejects(store.query('SELECT length(groupArray(number)) FROM numbers(100000000)'), isUnavailable);
  assert.equal(await store.ping(), true);
  assert.equal(store.restarts, 0);
});

test('answers while others wait for slow answers', async () => {
  const slow = Array.from({ length: 6 }, () => store.query('SELECT sleepEachRow(0.2) FROM numbers(2)'));
  assert.equal(await store.ping(), true);
  await Promise.all(slow);
});

test('finds everything again after it was closed', async () => {
  const own = join(folder, 'again');
  const first = await ChdbEventStore.open({ folder: own, memoryBytes: 512 * 1024 * 1024 }, log);
  await first.migrate();
  await first.insert({ table: 'schema_version', columns: ['name'], lines: Buffer.from('["9999-future"]\n') });
  await first.close();

  const second = await ChdbEventStore.open({ folder: own, memoryBytes: 512 * 1024 * 1024 }, log);
  try {
    await assert.rejects(second.migrate(), /migration "9999-future".*newer version/);
  } finally {
    await second.close();
  }
});

test('sends nothing of its statements to the log or to the caller', async () => {
  const error = await store.query('SELECT {secret:String} + nonsense', { secret: 'do-not-tell' }).then(
    () => assert.fail(),
    (reason: unknown) => reason as Error,
  );

  assert.doesNotMatch(`${error.message} ${error.stack}`, /do-not-tell/);
});

test('notices an engine that hangs, starts another and has everything that was acknowledged', async () => {
  const own = join(folder, 'hung');
  const watched = await ChdbEventStore.open({ folder: own, memoryBytes: 512 * 1024 * 1024 }, log, {
    everyMs: 50,
    patienceMs: 1_000,
  });
  try {
    await watched.migrate();
    const group = { table: 'script_seen', columns: ['script_id', 'first_run_at', 'last_run_at'] };
    const lines = Buffer.from('["a","2026-01-01T00:00:00.000Z","2026-01-01T00:00:00.000Z"]\n');
    await watched.insert({ ...group, lines });
    process.kill(watched.enginePid ?? 0, 'SIGSTOP');

    await assert.rejects(watched.insert({ ...group, lines }), SentinelError);
    await until(() => watched.ping());

    assert.equal(watched.restarts, 1);
    assert.deepEqual(await watched.query('SELECT script_id FROM script_seen FINAL'), [{ script_id: 'a' }]);
  } finally {
    await watched.close();
  }
});
