/// <reference types="node" />
/**
 * Prints how many activities a second become durable, and how long each waits for that: real rows, a real disk.
 *
 *     node packages/agent/bench/spool.ts [--seconds 10] [--folder /var/tmp]
 */
import { randomUUID } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { Activity } from '@sentinel/protocol';
import { pino } from 'pino';
import { BatchFormer } from '../src/batch-former.ts';
import { newCounters } from '../src/counters.ts';
import { Spool } from '../src/spool.ts';

const { values } = parseArgs({
  options: { seconds: { type: 'string', default: '10' }, folder: { type: 'string', default: '/var/tmp' } },
});
const folder = mkdtempSync(join(values.folder, 'sentinel-bench-spool-'));
const log = pino({ level: 'silent' });
const options = { folder: join(folder, 'spool'), quarantine: join(folder, 'quarantine'), counters: newCounters(), log };

try {
  for (const rows of [50, 500, 2000]) {
    const { perSecond, waitsMs, bytes } = await measure(rows, Number(values.seconds));
    process.stdout.write(
      `${JSON.stringify({
        rowsAtATime: rows,
        durableActivitiesPerSecond: Math.round(perSecond),
        acknowledgedMs: { p50: at(waitsMs, 0.5), p99: at(waitsMs, 0.99), most: at(waitsMs, 1) },
        bytesPerActivity: Math.round(bytes * 10) / 10,
        targets: { perSecond: 50_000, p99Ms: 50 },
        load: loadavg().map((load) => Math.round(load * 10) / 10),
      })}\n`,
    );
  }
} finally {
  rmSync(folder, { recursive: true, force: true });
}

/** Rows come as fast as they become durable; what is durable is taken away, as by a server that keeps up. */
async function measure(rowsAtATime: number, seconds: number) {
  const spool = await Spool.open(options);
  const former = new BatchFormer(spool, log, () => undefined);
  const waitsMs: number[] = [];
  let rows = 0;
  let bytes = 0;
  // What ran a few times only is not what runs in an agent.
  for (let i = 0; i < 30; i++) {
    former.add([], makeRows(rowsAtATime));
    await former.flush();
  }
  await empty(spool);
  let busyMs = 0;
  for (const end = performance.now() + seconds * 1000; performance.now() < end; ) {
    const made = makeRows(rowsAtATime);
    const started = performance.now();
    former.add([], made);
    const isDurable = await former.flush();
    if (!isDurable) throw new Error('the disk refused');
    const waitedMs = performance.now() - started;
    waitsMs.push(waitedMs);
    busyMs += waitedMs;
    rows += made.length;
    bytes += spool.bytes;
    await empty(spool);
  }
  former.stop();
  await delay(0);
  return { perSecond: rows / (busyMs / 1000), waitsMs: waitsMs.sort((a, b) => a - b), bytes: bytes / rows };
}

async function empty(spool: Spool): Promise<void> {
  for (let sequence = spool.first; sequence !== undefined; sequence = spool.first) await spool.remove(sequence);
}

function makeRows(count: number): Activity[] {
  const runId = randomUUID();
  const now = new Date().toISOString();
  return Array.from({ length: count }, (_, index) => ({
    id: index + 1,
    runId,
    revision: 400 + index * 120,
    type: 'file.open',
    attributes: {
      'file.path': `/home/ann/projects/reports/2026/input-${Math.floor(Math.random() * 1e9)}.csv`,
      'sentinel.file.operation': 'read',
      'file.size': Math.floor(Math.random() * 1e6),
      'code.line.number': index % 300,
    },
    count: 1 + (index % 7),
    bytesIn: Math.floor(Math.random() * 1e6),
    bytesOut: 0,
    rows: 0,
    errors: 0,
    firstSeen: now,
    lastSeen: now,
  }));
}

function at(sorted: readonly number[], share: number): number {
  const value = sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? 0;
  return Math.round(value * 100) / 100;
}
