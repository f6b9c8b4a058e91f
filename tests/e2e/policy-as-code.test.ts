import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ApprovalState, PersonPermission, SignedPolicyBundle } from '@sentinel/protocol';
import { createApiToken } from '../../packages/server/src/store/api-token.ts';
import { makeActivity, makeBatch, makeRun } from '../../packages/server/src/testing/rows.ts';
import { signInAs } from '../../packages/server/src/testing/sign-in-as.ts';
import { startTestServer, type TestServer } from '../../packages/server/src/testing/test-server.ts';

const SENTINEL = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'sentinel.js');
const folder = mkdtempSync(join(tmpdir(), 'sentinel-policy-code-'));
const file = join(folder, 'data.yaml');

const source = (version: number, prefix: string) => `id: data
version: ${version}
title: Data
mode: enforce
statements:
  - id: read
    activity: file.open
    effect: block
    when: file.path.startsWith("${prefix}")
    explain: Not by scripts.
    match: [{ facts: { file.path: ${prefix}a } }]
`;

let server: TestServer;
let author = '';
let second = '';

before(async () => {
  server = await startTestServer();
  author = await tokenOf('ada', 'policy-author', ['read', 'policy.write', 'script.request']);
  second = await tokenOf('bob', 'approver', ['read', 'policy.approve', 'script.approve']);
  const agent = await server.enrol('desk-7');
  const runs = [
    makeRun(),
    makeRun({ user: { name: 'bo', id: 2 }, script: { id: 'b'.repeat(32), kind: 'file', name: 'sums.py' } }),
  ];
  const activities = runs.flatMap(({ id }, at) => [
    makeActivity(id, 1),
    makeActivity(id, 2, { attributes: { 'file.path': `/hr/${at}`, 'sentinel.file.operation': 'read' } }),
  ]);
  await agent.client.sendBatch({ body: makeBatch({ runs, activities }) });
});
after(async () => {
  await server?.close();
  rmSync(folder, { recursive: true, force: true });
});

test('runs the examples of files without a server, and ends with 1 where one comes out otherwise', async () => {
  writeFileSync(file, source(1, '/data/'));
  assert.deepEqual(await sentinel(['policy', 'test', file], ''), {
    code: 0,
    stdout: '1 policy, 1 statements, 1 examples: 0 errors, 0 warnings\n',
    stderr: '',
  });
  writeFileSync(file, source(1, '/data/').replace('/data/a }', '/x }'));

  const { code, stdout } = await sentinel(['policy', 'test', file], '');

  assert.equal(code, 1);
  assert.match(stdout, /read: example 1 of match does not match/);
});

test('says which scripts, machines and people a file would have hit', async () => {
  writeFileSync(file, source(1, '/data/'));

  const { code, stdout } = await sentinel(['policy', 'simulate', file, '--days', '1'], author);

  assert.equal(code, 0);
  assert.deepEqual(stdout.split('\n').slice(2), [
    'data/read: block, 2 hits in 2 runs',
    '  scripts   report.py (1), sums.py (1)',
    '  machines  desk-1 (2)',
    '  people    ann (1), bo (1)',
    '',
  ]);
});

test('plans, applies once however often, and plans a change against what is there', async () => {
  writeFileSync(file, source(1, '/data/'));
  const fresh = await sentinel(['policy', 'plan', file, '--no-simulate'], author);
  assert.equal(
    fresh.stdout,
    '+ data new, version 1, takes a second person\n    read: new, block\n\n1 new, 0 changed, 0 unchanged.\n',
  );
  const apply = () => sentinel(['policy', 'apply', file, '--reason', 'first of all'], author);
  assert.equal((await apply()).stdout, 'saved data 1 (draft)\n');
  assert.equal((await apply()).stdout, 'unchanged data 1 (draft)\n');
  writeFileSync(file, source(2, '/hr/0'));

  const { stdout } = await sentinel(['policy', 'plan', file, '--days', '1'], author);

  assert.deepEqual(stdout.split('\n').slice(0, 2), [
    '~ data changed, 1 -> 2, takes a second person',
    '    read: another condition',
  ]);
  assert.match(stdout, /\+ version: 2/);
  assert.match(stdout, /read would hit 1 times in 1 runs; now 2 times in 2\n {6}no longer hit scripts: sums\.py \(1\)/);
  assert.match(stdout, /0 new, 1 changed, 0 unchanged\./);
});

