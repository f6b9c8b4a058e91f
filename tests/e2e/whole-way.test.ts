import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { inboxFolder, probeEnvironment } from '@sentinel/capture';
import type { Activity, AttributeValue, RunRow } from '@sentinel/protocol';
import { eventually } from '../support/eventually.ts';
import { type Program, startProgram } from '../support/program.ts';
import { type SignedInFetch, signedInFetch } from '../support/signed-in-fetch.ts';

const RUNS = 200;
const SCRIPT = join(import.meta.dirname, 'scripts', 'worker.py');

const folder = mkdtempSync(join(tmpdir(), 'sentinel-whole-way-'));
const data = join(folder, 'data');
const work = join(folder, 'work');
const receiver = createServer((request, response) => {
  request.resume().on('end', () => response.end('{"stored":true}'));
});
let server: Program;
let agent: Program;
let port = 0;
let read: SignedInFetch;

before(async () => {
  mkdirSync(data, { recursive: true });
  mkdirSync(work);
  receiver.listen(0, '127.0.0.1');
  await once(receiver, 'listening');
});

after(async () => {
  receiver.close();
  await agent?.stop();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function startServer(): Promise<Record<string, string>> {
  server = startProgram(
    'packages/server/src/main.ts',
    ['--data', data, '--port', String(port)],
    join(folder, 'server.log'),
  );
  const ready = await server.message('ready');
  port = Number(new URL(ready['url'] ?? '').port);
  return ready;
}

function startAgent(url: string, token: string): void {
  agent = startProgram(
    'packages/agent/src/main.ts',
    ['--data', data, '--server', url, '--token', token],
    join(folder, 'agent.log'),
  );
}

test('200 concurrent runs survive SIGKILL of agent and server: every run once, every activity once', async () => {
  const first = await startServer();
  const url = first['url'] ?? '';
  startAgent(url, first['enrolmentToken'] ?? '');
  await agent.message('ready');
  for (let i = 0; i < RUNS; i += 1) writeFileSync(join(work, `in-${i}.txt`), 'z'.repeat(i));

  const env = probeEnvironment(process.env, inboxFolder(data));
  const collectPort = String((receiver.address() as AddressInfo).port);
  const ended = Array.from({ length: RUNS }, async (_, i) => {
    const child = spawn('python3', [SCRIPT, String(i), work, collectPort], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    child.stderr.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
    const [code] = (await once(child, 'close')) as [number];
    return { code, output };
  });
  await eventually(90_000, () => {
    const ready = readdirSync(work).filter((name) => name.startsWith('ready-')).length;
    assert.equal(ready, RUNS, 'all runs are alive at once');
  });
  writeFileSync(join(work, 'go'), '');

  await sleep(700);
  await agent.kill();
  await sleep(300);
  startAgent(url, 'no longer needed');
  await sleep(700);
  await server.kill();
  await sleep(500);
  const second = await startServer();
  await agent.kill();
  startAgent(url, 'no longer needed');

  const results = await Promise.all(ended);
  for (const [i, { code, output }] of results.entries()) {
    assert.deepEqual({ code, output }, { code: 0, output: `${i} ${(i % 7) + 1}\n` });
  }

  read = await signedInFetch(url, second['signInUrl'] ?? '');
  const runs = await eventually(90_000, async () => {
    const found = await allRuns();
    assert.equal(found.filter((run) => run.status === 'ended').length, RUNS);
    return found;
  });
  assert.equal(runs.length, RUNS);
  assert.equal(new Set(runs.map((run) => run.id)).size, RUNS);
  assert.deepEqual(new Set(runs.map((run) => run.script.path)), new Set([SCRIPT]));

  const seen = new Map<number, readonly Activity[]>();
  for (const run of runs) {
    assert.equal(run.exitRoute, 'finished');
    const { items, total } = await read<{ items: Activity[]; total: number }>(`/runs/${run.id}/activities?limit=5000`);
    assert.equal(items.length, total);
    assert.deepEqual(
      items.map((activity) => activity.id),
      items.map((_, index) => index + 1),
      'activities are numbered without a gap and without a double',
    );
    seen.set(numberOf(items), items);
  }
  assert.equal(seen.size, RUNS, 'every run is told apart by the files it touched');
  for (const [number, activities] of seen) assertActivities(number, activities, collectPort);
});

async function allRuns(): Promise<RunRow[]> {
  const found: RunRow[] = [];
  let cursor: string | undefined;
  do {
    const page = await read<{ items: RunRow[]; nextCursor?: string; total: number }>(
      `/runs?limit=200${cursor === undefined ? '' : `&cursor=${encodeURIComponent(cursor)}`}`,
    );
    found.push(...page.items);
    cursor = page.nextCursor;
  } while (cursor !== undefined);
  return found;
}

function numberOf(activities: readonly Activity[]): number {
  const path = activities
    .map((activity) => String(activity.attributes['file.path'] ?? ''))
    .find((text) => /in-\d+\.txt$/.test(text));
  return Number(/in-(\d+)\.txt$/.exec(path ?? '')?.[1] ?? Number.NaN);
}

function text(value: AttributeValue | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** Compares what the run did with what is stored, in full for files and the database. */
function assertActivities(number: number, activities: readonly Activity[], collectPort: string): void {
  const of = (type: string) => activities.filter((activity) => activity.type === type);
  const files = of('file.open')
    .filter(
      (activity) =>
        String(activity.attributes['file.path']).startsWith(join(work, '')) &&
        !String(activity.attributes['file.path']).includes('sqlite'),
    )
    .map(
      ({ attributes, count }) =>
        `${text(attributes['sentinel.file.operation'])} ${text(attributes['file.path']).slice(work.length + 1)} ${count}`,
    )
    .sort();
  assert.deepEqual(
    files,
    [
      `read in-${number}.txt 5`,
      `write ready-${number} 1`,
      ...[0, 1, 2, 3, 4].map((turn) => `write out-${number}-${turn}.txt 1`),
    ].sort(),
  );
  const rows = (number % 7) + 1;
  const statements = of('db.query').map(
    ({ attributes, rows: touched }) =>
      `${text(attributes['db.operation.name'])} ${text(attributes['db.collection.name'])} ${touched}`,
  );
  assert.ok(statements.includes(`INSERT ledger ${rows}`), `${number}: ${statements.join('; ')}`);
  assert.ok(statements.includes(`SELECT ledger ${rows}`), `${number}: ${statements.join('; ')}`);
  const [connection, ...others] = of('net.connect').filter(
    (activity) => activity.attributes['server.port'] === Number(collectPort),
  );
  assert.ok(connection !== undefined && others.length === 0, `${number}: one connection`);
  assert.ok(connection.bytesOut >= 1000, `${number}: sent ${connection.bytesOut} bytes`);
  const [request] = of('http.request');
  assert.deepEqual(
    [
      request?.attributes['http.request.method'],
      request?.attributes['url.template'],
      request?.attributes['http.response.status_code'],
    ],
    ['POST', '/collect', 200],
  );
}
