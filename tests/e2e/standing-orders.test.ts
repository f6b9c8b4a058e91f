import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inboxFolder, probeEnvironment } from '@sentinel/capture';
import type { ActionDetail, ActionOrder, ActionRequest, Endpoint, RunRow, ScriptApproval } from '@sentinel/protocol';
import { eventually } from '../support/eventually.ts';
import { type Program, startProgram } from '../support/program.ts';

const SENTINEL = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'sentinel.js');
const LONG_MS = 60_000;

const folder = mkdtempSync(join(tmpdir(), 'sentinel-orders-'));
const data = join(folder, 'data');
const key = join(folder, 'ada.key');
const env = probeEnvironment(process.env, inboxFolder(data));
const children: ChildProcess[] = [];
let hits = 0;
const stand = createServer((_, answer) => {
  hits++;
  answer.end('ok');
});
let server: Program;
let agent: Program;
let agentArguments: string[] = [];
let url = '';
let token = '';
let cookie = '';

before(async () => {
  stand.listen(0, '127.0.0.1');
  server = startProgram('packages/server/src/main.ts', ['--data', data, '--port', '0'], join(folder, 'server.log'));
  const ready = await server.message('ready');
  url = ready['url'] ?? '';
  await signIn(ready['signInUrl'] ?? '');
  const signed = signBundle(
    `id: held
version: 1
title: Held
mode: enforce
statements:
  - id: held
    activity: file.open
    effect: approve
    when: 'file.path.contains("ledger") && script.approval != "approved"'
    explain: the ledger is for approved scripts
    approve: { by: [approver], hold_s: 180 }
`,
  );
  agentArguments =
    `--data ${data} --server ${url} --operator-key ${signed.operator} --organisation contoso --group finance`.split(
      ' ',
    );
  agent = startAgent([...agentArguments, '--token', ready['enrolmentToken'] ?? '']);
  await agent.message('ready');
  const published = sentinel(['policy', 'publish', signed.file, '--server', url]);
  assert.equal(published.status, 0, published.stderr);
  await eventually(LONG_MS, async () => assert.equal((await onlyEndpoint()).trust?.report?.policyVersion, 1));
});

after(async () => {
  for (const child of children) child.kill('SIGKILL');
  await agent?.stop();
  await server?.stop();
  stand.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a quarantined version is ended, starts nowhere over a restart of the agent, says why, and starts again once it is lifted', async (t) => {
  const script = join(folder, 'report.py');
  writeFileSync(script, 'import time\nprint("begun", flush=True)\ntime.sleep(120)\n');
  const sha256 = createHash('sha256').update(readFileSync(script)).digest('hex');
  const going = start(script);
  await going.says('begun');
  await eventually(LONG_MS, async () =>
    assert.ok((await runs()).some(({ pid, status }) => pid === going.child.pid && status === 'running')),
  );

  const asked = await ask({ kind: 'quarantine-script', sha256, endsRuns: true });
  assert.equal(going.child.exitCode ?? going.child.signalCode, null, 'nothing follows from a wish');
  const signedMs = Date.now();
  const done = sign(asked);
  assert.equal(done.endpoints[0]?.detail, 'this version is refused from now on; 1 of its runs ended');
  await going.ended();
  t.diagnostic(`${Date.now() - signedMs} ms from the operator's command to the end of the run`);

  const refused = start(script);
  assert.equal(await refused.ended(), 126);
  assert.match(refused.output(), /report\.py does not start on this computer/);
  assert.match(refused.output(), /quarantined: a test/);
  assert.doesNotMatch(refused.output(), /begun/);
  await eventually(LONG_MS, async () => {
    const run = (await runs()).find(({ pid }) => pid === refused.child.pid);
    assert.equal(run?.exitCode, 126, 'the refused start is a run of its own');
  });
  await agent.stop();
  agent = startAgent(agentArguments);
  await agent.message('ready');
  assert.equal(await start(script).ended(), 126, 'it outlives the agent');
  writeFileSync(join(folder, 'other.py'), 'print("runs")\n');
  assert.equal(await start(join(folder, 'other.py')).ended(), 0, 'other scripts run');

  const lifted = sign(await ask({ kind: 'lift', actionId: done.id }));

  assert.equal(lifted.endpoints[0]?.detail, 'the order does not hold any more');
  const again = start(script);
  await again.says('begun');
  assert.equal((await get<ActionDetail>(`/actions/${done.id}`)).liftedBy, lifted.id);
});

