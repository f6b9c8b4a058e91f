import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const SENTINEL = join(import.meta.dirname, '..', '..', 'bin', 'sentinel.js');
const folder = mkdtempSync(join(tmpdir(), 'sentinel-cli-install-'));
after(() => rmSync(folder, { recursive: true, force: true }));

test('an environment is named, instrumented, reported, and as it was again', () => {
  const environment = join(folder, 'env');
  const made = spawnSync('python3', ['-m', 'venv', '--without-pip', environment], { encoding: 'utf8' });
  assert.equal(made.status, 0, made.stderr);
  const sentinel = (...args: string[]) =>
    spawnSync(process.execPath, [SENTINEL, 'agent', ...args, '--data', join(folder, 'data')], { encoding: 'utf8' });
  const door = (text: string) => (JSON.parse(text) as { results: { outcome: string; files: string[] }[] }).results[0];

  const dry = door(sentinel('install', environment, '--dry-run', '--json').stdout);
  const pth = dry?.files.find((path) => path.endsWith('.pth')) ?? '';
  assert.ok(pth.startsWith(environment), pth);
  assert.equal(existsSync(pth), false);

  const installed = sentinel('install', environment, '--no-compile');
  assert.match(installed.stdout, /^instrumented +\S+env /m);
  assert.equal(installed.status, 0);
  assert.equal(existsSync(pth), true);
  assert.match(sentinel('install', environment, '--no-compile').stdout, /^unchanged /m);

  assert.equal(door(sentinel('uninstall', environment, '--json').stdout)?.outcome, 'removed');
  assert.equal(existsSync(pth), false);
  const nothing = sentinel('install', folder);
  assert.deepEqual([nothing.status, nothing.stdout], [1, '']);
  assert.match(nothing.stderr, /is no Python, no environment and no folder of an interpreter/);
});
