import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { pino } from 'pino';
import { newCounters } from '../counters.ts';
import { Spool } from '../spool.ts';
import { seededRandom } from './seeded-random.ts';

/** Batches of a round, of both classes. */
const BATCHES = 4;

/** Damages a spool at random again and again: it always starts, keeps every undamaged batch, and counts every damaged one. */
export async function testSpoolDamage(
  t: TestContext,
  { rounds, seed }: { rounds: number; seed: number },
): Promise<void> {
  const random = seededRandom(seed);
  const root = mkdtempSync(join(tmpdir(), 'sentinel-damage-'));
  const folder = join(root, 'spool');
  const open = async () => {
    const counters = newCounters();
    const log = pino({ level: 'silent' });
    return { spool: await Spool.open({ folder, quarantine: join(root, 'quarantine'), counters, log }), counters };
  };
  const files = () =>
    readdirSync(folder)
      .filter((name) => name !== 'spool.json')
      .sort();
  let damaged = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      rmSync(root, { recursive: true, force: true });
      const { spool } = await open();
      for (let i = 0; i < BATCHES; i++) {
        const rows = { runs: [`"row ${i}"`, `"${'é'.repeat(i * 40)}"`], activities: ['{"a":1}'] };
        await spool.append(rows, i % 2 === 1 ? 'bulk' : 'batch');
      }
      const originals = new Map(files().map((name) => [name, readFileSync(join(folder, name))]));
      const victims = new Set<string>();
      for (let hit = 0; hit <= round % 3; hit++) {
        const name = files()[Math.floor(random() * BATCHES)] ?? '';
        damage(join(folder, name), round + hit, random);
        if (originals.get(name)?.equals(readFileSync(join(folder, name))) === false) victims.add(name);
      }
      if (round % 5 === 0) damage(join(folder, 'spool.json'), round, random);

      const again = await open();
      const before = again.counters.batchesQuarantined;
      for (const name of originals.keys()) {
        const batch = await again.spool.read(Number(name.slice(0, 16)));
        assert.equal(batch === undefined, victims.has(name), `seed ${seed}, round ${round}: ${name}`);
      }
      assert.equal(again.counters.batchesQuarantined - before, victims.size);
      assert.equal(again.spool.batches, BATCHES - victims.size);
      assert.ok((await again.spool.append({ runs: ['"new"'], activities: [] })) > BATCHES);
      damaged += victims.size;
    }
    t.diagnostic(`seed ${seed}: ${rounds} spools damaged, ${damaged} batches lost and counted, all others kept`);
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Flips a bit, cuts, empties, zeroes or lengthens a file. */
function damage(path: string, kind: number, random: () => number): void {
  const bytes = readFileSync(path);
  const at = Math.floor(random() * Math.max(1, bytes.length));
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