test('a run that goes on loses an isolated destination, and has it back once that is lifted', async (t) => {
  const { port } = stand.address() as AddressInfo;
  const script = join(folder, 'sender.py');
  writeFileSync(
    script,
    [
      'import time, urllib.request',
      'print("begun", flush=True)',
      'refused = False',
      'end = time.time() + 120',
      'while time.time() < end:',
      '    try:',
      `        urllib.request.urlopen("http://127.0.0.1:${port}/", timeout=5).read()`,
      '        if refused:',
      '            print("back", flush=True)',
      '            break',
      '    except Exception as error:',
      '        if not refused:',
      '            print("refused", error, flush=True)',
      '        refused = True',
      '    time.sleep(0.1)',
    ].join('\n'),
  );
  const going = start(script);
  await eventually(LONG_MS, () => assert.ok(hits > 2));

  const asked = await ask({ kind: 'isolate-destination', destination: '127.0.0.0/8' });
  const signedMs = Date.now();
  const done = sign(asked);

  assert.match(await going.says('refused'), /No script may reach 127\.0\.0\.0\/8 since .*: a test/);
  t.diagnostic(`${Date.now() - signedMs} ms from the operator's command to the refusal in the run`);
  sign(await ask({ kind: 'lift', actionId: done.id }));
  await going.says('back');
  assert.equal(await going.ended(), 0);
});

test('an approval and its end reach a run at once, where an operator signs what was decided', async (t) => {
  const script = join(folder, 'ledger.py');
  writeFileSync(script, `open(${JSON.stringify(join(folder, 'ledger.txt'))}, "w").close()\nprint("written")\n`);
  const sha256 = createHash('sha256').update(readFileSync(script)).digest('hex');
  const held = start(script);
  const approval = await eventually(LONG_MS, async () => {
    const { items } = await get<{ items: ScriptApproval[] }>('/approvals?state=pending');
    const [found] = items.filter((one) => one.sha256 === sha256);
    assert.ok(found, 'the request is filed while the run is held');
    return found;
  });
  await post(`/approvals/${approval.id}/decision`, { isApproved: true, reason: 'read it', days: 5 });
  const decidedMs = Date.now();

  sign(await onlyWaiting('decide-approval'));

  assert.equal(await held.ended(), 0, held.output());
  assert.match(held.output(), /written/);
  t.diagnostic(`${Date.now() - decidedMs} ms from the decision, signed at once, to the end of the run that was held`);
  await post(`/approvals/${approval.id}/revocation`, { reason: 'it changed hands' });
  sign(await onlyWaiting('decide-approval'));
  const lines = readFileSync(join(data, 'agent', 'policy'), 'utf8').split('\n');
  assert.ok(lines.includes(`A\t${sha256}\trevoked`));
});

test('what a stranger signed for a request is carried and refused, and what is not as asked is not even carried', async () => {
  const request = await ask({ kind: 'isolate-destination', destination: 'example.org' });
  const stranger = join(folder, 'eve.key');

  const sent = sentinel(['action', 'sign', request.id, '--key', stranger, ...SIGNING, '--server', url]);

  assert.equal(sent.status, 2, sent.stderr);
  assert.equal((JSON.parse(sent.stdout) as ActionDetail).endpoints[0]?.state, 'refused');
  assert.doesNotMatch(readFileSync(join(data, 'agent', 'policy'), 'utf8'), /example\.org/);
});

