import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { AgentProcess, until } from './agent-process.ts';
import { ProbeWriter } from './probe-writer.ts';
import { ReceivingServer, type ServerMode } from './receiving-server.ts';

/** A process id that no process has: runs that are over. */
const GONE = { 'process.pid': 2 ** 22 + 1 };
const WITHIN_MS = 120_000;
const ACTIVITIES = 60;
const BLOCKED = {
  'sentinel.decision.effect': 'block',
  'sentinel.decision.disposition': 'blocked',
  'sentinel.decision.policy': 'p',
  'sentinel.decision.statement': 's',
  'sentinel.decision.reason': 'by test',
};
/** How the server fails, in turn; where its answer is lost it has the batch all the same. */
const MODES: readonly ServerMode[] = ['down', 'ack-lost', 'unavailable', 'down'];

/** What {@link testPartition} does. */
export interface PartitionPlan {
  readonly runs: number;
  readonly spoolLimitKib: number;
}

/**
 * A server away for so long that the spool is full: every run and every decision arrives, and what is missing of the
 * rest is, to the row, what the agent says it gave up.
 */
export async function testPartition(t: TestContext, { runs, spoolLimitKib }: PartitionPlan): Promise<void> {
  const data = mkdtempSync(join(tmpdir(), 'sentinel-partition-'));
  const inbox = join(data, 'agent', 'inbox');
  mkdirSync(inbox, { recursive: true });
  const server = await ReceivingServer.start();
  const limit = ['--spool-limit-mib', String(spoolLimitKib / 1024)];
  const agent = new AgentProcess(data, ['--server', server.url, '--token', 'good', '--log-level', 'warn', ...limit]);
  try {
    await agent.ready();
    const kept = new Set<string>();
    const bulk = new Set<string>();
    for (let count = 0; count < runs; count++) {
      server.mode = MODES[count % MODES.length] ?? 'down';
      const run = new ProbeWriter(inbox, GONE);
      kept.add(run.runId);
      for (let i = 0; i < ACTIVITIES; i++) {
        const isDecided = i % 20 === 7;
        const id = run.activity(`/data/${randomBytes(64).toString('hex')}`, isDecided ? BLOCKED : {});
        (isDecided ? kept : bulk).add(`${run.runId}/${id}`);
      }
      run.end();
      await until('the run is durable', () => readdirSync(inbox).length === 0, WITHIN_MS);
    }
    server.mode = 'ok';
    const names = () => readdirSync(join(data, 'agent', 'spool'));
    await until('the spool drains', () => names().every((name) => name === 'spool.json'), WITHIN_MS);
    await until('the agent says so', () => agent.status().counters.spoolBatches === 0, WITHIN_MS);

    const { rowsDropped = 0, batchesQuarantined } = agent.status().counters;
    const stored = new Set(server.rows.keys());
    assert.deepEqual(server.problems, []);
    assert.equal(batchesQuarantined, 0);
    assert.deepEqual(
      [...kept].filter((key) => !stored.has(key)),
      [],
    );
    assert.ok(server.activities.some(({ decision }) => decision?.effect === 'block'));
    const missing = [...bulk].filter((key) => !stored.has(key));
    assert.equal(missing.length, rowsDropped);
    assert.equal(stored.size, kept.size + bulk.size - rowsDropped);
    assert.ok(rowsDropped > 0, 'the spool was full');
    t.diagnostic(
      `${runs} runs into ${spoolLimitKib} KiB: ${kept.size} runs and decisions, all stored; of ${bulk.size} others ${missing.length} missing, ${rowsDropped} reported`,
    );
  } finally {
    await agent.end('SIGKILL');
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
}
