import assert from 'node:assert/strict';
import { rmSync } from 'node:fs';
import { after, before, test } from 'node:test';
import { SentinelError } from '@sentinel/protocol';
import { createLog } from '../log.ts';
import { makeFolder } from '../testing/make-folder.ts';
import { type ClickhouseFace, startClickhouseFace } from '../testing/start-clickhouse-face.ts';
import { ClickhouseEventStore } from './clickhouse-event-store.ts';
import { clusterStatements } from './cluster-statements.ts';
import { RowsRefused } from './event-store.ts';
import { eventMigrations } from './migrations/event/all.ts';

const log = createLog('silent');
let folder: string;
let face: ClickhouseFace;
let store: ClickhouseEventStore;

before(async () => {
  folder = makeFolder();
  face = await startClickhouseFace(folder);
  store = await ClickhouseEventStore.open({ url: face.url }, log);
  await store.migrate();
});
after(async () => {
  await store.close();
  await face.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('binds parameters as values, whatever they hold', async () => {
  const texts = ["a'b", 'c\\d', 'e\nf', 'g\th', '{x:String}', '😀', '\\N', '', 'a,b', "']"];

  for (const text of texts) assert.deepEqual(await store.query('SELECT {text:String} AS text', { text }), [{ text }]);
  assert.deepEqual(await store.query('SELECT {texts:Array(String)} AS texts', { texts }), [{ texts }]);
  assert.deepEqual(await store.query('SELECT {n:UInt64} AS n', { n: 42 }), [{ n: 42 }]);
});

test('gives what was inserted, and tells rows that are refused from a store that is not there', async () => {
  const group = { table: 'script_seen', columns: ['script_id', 'first_run_at', 'last_run_at'] };

  await assert.rejects(store.insert({ ...group, lines: Buffer.from('["a","never","never"]\n') }), RowsRefused);
  await store.insert({ ...group, lines: Buffer.from('["a","2026-01-01T00:00:00.000Z","2026-01-01T00:00:00.000Z"]\n') });

  assert.deepEqual(await store.query('SELECT script_id, first_run_at FROM script_seen'), [
    { script_id: 'a', first_run_at: '2026-01-01T00:00:00.000Z' },
  ]);
});

test('ends a question that takes too long or answers too much', async () => {
  const isUnavailable = (error: unknown) => error instanceof SentinelError && error.code === 'store-unavailable';

  await assert.rejects(
    store.query('SELECT sum(sipHash64(number)) FROM numbers(100000000000)', {}, { timeoutMs: 200 }),
    isUnavailable,
  );
  await assert.rejects(store.query('SELECT number FROM numbers(1000)', {}, { maxRows: 10 }));
  assert.equal(await store.ping(), true);
});

test('says that it is away while it is, and goes on by itself afterwards', async () => {
  await face.crash();
  const error = await store.query('SELECT 1').then(
    () => assert.fail(),
    (reason: unknown) => reason,
  );
  assert.equal(error instanceof SentinelError && error.code, 'store-unavailable');
  assert.equal(await store.ping(), false);

  await face.start();

  assert.deepEqual(await store.query('SELECT count() AS rows FROM script_seen'), [{ rows: 1 }]);
});

test('names the host and no password where it cannot open', async () => {
  const url = face.url.replace(':p%2Fw', ':wrong');

  await assert.rejects(
    ClickhouseEventStore.open({ url }, log),
    (error: Error) =>
      /event store at 127\.0\.0\.1:\d+ does not answer/.test(error.message) && !/wrong/.test(error.message),
  );
});

test('defines every migration on a cluster in a form that the engine reads', async () => {
  const statements = eventMigrations.flatMap((migration) => [...migration.statements]);
  const onCluster = statements.flatMap((statement) => clusterStatements(statement, 'fleet'));

  for (const statement of onCluster) {
    const tree = await store.query<{ explain: string }>(`EXPLAIN AST ${statement}`);
    assert.match(tree[0]?.explain ?? '', /Create|Alter|Insert/);
  }
  assert.match(onCluster[0] ?? '', /^CREATE TABLE IF NOT EXISTS run_local ON CLUSTER 'fleet' \(/);
  assert.match(
    onCluster[0] ?? '',
    /ENGINE = ReplicatedReplacingMergeTree\('\/clickhouse\/tables\/\{shard\}\/\{database\}\/run_local', '\{replica\}', revision\)/,
  );
  assert.equal(
    onCluster[1],
    "CREATE TABLE IF NOT EXISTS run ON CLUSTER 'fleet' AS run_local ENGINE = Distributed('fleet', currentDatabase(), 'run_local', cityHash64(endpoint_id))",
  );
});

test('refuses a migration that it could not bring to a cluster', () => {
  assert.throws(() => clusterStatements('DROP TABLE run', 'fleet'), /may not say: DROP TABLE run/);
  assert.throws(
    () => clusterStatements('CREATE TABLE IF NOT EXISTS x (a String) ENGINE = Log ', 'fleet'),
    /engine Log/,
  );
});