test('saves nothing where one of the files has an error, an unknown key too', async () => {
  const good = join(folder, 'good.yaml');
  writeFileSync(good, source(1, '/a/').replace('id: data', 'id: good'));
  writeFileSync(file, `${source(2, '/hr/0')}colour: red\n`);

  const { code, stderr } = await sentinel(['policy', 'apply', good, file, '--reason', 'both'], author);

  assert.equal(code, 1);
  assert.match(stderr, /data\.yaml:12:9: error: unknown key colour/);
  const { stdout } = await sentinel(['policy', 'list', '--json'], author);
  assert.deepEqual(
    (JSON.parse(stdout) as { items: { id: string }[] }).items.map(({ id }) => id),
    ['data'],
  );
});

test('takes a version through its life and fetches what operators sign', async () => {
  const { client } = await signInAs(server, 'olga', 'owner');
  const { id } = await client.simulatePolicyVersion({ params: { policyId: 'data', version: 1 }, body: { days: 1 } });
  while ((await client.getSimulation({ params: { simulationId: id } })).status === 'running')
    await new Promise(setImmediate);
  const step = async (token: string, name: string, ...more: string[]) => {
    const done = await sentinel(['policy', name, 'data', '1', '--reason', 'as agreed', ...more], token);
    return done.code === 0 ? done.stdout : done.stderr;
  };

  assert.equal(await step(author, 'advance'), 'data v1 shadow\n');
  assert.match(await step(author, 'advance', '--early'), /a second person must agree first/);
  assert.match(await step(author, 'decide'), /policy\.approve/);
  assert.equal(await step(second, 'decide'), 'data v1 shadow\n');
  assert.equal(await step(author, 'advance', '--early'), 'data v1 rollout 1 %\n');
  const bundle = join(folder, 'policies.bundle');
  const draft = await sentinel(['policy', 'draft', '--organisation', 'contoso', '--out', bundle], author);
  assert.match(draft.stdout, /version 1 for contoso, 1 policies, 0 waivers, 0 approvals, SHA-256 [0-9a-f]{64}/);
  const signed = await sentinel(['policy', 'sign', bundle, '--key', join(folder, 'ada.key'), '--out', bundle], '');
  assert.equal(signed.code, 0, signed.stderr);
  assert.equal((JSON.parse(readFileSync(bundle, 'utf8')) as SignedPolicyBundle).signatures.length, 1);
  const published = await sentinel(['policy', 'publish', bundle], second);
  assert.equal(published.code, 0, published.stderr);
  const again = await sentinel(['policy', 'draft', '--out', bundle], author);
  assert.match(again.stdout, /version 2 for contoso.*\nIt says the same as the newest published one/);
  assert.equal(await step(author, 'withdraw'), 'data v1 withdrawn\n');
});

test('asks for the approval of a script, and another person decides', async () => {
  const script = join(folder, 'report.py');
  writeFileSync(script, 'import requests\nrequests.get("https://api.contoso.com/v1")\n');
  const asked = await sentinel(
    ['approval', 'request', script, '--reason', 'daily report', '--destination', 'api.contoso.com', '--json'],
    author,
  );
  assert.equal(asked.code, 0, asked.stderr);
  const { id, state } = JSON.parse(asked.stdout) as { id: string; state: ApprovalState };
  assert.equal(state, 'pending');
  const shown = await sentinel(['approval', 'show', id, '--json'], second);
  const { summary } = JSON.parse(shown.stdout) as {
    summary: { imports: string[]; hosts: string[]; familyHash: string };
  };
  assert.deepEqual([summary.imports, summary.hosts], [['requests'], ['api.contoso.com']]);
  assert.match(
    (await sentinel(['approval', 'list', '--mine'], second)).stdout,
    /pending \(waits for you\) {2}report\.py/,
  );
  assert.match(
    (await sentinel(['approval', 'decide', id, '--approve', '--reason', 'mine'], author)).stderr,
    /script\.approve/,
  );

  const decided = await sentinel(
    ['approval', 'decide', id, '--approve', '--reason', 'read it', '--days', '90'],
    second,
  );

  assert.match(decided.stdout, /approved {2}report\.py .* asked by ada, approved by bob until \d{4}-/);
});

function sentinel(args: readonly string[], token: string): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, SENTINEL_SERVER: server.url, SENTINEL_TOKEN: token };
  return new Promise((resolve) => {
    execFile(process.execPath, [SENTINEL, ...args], { env, cwd: folder }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

async function tokenOf(
  name: string,
  role: 'policy-author' | 'approver',
  permissions: PersonPermission[],
): Promise<string> {
  const { accountId } = await signInAs(server, name, role);
  const made = await createApiToken(server.server.services.control, {
    accountId,
    name: 'test',
    permissions,
    createdBy: name,
    lifeMs: 3_600_000,
    nowMs: Date.now(),
  });
  return made.token;
}
