import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { inboxFolder, probeEnvironment } from '@sentinel/capture';
import { type Client, createClient } from '@sentinel/client';
import { eventually } from '../support/eventually.ts';
import { type Program, startProgram } from '../support/program.ts';

const SCRIPTS = join(import.meta.dirname, 'scripts', 'vault');
/** Scripts with what they import from the package index, in versions that are not the newest. */
const NAMES = ['parcels.py', 'month_table.py', 'letter.py'] as const;
const PACKAGES = ['tabulate==0.9.0', 'python-dateutil==2.8.2', 'jinja2==3.1.4', 'markupsafe==2.1.5'];
const PASSWORD = 'Vx7!pq-Lm2#ZtR9w';

const folder = mkdtempSync(join(tmpdir(), 'sentinel-vault-'));
const data = join(folder, 'data');
const work = join(folder, 'work');
let server: Program;
let agent: Program;
let client: Client;
const printed = new Map<string, string>();

before(async () => {
  mkdirSync(data, { recursive: true });
  mkdirSync(work);
  server = startProgram('packages/server/src/main.ts', ['--data', data, '--port', '0'], join(folder, 'server.log'));
  const { url = '', enrolmentToken = '', signInUrl = '' } = await server.message('ready');
  agent = startProgram(
    'packages/agent/src/main.ts',
    ['--data', data, '--server', url, '--token', enrolmentToken],
    join(folder, 'agent.log'),
  );
  await agent.message('ready');
  client = await signedInClient(url, signInUrl);
});

after(async () => {
  await agent?.stop();
  await server?.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('keeps every script that ran, without its password, also where the script is deleted at once', async () => {
  const python = makeEnvironment(join(folder, 'first'), (pip) => pip('install', ...PACKAGES));
  for (const name of NAMES) {
    const path = join(work, name);
    writeFileSync(path, readFileSync(join(SCRIPTS, name)));
    printed.set(name, run(python, path, work, probeEnvironment(process.env, inboxFolder(data))));
  }

  const listed = await eventually(60_000, async () => {
    const { items } = await client.listVault();
    assert.deepEqual(
      items.map(({ name, runs }) => ({ name, runs })).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
      NAMES.toSorted().map((name) => ({ name, runs: 1 })),
    );
    return items;
  });

  assert.deepEqual(
    listed.filter(({ secrets }) => secrets > 0).map(({ name }) => name),
    ['letter.py'],
  );
  const letter = await client.getVaultEntry({
    params: { sha256: listed.find(({ name }) => name === 'letter.py')?.sha256 ?? '' },
  });
  assert.equal(letter.text.includes(PASSWORD), false);
  assert.equal(letter.references[0]?.name, 'MAIL_PASSWORD');
  assert.equal(readFileSync(join(SCRIPTS, 'letter.py'), 'utf8').includes(PASSWORD), true, 'the script holds it');
});

test('restores scripts that run again in a fresh environment with the same output', async () => {
  rmSync(work, { recursive: true });
  mkdirSync(work);
  const { items } = await client.listVault();
  for (const { sha256, name } of items) {
    const home = join(folder, 'restored', name);
    const { files } = await eventually(60_000, async () => {
      const restored = await client.restoreVaultEntry({ params: { sha256 }, body: { reason: 'a test' } });
      assert.match(restored.files.find(({ path }) => path === 'requirements.lock')?.text ?? '', /==/);
      return restored;
    });
    mkdirSync(home, { recursive: true });
    for (const { path, text } of files) writeFileSync(join(home, path), text);
    const python = makeEnvironment(join(home, 'venv'), (pip) => pip('install', '-r', join(home, 'requirements.lock')));

    assert.equal(run(python, join(home, name), home, process.env), printed.get(name), name);
  }
});

function makeEnvironment(place: string, install: (pip: (...args: string[]) => void) => void): string {
  execFileSync('python3', ['-m', 'venv', place], { stdio: 'ignore' });
  const python = join(place, 'bin', 'python');
  install((...args) => {
    execFileSync(python, ['-m', 'pip', '--disable-pip-version-check', '-q', ...args], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
  });
  return python;
}

function run(python: string, path: string, cwd: string, env: NodeJS.ProcessEnv): string {
  return execFileSync(python, [path], { cwd, env, encoding: 'utf8' });
}

async function signedInClient(url: string, signInUrl: string): Promise<Client> {
  const token = new URLSearchParams(new URL(signInUrl).hash.slice(1)).get('token');
  const answer = await fetch(`${url}/api/v1/session/link`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ token }),
  });
  const cookie = answer.headers.get('set-cookie')?.split(';')[0] ?? '';
  return createClient({
    baseUrl: url,
    fetch: (input, init) =>
      fetch(input, { ...init, headers: { ...(init?.headers as Record<string, string>), cookie } }),
  });
}