test('what is asked while an operator watches is signed as it comes, and what makes things looser is left for them', async () => {
  const args = ['action', 'sign', '--watch', '--key', key, ...SIGNING, '--server', url];
  const watching = say(
    spawn(process.execPath, [SENTINEL, ...args], { env: { ...process.env, SENTINEL_TOKEN: token } }),
  );
  await watching.says('Looks for requests');

  const asked = await ask({ kind: 'isolate-destination', destination: 'watched.example.org' });

  await eventually(LONG_MS, async () => {
    const { endpoints } = await get<ActionDetail>(`/actions/${asked.id}`);
    assert.equal(endpoints[0]?.state, 'done');
  });
  assert.match(readFileSync(join(data, 'agent', 'policy'), 'utf8'), /watched\.example\.org/);
  const lift = await ask({ kind: 'lift', actionId: asked.id });
  await watching.says(`${lift.id}  lift order ${asked.id}`);
  assert.equal((await onlyWaiting('lift')).id, lift.id);
  watching.child.kill('SIGINT');
  await watching.ended();
  sign(lift);
  assert.doesNotMatch(readFileSync(join(data, 'agent', 'policy'), 'utf8'), /watched\.example\.org/);
});

const SIGNING = ['--organisation', 'contoso', '--yes', '--wait', '60', '--json'];

/** What the console does: asks, without a key. */
function ask(order: ActionOrder): Promise<ActionRequest> {
  return post('/action-requests', { order, target: { endpoints: [], groups: ['finance'] }, reason: 'a test' });
}

/** What an operator does on their own computer. */
function sign(request: ActionRequest): ActionDetail {
  const sent = sentinel(['action', 'sign', request.id, '--key', key, ...SIGNING, '--server', url]);
  assert.equal(sent.status, 0, sent.stdout + sent.stderr);
  return JSON.parse(sent.stdout) as ActionDetail;
}

async function onlyWaiting(kind: string): Promise<ActionRequest> {
  const { items } = await get<{ items: ActionRequest[] }>('/action-requests?state=waiting');
  const found = items.filter(({ order }) => order.kind === kind);
  assert.equal(found.length, 1);
  return found[0] ?? assert.fail();
}

function startAgent(args: readonly string[]): Program {
  return startProgram('packages/agent/src/main.ts', [...args], join(folder, 'agent.log'));
}

function signBundle(policies: string): { file: string; operator: string } {
  const source = join(folder, 'policy.yaml');
  const file = join(folder, 'policies.bundle');
  writeFileSync(source, policies);
  const signed = sentinel(
    `policy sign ${source} --key ${key} --organisation contoso --group finance --bundle-version 1 --out ${file} --json`.split(
      ' ',
    ),
  );
  assert.equal(signed.status, 0, signed.stderr);
  return { file, operator: (JSON.parse(signed.stdout) as { operator: string }).operator };
}

async function onlyEndpoint(): Promise<Endpoint> {
  const { items } = await get<{ items: Endpoint[] }>('/endpoints');
  assert.equal(items.length, 1);
  return items[0] ?? assert.fail();
}

async function runs(): Promise<RunRow[]> {
  return (await get<{ items: RunRow[] }>('/runs?limit=50')).items;
}

function sentinel(args: readonly string[]): { status: number | null; stdout: string; stderr: string } {
  return spawnSync(process.execPath, [SENTINEL, ...args], {
    encoding: 'utf8',
    env: { ...process.env, SENTINEL_TOKEN: token },
  });
}

/** Runs a script under the probe. */
function start(script: string) {
  return say(spawn('python3', [script], { cwd: folder, env, stdio: ['ignore', 'pipe', 'pipe'] }));
}

/** What a program says, and when it ends. */
function say(child: ChildProcess) {
  children.push(child);
  let output = '';
  for (const stream of [child.stdout, child.stderr])
    stream?.on('data', (chunk: Buffer) => {
      output += chunk.toString();
    });
  const closed = once(child, 'close') as Promise<[number | null]>;
  return {
    child,
    output: () => output,
    ended: async () => (await closed)[0],
    says: (word: string) =>
      eventually(LONG_MS, () => {
        const line = output.split('\n').find((text) => text.startsWith(word));
        assert.ok(line, output);
        return line;
      }),
  };
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
  const permissions = ['read', 'action.send', 'policy.approve'];
  ({ token } = await post<{ token: string }>('/tokens', { name: 'test', permissions }));
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
