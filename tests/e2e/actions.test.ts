import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inboxFolder, probeEnvironment, processStartTicks } from '@sentinel/capture';
import type { ActionDetail, ActionKind, Endpoint, PersonPermission, RunRow } from '@sentinel/protocol';
import { eventually } from '../support/eventually.ts';
import { type Program, startProgram } from '../support/program.ts';
import type { SignedInFetch } from '../support/signed-in-fetch.ts';

const SENTINEL = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'sentinel.js');
const PERMISSIONS: readonly PersonPermission[] = ['read', 'action.send', 'policy.approve'];

const folder = mkdtempSync(join(tmpdir(), 'sentinel-actions-'));
const data = join(folder, 'data');
const key = join(folder, 'ada.key');
const env = probeEnvironment(process.env, inboxFolder(data));
const children: ChildProcess[] = [];
let server: Program;
let agent: Program;
let read: SignedInFetch;
let url = '';
let token = '';
let operator = '';
let version = 0;

before(async () => {
  server = startProgram('packages/server/src/main.ts', ['--data', data, '--port', '0'], join(folder, 'server.log'));
  const ready = await server.message('ready');
  url = ready['url'] ?? '';
  ({ read, token } = await signIn(ready['signInUrl'] ?? ''));
  operator = sign({ policies: POLICIES.watch }).operator;
  agent = startProgram(
    'packages/agent/src/main.ts',
    `--data ${data} --server ${url} --token ${ready['enrolmentToken']} --operator-key ${operator} --organisation contoso --group finance`.split(
      ' ',
    ),
    join(folder, 'agent.log'),
  );
  await agent.message('ready');
});

after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await agent?.stop();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

const POLICIES = {
  watch: policyOf('observe'),
  block: policyOf('block'),
};

test('a policy that operators signed stops the next run, and a run that goes on, at its next new act', async () => {
  // It begins before there is any policy at all.
  const going = start(
    [
      'import sys, time',
      'open("free.txt", "w").close()',
      'print("begun", flush=True)',
      'end = time.time() + 60',
      'number = 0',
      'while time.time() < end:',
      '    number += 1',
      '    try:',
      '        open("secret-%d.txt" % number, "w").close()',
      '    except PermissionError as error:',
      '        print("refused", error, flush=True)',
      '        sys.exit(7)',
      '    time.sleep(0.2)',
    ].join('\n'),
  );
  await going.says('begun');

  await publish(POLICIES.block);
  await inForce();
  const next = start('open("secret.txt", "w").close()');

  assert.equal(await next.ended(), 1);
  assert.match(next.output(), /PermissionError|SentinelBlocked|secrets stay/);
  assert.equal(await going.ended(), 7);
  assert.match(going.output(), /refused .*secrets stay where they are/);
  await publish(POLICIES.watch);
  await inForce();
});

test('a kill ends a real run and its children, and what came of it is told', async (t) => {
  const going = start(
    [
      'import signal, subprocess, sys, time',
      // Its child is born with the same deaf ear.
      'signal.signal(signal.SIGTERM, signal.SIG_IGN)',
      'child = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(300)"])',
      'print("child", child.pid, flush=True)',
      'time.sleep(300)',
    ].join('\n'),
  );
  const childPid = Number((await going.says('child')).split(' ')[1]);
  const endpoint = await onlyEndpoint();
  const run = await eventually(60_000, async () => {
    const { items } = await read<{ items: RunRow[] }>('/runs?limit=50');
    const found = items.find(({ pid }) => pid === going.child.pid);
    assert.ok(found, 'the run is known');
    return found;
  });

  const stopped = send(key, 'stop-run', '--run', run.id, '--endpoint', endpoint.id, '--reason', 'a test');

  assert.equal(stopped.status, 0, stopped.stderr);
  const detail = JSON.parse(stopped.stdout) as ActionDetail;
  assert.equal(detail.endpoints[0]?.state, 'done');
  assert.match(detail.endpoints[0]?.detail ?? '', /^ended 2 processes, 2 by force$/);
  const tookMs = Date.parse(detail.endpoints[0]?.finishedAt ?? '') - Date.parse(detail.createdAt);
  t.diagnostic(`${tookMs} ms from the server's hearing of it to the word that both are gone, 2,000 of them grace`);
  await going.ended();
  assert.equal(going.child.signalCode, 'SIGKILL');
  assert.equal(processStartTicks(childPid), undefined, 'its child is gone too');
  const { items } = await read<{ items: ActionDetail[] }>('/actions');
  assert.deepEqual(
    items.map(({ id, order, states, createdBy }) => ({ id, order, states, createdBy })),
    [{ id: detail.id, order: { kind: 'stop-run', runId: run.id }, states: { done: 1 }, createdBy: 'owner' }],
  );
});

test('what a stranger signed is carried by the server and refused by the endpoint, and the refusal shows', async () => {
  const endpoint = await onlyEndpoint();
  const stranger = join(folder, 'eve.key');

  const sent = send(stranger, 'rotate-key', '--endpoint', endpoint.id, '--reason', 'theft');

  assert.equal(sent.status, 2, sent.stderr);
  await publish(POLICIES.block, stranger);
  const detail = JSON.parse(sent.stdout) as ActionDetail;
  assert.deepEqual(
    detail.endpoints.map(({ state, detail: text }) => [state, text?.split(':')[0]]),
    [['refused', 'unknown-key']],
  );
  await eventually(60_000, async () => {
    const { trust } = await onlyEndpoint();
    assert.deepEqual(
      [
        trust?.report?.actionsRefused,
        trust?.report?.bundlesRefused,
        trust?.report?.policyVersion,
        trust?.keyFingerprint,
      ],
      [1, 1, version - 1, endpoint.trust?.keyFingerprint],
    );
  });
});

