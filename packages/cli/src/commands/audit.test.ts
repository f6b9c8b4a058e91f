import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { createClient } from '@sentinel/client';
import { type StartedProgram, startAuditServer } from '../audit/testing/audit-server.ts';

const MAIN = fileURLToPath(new URL('../main.ts', import.meta.url));
let folder: string;
let server: StartedProgram;
let token: string;

before(async () => {
  folder = mkdtempSync(join(tmpdir(), 'sentinel-audit-test-'));
  server = await startAuditServer(join(folder, 'data'));
  token = server.token;
});
after(async () => {
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('exports the chain, finds it whole, and keeps its head', async () => {
  const trail = join(folder, 'trail.jsonl');
  const head = join(folder, 'head.json');

  assert.equal((await sentinel('export', '--out', trail)).code, 0);
  const verified = await sentinel('verify', trail, '--keep', head);

  assert.match(verified.stdout, /^whole: \d+ records, head [0-9a-f]{64}\n$/);
  const kept = JSON.parse(readFileSync(head, 'utf8')) as { number: number; hash: string };
  assert.equal(kept.number, readFileSync(trail, 'utf8').trim().split('\n').length);
  assert.equal((await sentinel('verify', '--head', head)).code, 0, 'the server itself, against the kept head');
});

test('tells a changed file from one that was cut off by its exit code', async () => {
  const trail = join(folder, 'again.jsonl');
  const head = join(folder, 'again.json');
  await sentinel('export', '--out', trail);
  await sentinel('verify', trail, '--keep', head);
  const lines = readFileSync(trail, 'utf8').trim().split('\n');
  const changed = join(folder, 'changed.jsonl');
  writeFileSync(changed, lines.join('\n').replace('session.start', 'session.stort'));
  const cut = join(folder, 'cut.jsonl');
  writeFileSync(cut, lines.slice(0, -1).join('\n'));

  const results = [
    await sentinel('verify', changed),
    await sentinel('verify', cut, '--head', head),
    await sentinel('verify', cut),
  ];

  assert.deepEqual(
    results.map(({ code }) => code),
    [2, 3, 0],
  );
  assert.match(results[0]?.stdout ?? '', /changed  record \d+: its hash is not that of its content/);
  assert.match(results[1]?.stdout ?? '', /missing  record \d+: the chain ends at/);
});

test('answers who did what, and says so in words', async () => {
  const { stdout, code } = await sentinel('answer', '--who', 'owner', '--since', '1d');

  assert.equal(code, 0);
  assert.match(stdout, /owner {2}token\.create token/);
  assert.match(stdout, /\d+ of \d+ accesses/);
  const asJson = JSON.parse((await sentinel('answer', '--who', 'owner', '--json')).stdout) as { items: unknown[] };
  assert.ok(asJson.items.length > 0);
});

test('says what is wrong in one line', async () => {
  const none = await sentinel('answer', '--who', 'x', '--since', 'yesterday-ish');
  assert.deepEqual([none.code, none.stderr.trim().split('\n').length], [1, 1]);

  const closed = createServer();
  await new Promise<void>((resolve) => closed.listen(0, '127.0.0.1', resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  const away = await sentinel('export', '--server', `http://127.0.0.1:${port}`);
  assert.deepEqual([away.code, /cannot be reached/.test(away.stderr)], [1, true]);
});

test('makes an emergency link beside a running server', async () => {
  const made = await run('server', 'break-glass', '--data', join(folder, 'data'), '--reason', 'the provider is down');
  const link = /sign-in#token=(\S+)/.exec(made.stdout)?.[1];
  assert.ok(link !== undefined, made.stderr);

  const session = await createClient({ baseUrl: server.url }).signInWithLink({ body: { token: link } });

  assert.deepEqual([session.isBreakGlass, session.userName], [true, 'break-glass']);
  const { stdout } = await sentinel('answer', '--who', 'break-glass', '--json');
  assert.match(stdout, /session\.break-glass/);
});

function sentinel(...args: string[]) {
  return run('audit', ...args);
}

function run(...args: string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  const env = { ...process.env, SENTINEL_SERVER: server.url, SENTINEL_TOKEN: token };
  return new Promise((resolve) => {
    execFile(process.execPath, [MAIN, ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr }),
    );
  });
}
