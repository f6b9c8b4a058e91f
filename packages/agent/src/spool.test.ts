import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { BatchEnvelope } from '@sentinel/protocol';
import { pino } from 'pino';
import { newCounters } from './counters.ts';
import { Spool } from './spool.ts';
import { testSpoolDamage } from './testing/spool-damage-suite.ts';

describe('spool', () => {
  let root: string;
  let folder: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sentinel-spool-'));
    folder = join(root, 'spool');
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const open = async (counters = newCounters(), limitBytes?: number) => {
    const spool = await Spool.open({
      folder,
      quarantine: join(root, 'quarantine'),
      counters,
      log: pino({ level: 'silent' }),
      ...(limitBytes === undefined ? {} : { limitBytes }),
    });
    return { spool, counters };
  };
  const rows = (...names: string[]) => ({
    runs: names.map((name) => JSON.stringify({ name })),
    activities: ['{"a":1}'],
  });
  const files = () =>
    readdirSync(folder)
      .filter((name) => /\.(?:batch|bulk)$/.test(name))
      .sort();

  it('gives back what was put in, as a batch of the protocol', async () => {
    const { spool, counters } = await open();
    const sequence = await spool.append(rows('x', 'y'));
    const batch = await spool.read(sequence);
    assert.ok(batch !== undefined);
    const body = BatchEnvelope.parse(JSON.parse(gunzipSync(batch.body).toString()));
    assert.deepEqual(
      { ...body, createdAt: '' },
      {
        protocolVersion: 1,
        spoolId: spool.spoolId,
        sequence: 1,
        createdAt: '',
        runs: [{ name: 'x' }, { name: 'y' }],
        activities: [{ a: 1 }],
      },
    );
    assert.equal(batch.rows, 3);
    assert.equal(counters.batchesSpooled, 1);
    await spool.remove(sequence);
    assert.deepEqual([spool.batches, spool.bytes, files()], [0, 0, []]);
  });

  it('never gives a number twice, also when all its batches are gone', async () => {
    const first = await open();
    const given = [await first.spool.append(rows('a')), await first.spool.append(rows('b'))];
    for (const sequence of given) await first.spool.remove(sequence);
    const second = await open();
    assert.equal(second.spool.spoolId, first.spool.spoolId);
    assert.ok((await second.spool.append(rows('c'))) > Math.max(...given));
  });

  it('takes a new id when its state is lost or damaged, and keeps the batches', async () => {
    for (const damage of [
      () => rmSync(join(folder, 'spool.json')),
      () => writeFileSync(join(folder, 'spool.json'), '{"spoolId":"x"'),
    ]) {
      const before = await open();
      const sequence = await before.spool.append(rows('a'));
      damage();
      const after = await open();
      assert.notEqual(after.spool.spoolId, before.spool.spoolId);
      assert.equal((await after.spool.read(sequence))?.spoolId, before.spool.spoolId);
      assert.ok((await after.spool.append(rows('b'))) > sequence);
    }
  });

  it('splits a batch into halves and sets a single row aside', async () => {
    const { spool, counters } = await open();
    const whole = await spool.append({ runs: ['1', '2', '3'], activities: ['4', '5'] });
    await spool.split(whole);
    const found: unknown[] = [];
    for (const name of files()) {
      const batch = await spool.read(Number(name.slice(0, 16)));
      const body = BatchEnvelope.parse(JSON.parse(gunzipSync(batch?.body ?? Buffer.alloc(0)).toString()));
      found.push([body.sequence, body.runs, body.activities]);
    }
    assert.deepEqual(found, [
      [2, [1, 2], [4]],
      [3, [3], [5]],
    ]);
    const single = await spool.append({ runs: ['1'], activities: [] });
    await spool.split(single);
    assert.equal(counters.batchesQuarantined, 1);
  });

  it('starts whatever lies in its folder', async () => {
    mkdirSync(join(folder, '0000000000000001.batch'), { recursive: true });
    writeFileSync(join(folder, '9999999999999999.batch'), 'x');
    writeFileSync(join(folder, '.writing-0000000000000002.batch-12345678'), 'half');
    writeFileSync(join(folder, 'note.txt'), 'hello');
    mkdirSync(join(folder, 'spool.json'));
    writeFileSync(join(root, 'quarantine'), 'a file where a folder should be');
    const { spool, counters } = await open();
    assert.equal(counters.batchesQuarantined, 4);
    assert.equal(spool.batches, 0);
    assert.ok((await spool.append(rows('a'))) < 1000);
  });

  it('starts over every kind of random damage, keeps every undamaged batch and counts every damaged one', (t) =>
    testSpoolDamage(t, { rounds: 300, seed: 1 }));

  it('keeps runs and decisions, gives bulk up from the oldest on, and counts its rows, also where it was killed amid that', async () => {
    const before = await open(newCounters(), 3000);
    const { spool } = before;
    const kept = await spool.append(rows('run'));
    const bulk: number[] = [];
    for (let i = 0; i < 12; i++)
      bulk.push(await spool.append({ runs: [], activities: ['{"b":1}', '{"b":2}'] }, 'bulk'));
    const later = await spool.append(rows('later'));
    assert.equal(await spool.makeRoom(), true);
    assert.ok(spool.bytes < 3000);
    const left = files().map((name) => Number(name.slice(0, 16)));
    assert.deepEqual(left.slice(0, 2), [kept, bulk[0]]);
    assert.equal(left.at(-1), later);
    assert.equal(spool.rowsDropped, 2 * (14 - left.length));
    assert.equal(spool.first, kept);

    // As after a kill between the count and the removal.
    const state = JSON.parse(readFileSync(join(folder, 'spool.json'), 'utf8')) as { dropped: { last: number } };
    writeFileSync(join(folder, `${String(state.dropped.last).padStart(16, '0')}.bulk`), 'x');
    const { spool: again, counters } = await open(newCounters(), 3000);
    assert.deepEqual(
      [again.rowsDropped, again.batches, counters.batchesQuarantined],
      [spool.rowsDropped, left.length, 0],
    );
    for (const sequence of [kept, later]) await again.remove(sequence);
    assert.equal(again.first, bulk[0]);
  });
});
