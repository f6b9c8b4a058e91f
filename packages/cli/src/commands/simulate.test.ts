import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { promisify } from 'node:util';
import { createClient } from '@sentinel/client';
import type { FleetCounts } from '@sentinel/simulator';
import { programFile } from '../run-program.ts';
import { type SupervisedProcess, startProcess } from '../up/supervised-process.ts';

const BIN = join(import.meta.dirname, '../../bin/sentinel.js');
const folder = mkdtempSync(join(tmpdir(), 'sentinel-simulate-'));
let server: SupervisedProcess;
let url: string;
let cookie: string;

interface Result {
  readonly counts: FleetCounts;
  readonly endpoints: number;
}

before(async () => {
  server = startProcess(
    'server',
    programFile('@sentinel/server/main'),
    ['--data', join(folder, 'data'), '--port', '0'],
    join(folder, 'server.log'),
  );
  const ready = await server.message('ready');
  url = String(ready['url']);
  const answer = await fetch(`${url}/api/v1/session/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: new URL(String(ready['signInUrl'])).hash.replace('#token=', '') }),
  });
  cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
});
after(async () => {
  await server.stop(10_000);
  rmSync(folder, { recursive: true, force: true });
});

function client() {
  return createClient({
    baseUrl: url,
    fetch: (input, init) =>
      fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), cookie } }),
  });
}

async function run(...args: string[]): Promise<Result> {
  const { token } = await client().createEnrolmentToken({ body: { uses: 100 } });
  const { stdout } = await promisify(execFile)(process.execPath, [
    BIN,
    'simulate',
    '--server',
    url,
    '--token',
    token ?? '',
    '--json',
    ...args,
  ]);
  return JSON.parse(stdout) as Result;
}

test('lives as a fleet over the real protocol: enrols, beats, keeps channels open, ships every batch', async () => {
  const { counts } = await run('--endpoints', '20', '--rate', '900', '--spread', '1', '--slow', '0', '--duration', '9');

  assert.equal(counts.enrolled, 20);
  assert.equal(counts.channelsOpen, 20);
  assert.deepEqual([counts.batchesRefused, counts.enrolmentsFailed, counts.heartbeatsFailed], [0, 0, 0]);
  assert.ok(counts.runs > 10, `${counts.runs} runs`);
  assert.ok(counts.batchesStored + counts.batchesWaiting >= counts.runs * 0.5);
  const { total } = await client().listRuns();
  assert.ok(total > 0 && total <= counts.runs, `${total} of ${counts.runs}`);
  const { items } = await client().listEndpoints();
  assert.deepEqual(
    items
      .map(({ hostName }) => hostName)
      .sort()
      .slice(0, 3),
    ['ap-00001', 'ap-00009', 'ap-00017'],
  );
});

test('fills days that are over, and the same seed gives the same runs', async () => {
  const args = ['--endpoints', '4', '--history', '10', '--rate', '1', '--seed', 'past'];
  const first = await run(...args);
  const runsOf = async () => (await client().listRuns({ query: { q: 'py', since: '2020-01-01T00:00:00.000Z' } })).total;
  const afterFirst = await runsOf();
  const second = await run(...args);

  assert.ok(first.counts.runs > 20, `${first.counts.runs} runs`);
  assert.equal(first.counts.batchesRetried, 0);
  assert.ok(Math.abs(second.counts.runs - first.counts.runs) <= 2, 'only the moment of the end differs');
  assert.ok(afterFirst >= first.counts.runs);
});

test('says what is missing', async () => {
  await assert.rejects(
    promisify(execFile)(process.execPath, [BIN, 'simulate', '--endpoints', '1', '--server', url], {
      env: { ...process.env, SENTINEL_TOKEN: '' },
    }),
    /no token: make an enrolment token/,
  );
});
