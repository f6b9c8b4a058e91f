import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { type Client, createClient, enrolAgent } from '@sentinel/client';
import { type Batch, SentinelError } from '@sentinel/protocol';
import { makeFolder } from '../testing/make-folder.ts';
import { ready } from '../testing/ready.ts';
import { makeActivity, makeBatch, makeRun } from '../testing/rows.ts';
import { facts, postJson, withCookie } from '../testing/test-server.ts';
import { until } from '../testing/until.ts';

const MAIN = join(import.meta.dirname, '../main.ts');
const MB = 1024 * 1024;
const canMount = spawnSync('unshare', ['-m', 'true']).status === 0;

/** A server whose data folder is a small disk that only it and its children see. */
function startOnDisk(folder: string, options: string): ChildProcess {
  const command = `mount -t tmpfs -o ${options} tmpfs "$1" && exec "$2" "$3" --data "$1" --port 0`;
  return spawn('unshare', ['-m', 'sh', '-c', command, 'sh', folder, process.execPath, MAIN], {
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    env: { ...process.env, NODE_TEST_CONTEXT: undefined },
  });
}

describe('a server whose disk', { skip: !canMount && 'needs root on Linux' }, () => {
  test('is full refuses what it cannot keep, lives on, and takes it all once there is room', async (t) => {
    const folder = makeFolder();
    const child = startOnDisk(folder, 'size=48m');
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    t.after(() => {
      if (!t.passed) t.diagnostic(said.slice(-4000));
      child.kill('SIGKILL');
      rmSync(folder, { recursive: true, force: true });
    });
    const { url, signInUrl, enrolmentToken } = await ready(child);
    const inside = join('/proc', String(child.pid), 'root', folder);
    assert.ok(statSync(join(inside, 'server')).isDirectory());
    const agent = await enrolAgent({ baseUrl: url, token: enrolmentToken, endpoint: facts });
    const spoolId = makeBatch().spoolId;
    const batches: Batch[] = [];
    const stored = new Set<number>();
    const send = async (batch: Batch) => {
      try {
        await agent.client.sendBatch({ body: batch });
        stored.add(batch.sequence);
        return undefined;
      } catch (error) {
        return error instanceof SentinelError ? error.code : String(error);
      }
    };
    const sendNew = () => {
      const run = makeRun();
      const activities = Array.from({ length: 50 }, (_, id) => makeActivity(run.id, id + 1));
      const batch = makeBatch({ spoolId, sequence: batches.length + 1, runs: [run], activities });
      batches.push(batch);
      return send(batch);
    };
    for (let count = 0; count < 5; count++) assert.equal(await sendNew(), undefined);

    fill(join(inside, 'filler'));
    const refusals = new Set<string | undefined>();
    for (let count = 0; count < 20; count++) refusals.add(await sendNew());
    refusals.delete(undefined);
    assert.deepEqual([...refusals], ['store-unavailable']);
    assert.equal(child.exitCode, null);
    await createClient({ baseUrl: url }).getHealth();

    rmSync(join(inside, 'filler'));
    for (const batch of batches) {
      if (!stored.has(batch.sequence)) await until(async () => (await send(batch)) === undefined, 30_000);
    }
    const person = await signIn(url, signInUrl);
    // The engine reads its parts anew once there is room.
    const seen = await eventually(async () => (await person.listRuns({ query: { limit: 200 } })).items);
    assert.equal(seen.length, batches.length);
    assert.deepEqual(
      new Map(seen.map(({ id, totals }) => [id, totals.activities])),
      new Map(batches.map(({ runs }) => [runs[0]?.id, 50])),
    );
    child.kill('SIGTERM');
    assert.deepEqual(await once(child, 'exit'), [0, null]);
  });

  test('cannot be written says so at the start', async (t) => {
    const folder = makeFolder();
    mkdirSync(join(folder, 'below'));
    t.after(() => rmSync(folder, { recursive: true, force: true }));
    const child = startOnDisk(join(folder, 'below'), 'ro,size=1m');
    let said = '';
    child.stderr?.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await once(child, 'exit');
    assert.equal(child.exitCode, 1);
    assert.match(said, /the data folder ".*below" cannot be written: EROFS/);
  });
});

async function signIn(url: string, signInUrl: string): Promise<Client> {
  const token = new URL(signInUrl).hash.replace('#token=', '');
  const response = await postJson(`${url}/api/v1/session/link`, { token });
  return withCookie(url, response.headers.get('set-cookie')?.split(';')[0] ?? '');
}

/** What an attempt gives once the store answers. */
async function eventually<T>(attempt: () => Promise<T>): Promise<T> {
  const given: T[] = [];
  await until(async () => {
    await attempt().then(
      (value) => given.push(value),
      () => {},
    );
    return given.length > 0;
  });
  return given[0] as T;
}

/** Writes until nothing more fits. */
function fill(file: string): void {
  for (const size of [MB, 4096]) {
    const piece = Buffer.alloc(size, 1);
    try {
      for (;;) writeFileSync(file, piece, { flag: 'a' });
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
    }
  }
}