test('a new key is made on the endpoint when operators ask, and the agent goes on with it', async () => {
  const before = await onlyEndpoint();

  const sent = send(key, 'rotate-key', '--group', 'finance', '--reason', 'drill');

  assert.equal(sent.status, 0, sent.stderr);
  const after = await onlyEndpoint();
  assert.equal(after.id, before.id);
  assert.notEqual(after.trust?.keyFingerprint, before.trust?.keyFingerprint);
  const diagnosed = send(key, 'diagnostics', '--endpoint', before.id, '--reason', 'drill');
  assert.equal(diagnosed.status, 0, diagnosed.stderr);
});

test('each kind of the closed list is done by a real agent', async () => {
  const endpoint = await onlyEndpoint();
  const script = join(folder, 'report.py');
  writeFileSync(script, 'open("free.txt", "w").close()\n');
  const ran = spawn('python3', [script], { cwd: folder, env });
  await once(ran, 'exit');
  const sha256 = createHash('sha256').update(readFileSync(script)).digest('hex');
  await eventually(60_000, async () => {
    const { items } = await read<{ items: RunRow[] }>('/runs?limit=50');
    assert.ok(items.some(({ pid, status }) => pid === ran.pid && status === 'ended'));
  });
  const details: Record<string, string> = {};

  for (const [kind, ...rest] of [
    ['rescan'],
    ['flush'],
    ['diagnostics'],
    ['set-mode', '--mode', 'monitor'],
    ['set-mode', '--mode', 'enforce'],
    ['collect-script', '--sha256', sha256],
    ['stop-run', '--run', randomUUID()],
  ] as const) {
    const sent = send(key, kind, ...rest, '--endpoint', endpoint.id, '--reason', 'a test');
    assert.equal(sent.status, 0, `${kind}: ${sent.stdout}${sent.stderr}`);
    details[kind] = (JSON.parse(sent.stdout) as ActionDetail).endpoints[0]?.detail ?? '';
  }

  const { diagnostics = '', ...rest } = details;
  assert.deepEqual(rest, {
    rescan: 'all environments are looked at again',
    flush: 'the spool is empty',
    'set-mode': 'policies act',
    'collect-script': 'the version goes to the vault, if the vault lacks it',
    'stop-run': 'the run does not go on here',
  });
  assert.equal((JSON.parse(diagnostics) as { endpointId: string }).endpointId, endpoint.id);
});

function policyOf(effect: 'observe' | 'block'): string {
  return `id: secrets
version: 1
title: Secrets
mode: enforce
statements:
  - id: no-secret
    activity: file.open
    effect: ${effect}
    when: 'file.path.contains("secret")'
    explain: secrets stay where they are
`;
}

/** Makes a signed bundle, the version one above the last. */
function sign({ policies, signer = key }: { policies: string; signer?: string }): { file: string; operator: string } {
  const source = join(folder, 'policy.yaml');
  const file = join(folder, 'policies.bundle');
  writeFileSync(source, policies);
  version++;
  const signed = sentinel(
    `policy sign ${source} --key ${signer} --organisation contoso --group finance --bundle-version ${version} --out ${file} --json`.split(
      ' ',
    ),
  );
  assert.equal(signed.status, 0, signed.stderr);
  return { file, operator: (JSON.parse(signed.stdout) as { operator: string }).operator };
}

async function publish(policies: string, signer = key): Promise<void> {
  const { file } = sign({ policies, signer });
  const published = sentinel(['policy', 'publish', file, '--server', url]);
  assert.equal(published.status, 0, published.stderr);
}

/** Waits until the agent says that the last version holds. */
async function inForce(): Promise<void> {
  await eventually(60_000, async () =>
    assert.equal(
      (await onlyEndpoint()).trust?.report?.policyVersion,
      version,
      readFileSync(join(folder, 'agent.log'), 'utf8'),
    ),
  );
}

async function onlyEndpoint(): Promise<Endpoint> {
  const { items } = await read<{ items: Endpoint[] }>('/endpoints');
  assert.equal(items.length, 1);
  return items[0] ?? assert.fail();
}

/** Signs an action, sends it, and waits for what comes of it. */
function send(signer: string, kind: ActionKind, ...args: readonly string[]) {
  const rest = `--key ${signer} --organisation contoso --server ${url} --wait 60 --json`;
  return sentinel(['action', 'send', kind, ...args, ...rest.split(' ')]);
}

function sentinel(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [SENTINEL, ...args], {
    encoding: 'utf8',
    env: { ...process.env, SENTINEL_TOKEN: token },
  });
}

/** Runs a Python program under the probe. */
function start(program: string) {
  const child = spawn('python3', ['-c', program], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] });
  children.push(child);
  let output = '';
  child.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  child.stderr.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const closed = once(child, 'close') as Promise<[number | null]>;
  return {
    child,
    output: () => output,
    ended: async () => (await closed)[0],
    says: (word: string) =>
      eventually(60_000, () => {
        const line = output.split('\n').find((text) => text.startsWith(word));
        assert.ok(line, output);
        return line;
      }),
  };
}

async function signIn(signInUrl: string): Promise<{ read: SignedInFetch; token: string }> {
  const link = new URLSearchParams(new URL(signInUrl).hash.slice(1)).get('token');
  const answer = await post('/session/link', { token: link }, {});
  const cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ');
  const made = await post('/tokens', { name: 'test', permissions: PERMISSIONS }, { cookie });
  const { token: text } = (await made.json()) as { token: string };
  return {
    token: text,
    read: async <T>(path: string) => (await (await fetch(`${url}/api/v1${path}`, { headers: { cookie } })).json()) as T,
  };
}

async function post(path: string, body: unknown, headers: Record<string, string>): Promise<Response> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${answer.status}`);
  return answer;
}
