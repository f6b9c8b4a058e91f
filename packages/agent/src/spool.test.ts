import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { BatchEnvelope } from '@sentinel/protocol';
import { pino } from 'pino';
import { newCounters } from './counters.ts';
import { Spool } from './spool.ts';

describe('spool', () => {
  let root: string;
  let folder: string;

  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'sentinel-spool-'));
    folder = join(root, 'spool');
  });

  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const open = async (counters = newCounters()) => {
    const spool = await Spool.open({
      folder,
      quarantine: join(root, 'quarantine'),
      counters,
      log: pino({ level: 'silent' }),
    });
    return { spool, counters };
  };
  const rows = (...names: string[]) => ({
    runs: names.map((name) => JSON.stringify({ name })),
    activities: ['{"a":1}'],
  });
  const files = () =>
    readdirSync(folder)
      .filter((name) => name.endsWith('.batch'))
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

  it('starts over every kind of random damage, keeps every undamaged batch and counts every damaged one', async () => {
    const CASES = 300;
    for (let round = 0; round < CASES; round++) {
      rmSync(root, { recursive: true, force: true });
      const { spool } = await open();
      for (let i = 0; i < 4; i++) await spool.append(rows(`row ${i}`, 'é'.repeat(i * 40)));
      const originals = new Map(files().map((name) => [name, readFileSync(join(folder, name))]));
      const victims = new Set<string>();
      for (let hit = 0; hit <= round % 3; hit++) {
        const name = files()[Math.floor(Math.random() * 4)] ?? '';
        damage(join(folder, name), round + hit);
        if (originals.get(name)?.equals(readFileSync(join(folder, name))) === false) victims.add(name);
      }
      if (round % 5 === 0) damage(join(folder, 'spool.json'), round);

      const again = await open();
      const before = again.counters.batchesQuarantined;
      for (const name of originals.keys()) {
        const batch = await again.spool.read(Number(name.slice(0, 16)));
        assert.equal(batch === undefined, victims.has(name), `round ${round}: ${name}`);
      }
      assert.equal(again.counters.batchesQuarantined - before, victims.size);
      assert.equal(again.spool.batches, 4 - victims.size);
      assert.ok((await again.spool.append(rows('new'))) > 4);
    }
  });
});

/** Flips a bit, cuts, empties, zeroes or lengthens a file. */
function damage(path: string, kind: number): void {
  const bytes = readFileSync(path);
  const at = Math.floor(Math.random() * Math.max(1, bytes.length));
  switch (kind % 5) {
    case 0:
      bytes.writeUInt8((bytes[at] ?? 0) ^ (1 << (kind % 8)), Math.min(at, Math.max(0, bytes.length - 1)));
      return writeFileSync(path, bytes);
    case 1:
      return truncateSync(path, at);
    case 2:
      return truncateSync(path, 0);
    case 3:
      return writeFileSync(path, bytes.fill(0, at, Math.min(bytes.length, at + 512)));
    default:
      return writeFileSync(path, Buffer.concat([bytes, Buffer.from('tail')]));
  }
}
