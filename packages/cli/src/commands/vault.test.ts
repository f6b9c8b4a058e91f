import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { createClient, enrolAgent } from '@sentinel/client';
import type { LeaverReport, RuleTrial } from '@sentinel/protocol';
import { makeRun, planFleet, type RunTemplate, readTemplates } from '@sentinel/simulator';
import { programFile } from '../run-program.ts';
import { type SupervisedProcess, startProcess } from '../up/supervised-process.ts';

const BIN = join(import.meta.dirname, '../../bin/sentinel.js');
const folder = mkdtempSync(join(tmpdir(), 'sentinel-vault-cli-'));
const SHA256 = createHash('sha256').update('chart').digest('hex');
const SCRIPT_ID = createHash('sha256').update(`v1\0${SHA256}`).digest('hex').slice(0, 32);
let server: SupervisedProcess;
let env: NodeJS.ProcessEnv;

before(async () => {
  server = startProcess(
    'server',
    programFile('@sentinel/server/main'),
    ['--data', join(folder, 'data'), '--port', '0'],
    join(folder, 'server.log'),
  );
  const ready = await server.message('ready');
  const url = String(ready['url']);
  const answer = await fetch(`${url}/api/v1/session/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: new URL(String(ready['signInUrl'])).hash.replace('#token=', '') }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  const owner = createClient({
    baseUrl: url,
    fetch: (input, init) =>
      fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), cookie } }),
  });
  const { token } = await owner.createToken({
    body: { name: 'test', permissions: ['vault.read', 'vault.restore', 'leaver.manage', 'data.manage'] },
  });
  env = { ...process.env, SENTINEL_SERVER: url, SENTINEL_TOKEN: token };
  await fillVault(url, String(ready['enrolmentToken']));
});
after(async () => {
  await server.stop(10_000);
  rmSync(folder, { recursive: true, force: true });
});

/** A run of the chart that was recorded for the detector, and its source in the vault. */
async function fillVault(url: string, token: string): Promise<void> {
  const templates = readTemplates();
  const template = templates.find(({ name }) => name === 'chart.py') as RunTemplate;
  const [endpoint] = planFleet({ endpoints: 1, seed: 'cli', templates, skewShare: 0, failureShare: 0 }).endpoints;
  assert.ok(endpoint !== undefined);
  const { client } = await enrolAgent({ baseUrl: url, token, endpoint: endpoint.facts });
  const script = { template, sha256: SHA256, scriptId: SCRIPT_ID, name: 'chart.py', variant: 0 };
  const { run, activities } = makeRun({
    endpoint: { ...endpoint, userName: 'ann' },
    script,
    startedAtMs: Date.now() - 60_000,
    salt: '1',
  });
  await client.sendBatch({
    body: {
      protocolVersion: 1,
      spoolId: run.id,
      sequence: 1,
      createdAt: new Date().toISOString(),
      runs: [run],
      activities: [...activities],
    },
  });
  await client.storeScript({
    body: {
      sha256: SHA256,
      scriptId: SCRIPT_ID,
      name: 'chart.py',
      kind: 'file',
      path: run.script.path ?? '',
      sizeBytes: 12,
      text: 'print("bars")\n',
      references: [],
      collectedAt: new Date().toISOString(),
    },
  });
}

async function sentinel(...args: string[]): Promise<{ code: number; out: string; err: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [BIN, ...args], { env, cwd: folder }, (error, out, err) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : 0, out, err }),
    );
  });
}

test('lists, shows and restores a version, with the reason in the audit log', async () => {
  const listed = await sentinel('vault', 'list', '--find', 'chart');
  assert.match(listed.out, new RegExp(`^${SHA256.slice(0, 12)}  .*1 run   chart\\.py  \\(ann\\)`));

  const shown = await sentinel('vault', 'show', 'chart.py');
  assert.match(shown.out, /^python\s+3\.\d+/m);
  assert.match(shown.out, /\nprint\("bars"\)\n$/);

  const restored = await sentinel(
    'vault',
    'restore',
    SHA256.slice(0, 8),
    '--reason',
    'hand over',
    '--out',
    'back',
    '--json',
  );
  assert.deepEqual(JSON.parse(restored.out), {
    sha256: SHA256,
    folder: join(folder, 'back'),
    files: ['chart.py', 'requirements.lock', 'README.md', 'recipe.json'],
  });
  assert.equal(readFileSync(join(folder, 'back', 'chart.py'), 'utf8'), 'print("bars")\n');
  assert.deepEqual(readdirSync(join(folder, 'back')).sort(), [
    'README.md',
    'chart.py',
    'recipe.json',
    'requirements.lock',
  ]);

  const again = await sentinel('vault', 'restore', SHA256, '--reason', 'hand over', '--out', 'back');
  assert.deepEqual([again.code, again.out], [1, '']);
  assert.match(again.err, /is not empty/);
});

test('goes through a departure: list, look, decide, certify', async () => {
  writeFileSync(join(folder, 'people.csv'), 'login;name;lastDay\nann;Ann Meyer;2026-11-13\n');
  const imported = await sentinel('leaver', '--import', 'people.csv');
  assert.equal(imported.out, '1 new, 0 changed, 0 as they were; left: ann\n');

  const early = await sentinel('leaver', 'ann', '--certificate', 'ann.pdf');
  assert.deepEqual(early.code, 1);
  assert.match(early.err, /1 script is still without a decision/);

  const decided = await sentinel(
    'leaver',
    'ann',
    '--decide',
    'chart.py',
    '--measure',
    'hand-over',
    '--to',
    'ben',
    '--json',
  );
  const { scripts } = JSON.parse(decided.out) as LeaverReport;
  assert.deepEqual(
    scripts.map(({ name, isInVault, decision }) => [name, isInVault, decision?.measure, decision?.custodian]),
    [['chart.py', true, 'hand-over', 'ben']],
  );

  const certified = await sentinel('leaver', 'ann', '--certificate', 'ann.pdf');
  assert.equal(certified.code, 0);
  assert.equal(readFileSync(join(folder, 'ann.pdf')).subarray(0, 5).toString(), '%PDF-');
  assert.match((await sentinel('leaver')).out, /^ann {2}left 2026-11-13 {2}1 script, 0 undecided, certified/);
});

test('tries the rules on stored runs, and says what it did', async () => {
  const tried = await sentinel('rules', 'try', '--since', '2h', '--json');
  const { runs, activities, failures, isComplete } = JSON.parse(tried.out) as RuleTrial;
  assert.deepEqual([tried.code, tried.err, runs, failures, isComplete], [0, '', 1, 0, true]);
  assert.ok(activities > 0);

  const told = await sentinel('rules', 'try', '--since', '2h');
  assert.match(told.out, /^1 runs? with \d+ activities judged in .*Nothing was changed\.$/m);

  const none = await sentinel('rules', 'try', '--since', '2h', '--until', '90m');
  assert.deepEqual([none.code, none.out], [1, '']);
  assert.match(none.err, /"90m" is no time/);
  const turned = await sentinel('rules', 'try', '--since', '1h', '--until', '2h');
  assert.match(turned.err, /--since is not before --until/);
});

test('refuses with a sentence: no token, nobody of that name, no such version', async () => {
  const before = env;
  env = { ...env, SENTINEL_TOKEN: '' };
  assert.match((await sentinel('vault', 'list')).err, /no token/);
  env = before;
  assert.match((await sentinel('leaver', 'zoe')).err, /nobody in the directory fits "zoe"/);
  assert.match((await sentinel('vault', 'show', 'nothing.py')).err, /the vault has no version "nothing\.py"/);
});
