import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { AgentStatus, Batch, RunReport } from '@sentinel/protocol';

const SENTINEL = join(import.meta.dirname, '..', '..', 'bin', 'sentinel.js');

describe('sentinel agent', () => {
  let data: string;
  let server: Server;
  let url: string;
  /** Highest revision of each run. */
  const runs = new Map<string, Batch['runs'][number]>();
  const activities = new Set<string>();

  before(async () => {
    data = mkdtempSync(join(tmpdir(), 'sentinel-cli-agent-'));
    server = createServer((request, response) => {
      void (async () => {
        const parts: Buffer[] = [];
        for await (const part of request) parts.push(part as Buffer);
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(answer(request.url ?? '', Buffer.concat(parts))));
      })();
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  });
  after(() => {
    server.closeAllConnections();
    server.close();
    rmSync(data, { recursive: true, force: true });
  });

  const answer = (path: string, body: Buffer) => {
    if (path.endsWith('/enrolments')) return { endpointId: randomUUID(), keyExpiresAt: '2099-01-01T00:00:00.000Z' };
    if (path.endsWith('/heartbeats')) return { serverTime: new Date().toISOString() };
    if (!path.endsWith('/batches')) return {};
    const batch = Batch.parse(JSON.parse(gunzipSync(body).toString()));
    for (const run of batch.runs) if (run.revision >= (runs.get(run.id)?.revision ?? 0)) runs.set(run.id, run);
    for (const { runId, id } of batch.activities) activities.add(`${runId}/${id}`);
    return { spoolId: batch.spoolId, sequence: batch.sequence, status: 'stored', rowsStored: 1, rowsSetAside: 0 };
  };
  const sentinel = (...args: string[]) =>
    spawnSync(process.execPath, [SENTINEL, ...args, '--data', data], { encoding: 'utf8' });
  const statusCode = () => sentinel('agent', 'status').status;

  it('says that no agent runs', () => {
    const result = sentinel('agent', 'status', '--json');
    assert.deepEqual(JSON.parse(result.stdout), {
      running: false,
      inContact: false,
      pid: null,
      ageMs: null,
      status: null,
    });
    assert.equal(result.status, 1);
    assert.match(sentinel('agent', 'status').stdout, /not running/);
  });

  it('ends with a sentence when the settings cannot work', () => {
    const result = sentinel('agent', 'run', '--server', url);
    assert.equal(result.status, 1);
    assert.match(result.stderr, /^sentinel agent: this endpoint is not enrolled/m);
  });

  it('receives a run of sentinel run live, with the exit code that only the parent knows', async () => {
    const agent = spawn(process.execPath, [SENTINEL, 'agent', 'run', '--server', url, '--token', 't', '--data', data], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    try {
      await until(() => statusCode() === 0);
      const status = AgentStatus.parse(
        (JSON.parse(sentinel('agent', 'status', '--json').stdout) as { status: unknown }).status,
      );
      assert.equal(status.serverUrl, `${url}/`.slice(0, -1));

      const program = spawn(
        process.execPath,
        [
          SENTINEL,
          'run',
          '--json',
          '--data',
          data,
          '--',
          'python3',
          '-c',
          'import time; open("/etc/hostname").read(); time.sleep(1.5); raise SystemExit(9)',
        ],
        { stdio: ['ignore', 'pipe', 'ignore'] },
      );
      let output = '';
      program.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
      });
      const exit = once(program, 'exit');
      await until(() => [...runs.values()].some(({ status }) => status === 'running'));
      assert.deepEqual(await exit, [9, null]);
      const report = RunReport.parse(JSON.parse(output));
      const id = report.run?.id ?? '';
      await until(() => runs.get(id)?.exitCode === 9);
      await until(() => report.activities.every((activity) => activities.has(`${id}/${activity.id}`)));
      await until(() => readdirSync(join(data, 'agent', 'inbox')).length === 0);
      assert.deepEqual({ ...runs.get(id), revision: 0 }, { ...report.run, revision: 0 });
    } finally {
      const exit = once(agent, 'exit');
      agent.kill('SIGTERM');
      assert.deepEqual(await exit, [0, null]);
    }
    assert.equal(statusCode(), 1);
  });

  it('tells an agent without contact from one that has it', async () => {
    const gone = mkdtempSync(join(tmpdir(), 'sentinel-cli-gone-'));
    const agent = spawn(
      process.execPath,
      [SENTINEL, 'agent', 'run', '--server', 'http://127.0.0.1:9', '--token', 't', '--data', gone],
      { stdio: 'ignore' },
    );
    try {
      const status = () =>
        spawnSync(process.execPath, [SENTINEL, 'agent', 'status', '--data', gone], { encoding: 'utf8' });
      await until(() => status().status === 2);
      assert.match(status().stdout, /running, no contact with the server/);
    } finally {
      const exit = once(agent, 'exit');
      agent.kill('SIGINT');
      await exit;
      rmSync(gone, { recursive: true, force: true });
    }
  });
});

async function until(holds: () => boolean): Promise<void> {
  const end = Date.now() + 60_000;
  while (!holds()) {
    assert.ok(Date.now() < end, 'it never came true');
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
