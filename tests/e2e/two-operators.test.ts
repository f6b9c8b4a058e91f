import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import type { ActionDetail, ActionRequest } from '@sentinel/protocol';
import { eventually } from '../support/eventually.ts';
import { type Program, startProgram } from '../support/program.ts';

const SENTINEL = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'sentinel.js');
const LONG_MS = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'sentinel-operators-'));
const data = join(folder, 'data');
let server: Program;
let agent: Program;
let url = '';
let token = '';
let cookie = '';

/** An endpoint that believes what both Ada and Bob have signed, and nothing less. */
before(async () => {
  server = startProgram('packages/server/src/main.ts', ['--data', data, '--port', '0'], join(folder, 'server.log'));
  const ready = await server.message('ready');
  url = ready['url'] ?? '';
  await signIn(ready['signInUrl'] ?? '');
  const operators = ['ada', 'bob'].flatMap((name) => ['--operator-key', publicKey(name)]);
  const trust = ['--organisation', 'contoso', '--group', 'finance', ...operators, '--operator-threshold', '2'];
  agent = startProgram(
    'packages/agent/src/main.ts',
    ['--data', data, '--server', url, '--token', ready['enrolmentToken'] ?? '', ...trust],
    join(folder, 'agent.log'),
  );
  await agent.message('ready');
  await eventually(LONG_MS, async () => assert.equal((await get<{ total: number }>('/endpoints')).total, 1));
});

after(async () => {
  await agent?.stop();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('what one operator signed alone is refused by an endpoint that wants two, whoever carries it', async () => {
  const request = await ask('alone.example.org');

  const sent = sign(request, 'ada');

  assert.equal(sent.status, 2, sent.stderr);
  const { endpoints } = JSON.parse(sent.stdout) as ActionDetail;
  assert.deepEqual(
    endpoints.map(({ state }) => state),
    ['refused'],
  );
  assert.doesNotMatch(held(), /alone\.example\.org/);
});

test('one operator signs and keeps it, the other signs the same bytes and sends it, and the endpoint does it', async () => {
  const request = await ask('both.example.org');

  const kept = sign(request, 'ada', '--keep');

  assert.equal(kept.status, 0, kept.stderr);
  assert.equal((await waiting(request.id)).signed?.signatures.length, 1);
  assert.doesNotMatch(held(), /both\.example\.org/, 'nothing follows from half of it');

  const sent = sign(request, 'bob');

  assert.equal(sent.status, 0, sent.stdout + sent.stderr);
  const { id, endpoints } = JSON.parse(sent.stdout) as ActionDetail;
  assert.deepEqual([id, ...endpoints.map(({ state }) => state)], [request.id, 'done']);
  assert.match(held(), /both\.example\.org/);
});

function sign(request: ActionRequest, operator: string, ...more: string[]) {
  const key = ['--key', join(folder, `${operator}.key`), '--organisation', 'contoso'];
  return sentinel(['action', 'sign', request.id, ...key, '--yes', '--wait', '60', '--json', '--server', url, ...more]);
}

/** What the console does: asks, without a key. */
function ask(destination: string): Promise<ActionRequest> {
  const order = { kind: 'isolate-destination', destination };
  return post('/action-requests', { order, target: { endpoints: [], groups: ['finance'] }, reason: 'a test' });
}

async function waiting(id: string): Promise<ActionRequest> {
  const { items } = await get<{ items: ActionRequest[] }>('/action-requests?state=waiting');
  return items.find((one) => one.id === id) ?? assert.fail();
}

/** What the endpoint holds runs to. */
function held(): string {
  try {
    return readFileSync(join(data, 'agent', 'policy'), 'utf8');
  } catch {
    return '';
  }
}

/** Makes a key, and gives its public part as endpoints are told it. */
function publicKey(operator: string): string {
  const { privateKey, publicKey: known } = generateKeyPairSync('ed25519');
  writeFileSync(join(folder, `${operator}.key`), privateKey.export({ type: 'pkcs8', format: 'pem' }), { mode: 0o600 });
  return known.export({ type: 'spki', format: 'der' }).subarray(-32).toString('base64');
}

function sentinel(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [SENTINEL, ...args], {
    encoding: 'utf8',
    env: { ...process.env, SENTINEL_TOKEN: token },
  });
}

async function signIn(signInUrl: string): Promise<void> {
  const link = new URLSearchParams(new URL(signInUrl).hash.slice(1)).get('token');
  const answer = await fetch(`${url}/api/v1/session/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token: link }),
  });
  cookie = answer.headers
    .getSetCookie()
    .map((line) => line.split(';')[0] ?? '')
    .join('; ');
  ({ token } = await post<{ token: string }>('/tokens', { name: 'test', permissions: ['read', 'action.send'] }));
}

async function get<T>(path: string): Promise<T> {
  return (await (await fetch(`${url}/api/v1${path}`, { headers: { cookie } })).json()) as T;
}

async function post<T>(path: string, body: unknown): Promise<T> {
  const answer = await fetch(`${url}/api/v1${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', cookie },
    body: JSON.stringify(body),
  });
  assert.ok(answer.ok, `${path}: ${answer.status} ${await answer.clone().text()}`);
  return (await answer.json()) as T;
}
