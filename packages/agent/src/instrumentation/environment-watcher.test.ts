import assert from 'node:assert/strict';
import { execFile, spawnSync } from 'node:child_process';
import {
  existsSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  rmSync,
  truncateSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { promisify } from 'node:util';
import { pino } from 'pino';
import { until } from '../testing/agent-process.ts';
import { copyPython, makeEnvironment, type PythonCopy } from '../testing/python-copy.ts';
import { EnvironmentWatcher } from './environment-watcher.ts';

describe('a running agent that was told to instrument all below a folder', () => {
  let root: string;
  let python: PythonCopy;
  let watcher: EnvironmentWatcher;
  const door = (environment: string) =>
    join(
      environment,
      'lib',
      `python${python.version.split('.').slice(0, 2).join('.')}`,
      'site-packages',
      'zz_sentinel.pth',
    );
  const program = (verb: string, ...args: string[]) =>
    // Not waited for in a way that stops the watcher, which may hold the manifest.
    promisify(execFile)(process.execPath, [
      join(import.meta.dirname, 'main.ts'),
      verb,
      ...args,
      '--data',
      join(root, 'data'),
    ]);
  const run = (executable: string, ...args: string[]) => {
    const { status, stderr } = spawnSync(executable, args, { encoding: 'utf8', env: { PATH: process.env['PATH'] } });
    assert.equal(status, 0, stderr);
  };

  before(async () => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'sentinel-watch-')));
    mkdirSync(join(root, 'projects', 'old'), { recursive: true });
    python = copyPython(join(root, 'projects', 'python'));
    await program('install', '--all', '--root', join(root, 'projects'), '--no-compile');
    watcher = new EnvironmentWatcher(join(root, 'data'), pino({ level: 'silent' }));
    watcher.start();
  });
  after(async () => {
    await watcher.stop();
    rmSync(root, { recursive: true, force: true });
  });

  it('found the interpreter', () => {
    assert.deepEqual(
      watcher.manifest.entries.map(({ executable, outcome }) => [executable.startsWith(python.prefix), outcome]),
      [[true, 'instrumented']],
    );
  });

  it('instruments a new environment, in an old folder and in a new one, hidden or not', async (t) => {
    for (const folder of [join(root, 'projects', 'old', '.venv'), join(root, 'projects', 'new', 'deeper', 'env')]) {
      const startedMs = performance.now();
      const inside = makeEnvironment(python, folder);
      await until(`${folder} has its door`, () => existsSync(door(folder)));
      t.diagnostic(`${Math.round(performance.now() - startedMs)} ms from the start of its making`);
      await until('and it is in the manifest', () => watcher.manifest.entries.some(({ key }) => key === folder));
      const inbox = join(root, 'data', 'agent', 'inbox');
      const count = readdirSync(inbox).length;
      run(inside, '-c', 'pass');
      assert.equal(readdirSync(inbox).length, count + 1);
    }
  });

  it('is there again after pip was upgraded and after the environment was made anew', async () => {
    const folder = join(root, 'projects', 'with-pip');
    run(python.executable, '-m', 'venv', folder);
    await until('it has its door', () => existsSync(door(folder)));
    const wheel = globSync(join(python.stdlib, 'ensurepip', '_bundled', 'pip-*.whl'))[0] ?? '';
    run(
      join(folder, 'bin', 'python'),
      '-m',
      'pip',
      'install',
      '--quiet',
      '--no-index',
      '--disable-pip-version-check',
      '--force-reinstall',
      wheel,
    );
    assert.ok(existsSync(door(folder)), 'pip left it alone');
    run(python.executable, '-m', 'venv', '--without-pip', '--clear', folder);
    await until('its door is there again', () => existsSync(door(folder)));
  });

  it('puts back a file that somebody removed', async () => {
    const folder = join(root, 'projects', 'with-pip');
    await until('it is known', () => watcher.manifest.entries.some(({ key }) => key === folder));
    rmSync(door(folder));
    await until('its door is there again', () => existsSync(door(folder)));
  });

  it('puts back a file that somebody emptied', async () => {
    const path = door(join(root, 'projects', 'with-pip'));
    const text = readFileSync(path, 'utf8');
    truncateSync(path);
    await until('it is as it was', () => readFileSync(path, 'utf8') === text);
  });

  it('leaves alone what was taken out by name', async () => {
    const folder = join(root, 'projects', 'with-pip');
    await program('uninstall', folder);
    assert.equal(existsSync(door(folder)), false);
    const other = join(root, 'projects', 'later');
    makeEnvironment(python, other);
    await until('another one was instrumented since', () => existsSync(door(other)));
    assert.equal(existsSync(door(folder)), false);
    assert.deepEqual(watcher.manifest.exempt, [folder]);
  });

  it('instruments an environment too deep for any watch once a start in it is seen', async () => {
    const folder = join(root, 'projects', 'a', 'b', 'c', 'd', 'e', 'f', 'env');
    makeEnvironment(python, folder);
    watcher.noticed(folder);
    await until('it has its door', () => existsSync(door(folder)));
  });
});
