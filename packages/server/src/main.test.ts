import assert from 'node:assert/strict';
import { type ChildProcess, fork, spawn } from 'node:child_process';
import { once } from 'node:events';
import { rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { after, before, test } from 'node:test';
import { enrolAgent } from '@sentinel/client';
import type { ServerMessage } from './main.ts';
import { facts, makeFolder, postJson } from './testing/test-server.ts';

const MAIN = join(import.meta.dirname, 'main.ts');
const env = { ...process.env, NODE_TEST_CONTEXT: undefined };

let folder: string;

before(() => {
  folder = makeFolder();
});
after(() => rmSync(folder, { recursive: true, force: true }));

test('tells its parent that it is ready, gives links on demand, and stops cleanly', async (t) => {
  const data = join(folder, 'ipc');
  const child = fork(MAIN, ['--data', data, '--port', '0'], { stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env });
  t.after(() => child.kill('SIGKILL'));
  const output = collect(child);
  const messages: ServerMessage[] = [];
  child.on('message', (message: ServerMessage) => messages.push(message));
  const ready = await nextOf(child, 'ready');
  assert.ok(messages.some(({ kind }) => kind === 'progress'));

  const enrol = () => enrolAgent({ baseUrl: ready.url, token: ready.enrolmentToken, endpoint: facts });
  const enrolled = await enrol();
  const again = await enrol().catch((error: unknown) => error);
  child.send({ kind: 'sign-in-link' });
  const { signInUrl } = await nextOf(child, 'sign-in-link');

  assert.match(enrolled.endpointId, /^[0-9a-f-]{36}$/);
  assert.equal((again as { code?: string }).code, 'enrolment-refused');
  assert.notEqual(signInUrl, ready.signInUrl);
  for (const url of [ready.signInUrl, signInUrl]) {
    assert.ok(url.startsWith(`${ready.url}/sign-in#token=lnk_`));
    const token = new URL(url).hash.replace('#token=', '');
    assert.equal((await postJson(`${ready.url}/api/v1/session/link`, { token })).status, 200);
  }
  child.kill('SIGTERM');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
  const { stdout, stderr } = output();
  assert.equal(stdout, '');
  assert.doesNotMatch(stderr, /(lnk|enr|agt|ses)_[\w-]{20}/);
  for (const line of stderr.trim().split('\n')) JSON.parse(line);
});

test('prints where it listens and a sign-in link, and takes its settings from a file', async () => {
  const config = join(folder, 'config.json');
  writeFileSync(
    config,
    JSON.stringify({ data: join(folder, 'printed'), port: 0, publicUrl: 'https://sentinel.example/' }),
  );

  const child = spawn(process.execPath, [MAIN, '--config', config], { stdio: ['ignore', 'pipe', 'pipe'], env });

  const [chunk] = (await once(child.stdout, 'data')) as [Buffer];
  assert.match(
    chunk.toString(),
    /^Sentinel listens on https:\/\/sentinel\.example\nSign in once, within 15 minutes: https:\/\/sentinel\.example\/sign-in#token=lnk_/,
  );
  child.kill('SIGINT');
  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('stops when the process that started it has gone', async () => {
  const child = fork(MAIN, ['--data', join(folder, 'orphan'), '--port', '0'], {
    stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    env,
  });
  await nextOf(child, 'ready');

  child.disconnect();

  assert.deepEqual(await once(child, 'exit'), [0, null]);
});

test('does not start on settings that are wrong, and says which', async () => {
  const file = join(folder, 'a-file');
  writeFileSync(file, '');
  const config = (content: unknown) => {
    const path = join(folder, `config-${Math.random()}.json`);
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content));
    return path;
  };
  const cases: [string[], RegExp][] = [
    [[], /the data folder is not set/],
    [['--data', join(file, 'x')], /the data folder ".*" cannot be written/],
    [['--data', join(folder, 'w'), '--port', 'http'], /It must be a whole number/],
    [['--data', join(folder, 'w'), '--port', '70000'], /setting "port" is wrong/],
    [['--data', join(folder, 'w'), '--public-url', 'ftp://x'], /setting "publicUrl" is wrong/],
    [['--data', join(folder, 'w'), '--demo-command', 'sh'], /JSON array/],
    [['--data', join(folder, 'w'), '--port', '0', '--console', folder], /has no index\.html/],
    [['--config', config({ data: 'x', prot: 1 })], /unknown setting "prot"; known are data, host, port/],
    [['--config', config('{')], /cannot be read/],
    [['--config', config([])], /does not hold a JSON object/],
    [['--config', join(folder, 'missing.json')], /cannot be read/],
  ];
  await Promise.all([0, 1].map((half) => checkFailures(cases.filter((_, index) => index % 2 === half))));
});

test('does not start on a port or a data folder that is taken', async () => {
  const blocker = createServer().listen(0, '127.0.0.1');
  await once(blocker, 'listening');
  const { port } = blocker.address() as AddressInfo;
  await checkFailures([
    [['--data', join(folder, 'port'), '--port', String(port)], new RegExp(`port ${port} on 127\\.0\\.0\\.1 is in use`)],
  ]);
  blocker.close();

  const data = join(folder, 'shared');
  const first = fork(MAIN, ['--data', data, '--port', '0'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env });
  await nextOf(first, 'ready');
  await checkFailures([
    [['--data', data, '--port', '0'], new RegExp(`another server \\(process ${first.pid}\\) uses the data folder`)],
  ]);
  first.kill('SIGKILL');
  await once(first, 'exit');
  // A killed server leaves no lock behind.
  const second = fork(MAIN, ['--data', data, '--port', '0'], { stdio: ['ignore', 'ignore', 'ignore', 'ipc'], env });
  await nextOf(second, 'ready');
  second.kill('SIGTERM');
  assert.deepEqual(await once(second, 'exit'), [0, null]);

  const database = new DatabaseSync(join(data, 'server/control.sqlite'));
  database.exec("INSERT INTO kysely_migration (name, timestamp) VALUES ('9999-future', '')");
  database.close();
  await checkFailures([[['--data', data, '--port', '0'], /migration "9999-future".*newer version/]]);
});

async function checkFailures(cases: readonly [string[], RegExp][]): Promise<void> {
  for (const [args, expected] of cases) {
    const child = spawn(process.execPath, [MAIN, ...args], { stdio: ['ignore', 'pipe', 'pipe'], env });
    const output = collect(child);
    const [code] = (await once(child, 'close')) as [number];
    const { stdout, stderr } = output();
    assert.deepEqual([code, stdout], [1, ''], `${args.join(' ')}: ${stderr}`);
    assert.match(stderr, expected);
    assert.doesNotMatch(stderr, /\n\s+at /, 'a stack is no sentence');
  }
}

function collect(child: ChildProcess): () => { stdout: string; stderr: string } {
  let stdout = '';
  let stderr = '';
  child.stdout?.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  return () => ({ stdout, stderr });
}

/** Next message of a kind. Every one is looked at as it comes: two that come together must not be taken for one. */
function nextOf<K extends ServerMessage['kind']>(child: ChildProcess, kind: K): Promise<ServerMessage & { kind: K }> {
  return new Promise((resolve, reject) => {
    const look = (message: unknown) => {
      if ((message as ServerMessage).kind !== kind) return;
      child.off('message', look);
      resolve(message as ServerMessage & { kind: K });
    };
    child.on('message', look);
    child.once('exit', (code) => reject(new Error(`the server ended with ${code}`)));
  });
}
