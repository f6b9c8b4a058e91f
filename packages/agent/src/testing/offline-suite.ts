import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { BatchEnvelope } from '@sentinel/protocol';
import { type MadeRun, makeRun, planFleet, readTemplates, SeededRandom } from '@sentinel/simulator';
import { pino } from 'pino';
import { BatchFormer } from '../batch-former.ts';
import { newCounters } from '../counters.ts';
import { Spool } from '../spool.ts';

const DAY_MS = 24 * 60 * 60 * 1000;
const START_MS = Date.UTC(2026, 9, 1, 7);
const DAYS = 30;
const ACTIVITIES_A_DAY = 4000;
const LIMIT_BYTES = 100_000_000;
const BLOCK_BYTES = 512;
/** Every so-manieth run lasts: its beginning is a batch of its own, and its rows come again when it ends. */
const LASTING_EVERY = 4;

/** What {@link testOffline} does. */
export interface OfflinePlan {
  /** Of the 30 days, how many; the limit shrinks with them. */
  readonly days: number;
  readonly seed: string;
  /** A folder on a real disk. */
  readonly under: string;
}

/**
 * Days without a server: what recorded runs do, 4,000 activities a day, a batch for each run as a quiet endpoint forms
 * them, into a spool of 100 MB for 30 days. Nothing is given up, and all of it is there after a restart.
 */
export async function testOffline(t: TestContext, { days, seed, under }: OfflinePlan): Promise<void> {
  const root = mkdtempSync(join(under, 'sentinel-offline-'));
  const folder = join(root, 'spool');
  const limitBytes = (LIMIT_BYTES * days) / DAYS;
  const open = async () => {
    const counters = newCounters();
    const log = pino({ level: 'silent' });
    const spool = await Spool.open({ folder, quarantine: join(root, 'quarantine'), counters, log, limitBytes });
    return { spool, counters };
  };
  try {
    const { spool } = await open();
    const former = new BatchFormer(spool, pino({ level: 'silent' }), () => undefined);
    const put = async ({ run, activities }: MadeRun) => {
      assert.ok(await spool.makeRoom());
      former.add([run], activities);
      assert.ok(await former.flush());
    };
    const missing = new Set<string>();
    let [runs, activities] = [0, 0];
    for (const made of workOf(days, seed)) {
      for (const part of runs % LASTING_EVERY === 0 ? [beginningOf(made), made] : [made]) {
        await put(part);
        for (const row of [part.run, ...part.activities]) missing.add(JSON.stringify(row));
      }
      runs++;
      activities += made.activities.length;
    }
    former.stop();
    const before = { batches: spool.batches, bytes: spool.bytes, dropped: spool.rowsDropped };
    const onDisk = allocated(folder);

    const { spool: again, counters } = await open();
    let strangers = 0;
    for (let sequence = again.first; sequence !== undefined; sequence = again.first) {
      const batch = await again.read(sequence);
      assert.ok(batch !== undefined);
      const envelope = BatchEnvelope.parse(JSON.parse(gunzipSync(batch.body).toString('utf8')));
      for (const row of [...envelope.runs, ...envelope.activities]) {
        if (!missing.delete(JSON.stringify(row))) strangers++;
      }
      await again.remove(sequence);
    }
    assert.deepEqual([counters.batchesQuarantined, again.rowsDropped, before.dropped], [0, 0, 0]);
    assert.deepEqual([missing.size, strangers], [0, 0]);
    assert.ok(activities >= days * ACTIVITIES_A_DAY);
    assert.ok(before.bytes < limitBytes, `${before.bytes} bytes`);
    t.diagnostic(
      `${days} days: ${runs} runs, ${activities} activities in ${before.batches} batches: ${before.bytes} bytes, ${onDisk} in blocks of the disk`,
    );
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

/** Recorded runs of everyday and other work, day after day. */
function* workOf(days: number, seed: string): Generator<MadeRun, undefined> {
  const plan = planFleet({ endpoints: 20, seed, templates: readTemplates() });
  const random = new SeededRandom(seed);
  for (let day = 0; day < days; day++) {
    for (let count = 0, number = 0; count < ACTIVITIES_A_DAY; number++) {
      const startedAtMs = START_MS + day * DAY_MS + number * 60_000;
      const order = { endpoint: random.pick(plan.endpoints), script: random.pick(plan.scripts), startedAtMs };
      const made = makeRun({ ...order, salt: `${day} ${number}` });
      count += made.activities.length;
      yield made;
    }
  }
}

/** The run while it goes on. */
function beginningOf({ run, activities }: MadeRun): MadeRun {
  const { endedAt: _endedAt, durationMs: _durationMs, exitRoute: _route, exitCode: _code, ...rest } = run;
  return {
    run: { ...rest, revision: 1, status: 'running' },
    activities: activities.slice(0, Math.ceil(activities.length / 2)).map((each) => ({ ...each, revision: 1 })),
  };
}

function allocated(folder: string): number {
  return readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).blocks * BLOCK_BYTES, 0);
}
