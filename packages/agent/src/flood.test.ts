import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { createEnrichment } from '@sentinel/capture';
import type { Activity, ThrottledRun } from '@sentinel/protocol';
import { pino } from 'pino';
import { BatchFormer } from './batch-former.ts';
import { newCounters } from './counters.ts';
import { Guard } from './guard.ts';
import { Receiver } from './receive.ts';
import { Spool } from './spool.ts';
import { until } from './testing/agent-process.ts';
import { ProbeWriter } from './testing/probe-writer.ts';
import { ThrottledRuns } from './throttled-runs.ts';

/** A process id that no process has. */
const GONE = { 'process.pid': 2 ** 22 + 1 };

test('a probe that floods is throttled, recorded and counted; others have their turn, and nothing is lost', async () => {
  const root = mkdtempSync(join(tmpdir(), 'sentinel-flood-'));
  const [inbox, quarantine] = [join(root, 'inbox'), join(root, 'quarantine')];
  mkdirSync(inbox);
  const log = pino({ level: 'silent' });
  const counters = newCounters();
  const spool = await Spool.open({ folder: join(root, 'spool'), quarantine, counters, log });
  const former = new BatchFormer(spool, log, () => undefined);
  const guard = new Guard();
  const throttled = new ThrottledRuns(guard, log);
  const taken = new Map<string, Set<number>>();
  const noteRows = (runId: string, rows: readonly Activity[]) => {
    const ids = taken.get(runId) ?? new Set();
    taken.set(runId, ids);
    for (const { id } of rows) ids.add(id);
  };
  const receiver = new Receiver({
    inbox,
    quarantine,
    enrichment: createEnrichment(),
    former,
    counters,
    log,
    onActivities: noteRows,
    onFlood: throttled.note,
    floodLimits: { bytesPerSecond: 100_000, burstBytes: 50_000 },
    makeRoom: () => Promise.resolve(true),
  });
  try {
    const flooding = new ProbeWriter(inbox, GONE);
    const written = 2500;
    for (let i = 0; i < written; i++) flooding.activity();
    flooding.end();
    const quiet = new ProbeWriter(inbox, GONE);
    quiet.activity();
    quiet.end();
    receiver.start();
    await until('the quiet one is read', () => taken.get(quiet.runId)?.size === 1);
    assert.ok((taken.get(flooding.runId)?.size ?? 0) < written, 'the flood is still being read');
    const begun = throttled.list.map(({ runId, until: end }: ThrottledRun) => [runId, end]);
    assert.deepEqual(begun, [[flooding.runId, undefined]]);

    await until('the flood is read too', () => taken.get(flooding.runId)?.size === written);
    await until('its end is recorded', () => throttled.list[0]?.until !== undefined);
    await until('both files are durable and deleted', () => readdirSync(inbox).length === 0);
    assert.equal(throttled.list.length, 1);
    assert.ok((throttled.list[0]?.bytesRead ?? 0) > 50_000);
    assert.equal(guard.counts.probesFlooded, 1);
  } finally {
    await receiver.stop();
    former.stop();
    rmSync(root, { recursive: true, force: true });
  }
});
