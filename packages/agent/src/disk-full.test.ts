import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { AgentProcess, until } from './testing/agent-process.ts';
import { ProbeWriter } from './testing/probe-writer.ts';
import { ReceivingServer } from './testing/receiving-server.ts';

const isRoot = process.platform === 'linux' && process.getuid?.() === 0;
const GONE = { 'process.pid': 2 ** 22 + 1 };
const WITHIN_MS = 60_000;

test('an agent whose disk is full lives on, loses nothing, and ships all once there is room', {
  skip: !isRoot && 'needs root on Linux',
}, async () => {
  const data = mkdtempSync(join(tmpdir(), 'sentinel-full-'));
  const folder = join(data, 'agent', 'spool');
  const inbox = join(data, 'agent', 'inbox');
  for (const each of [folder, inbox]) mkdirSync(each, { recursive: true });
  const server = await ReceivingServer.start();
  // A disk that only this agent sees; its spool lies there.
  const agent = new AgentProcess(data, ['--server', server.url, '--token', 'good'], {
    prepare: `mount -t tmpfs -o size=256k,mode=700 tmpfs '${folder}'`,
  });
  const disk = `/proc/${agent.child.pid}/root${folder}`;
  try {
    await agent.ready();
    server.mode = 'down';
    const written = new Set<string>();
    const write = () => {
      const run = new ProbeWriter(inbox, GONE);
      written.add(run.runId);
      for (let i = 0; i < 40; i++) written.add(`${run.runId}/${run.activity()}`);
      run.end();
    };
    write();
    await until('the first run is durable', () => readdirSync(inbox).length === 0, WITHIN_MS);
    fill(join(disk, 'filler'));
    for (let i = 0; i < 3; i++) write();
    await until('the agent cannot write', () => agent.log.includes('the spool cannot be written'), WITHIN_MS);
    assert.equal(readdirSync(inbox).length, 3, 'what is not durable stays where it is');
    assert.equal(agent.child.exitCode, null);

    // It ships what it has from the full disk, and all the rest once there is room.
    server.mode = 'ok';
    await until('what was durable arrives', () => server.rows.size === 41, WITHIN_MS);
    rmSync(join(disk, 'filler'));
    await until('all arrives', () => server.rows.size === written.size, WITHIN_MS);
    await until('every file is deleted', () => readdirSync(inbox).length === 0, WITHIN_MS);
    assert.deepEqual(new Set(server.rows.keys()), written);
    assert.deepEqual(server.problems, []);
    assert.equal(agent.status().counters.rowsDropped, undefined);
  } finally {
    await agent.end('SIGKILL');
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  }
});

/** Writes until nothing goes any more. */
function fill(path: string): void {
  for (;;) {
    try {
      writeFileSync(path, Buffer.alloc(4096), { flag: 'a' });
    } catch {
      return;
    }
  }
}
