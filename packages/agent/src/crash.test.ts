import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { it } from 'node:test';
import { AgentProcess, until } from './testing/agent-process.ts';
import { ProbeWriter } from './testing/probe-writer.ts';
import { ReceivingServer, type ServerMode } from './testing/receiving-server.ts';

const KILLS = 12;
const MODES: readonly ServerMode[] = ['ok', 'ack-lost', 'unavailable', 'ok', 'down', 'ok'];

it('loses nothing and counts nothing twice while the agent is killed again and again', async () => {
  const data = mkdtempSync(join(tmpdir(), 'sentinel-crash-'));
  const inbox = join(data, 'agent', 'inbox');
  mkdirSync(inbox, { recursive: true });
  const server = await ReceivingServer.start();
  const start = () => new AgentProcess(data, ['--server', server.url, '--token', 'good']);
  /** Last count written of each activity, and each run's end. */
  const written = new Map<string, number>();
  const open: ProbeWriter[] = [];
  const write = () => {
    if (open.length < 4) open.push(new ProbeWriter(inbox, { 'process.pid': 2 ** 22 + 1 + written.size }));
    for (const run of open) {
      const id = run.activity();
      written.set(`${run.runId}/${id}`, 1);
      const changed = 1 + Math.floor(Math.random() * id);
      const count = (written.get(`${run.runId}/${changed}`) ?? 0) + 3;
      run.change(changed, count);
      written.set(`${run.runId}/${changed}`, count);
    }
    if (Math.random() < 0.15) {
      const run = open.shift();
      run?.end();
      if (run !== undefined) written.set(run.runId, 0);
    }
  };
  const timer = setInterval(write, 5);
  let agent = start();
  try {
    await agent.ready();
    for (let kill = 0; kill < KILLS; kill++) {
      server.mode = MODES[kill % MODES.length] ?? 'ok';
      await new Promise((resolve) => setTimeout(resolve, 150 + Math.random() * 500));
      await agent.end('SIGKILL');
      agent = start();
    }
    server.mode = 'ok';
    clearInterval(timer);
    for (const run of open) {
      run.end();
      written.set(run.runId, 0);
    }
    await agent.ready();
    await until('every file is durable and deleted', () => readdirSync(inbox).length === 0, 30_000);
    await until(
      'the spool drains',
      () => readdirSync(join(data, 'agent', 'spool')).every((name) => name === 'spool.json'),
      60_000,
    );

    assert.ok(written.size > 300, `${written.size} rows were written`);
    assert.deepEqual(server.problems, []);
    assert.equal(server.enrolments, 1);
    assert.deepEqual([...server.rows.keys()].sort(), [...written.keys()].sort());
    for (const activity of server.activities)
      assert.equal(activity.count, written.get(`${activity.runId}/${activity.id}`));
    assert.ok(server.runs.every(({ status, exitRoute }) => status === 'ended' && exitRoute === 'finished'));
  } finally {
    clearInterval(timer);
    await agent.end('SIGKILL');
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
});
