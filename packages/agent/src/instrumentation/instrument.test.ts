import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'; // prettier-ignore
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, describe, it } from 'node:test';
import { parseProbeRecord } from '@sentinel/protocol';
import { copyPython, makeEnvironment, type PythonCopy, writeScript } from '../testing/python-copy.ts';
import { type InstrumentResult } from './instrument.ts';

const folder = mkdtempSync(join(tmpdir(), 'sentinel-instrument-'));
chmodSync(folder, 0o755);
after(() => rmSync(folder, { recursive: true, force: true }));
const env: NodeJS.ProcessEnv = { PATH: process.env['PATH'], PYTHONDONTWRITEBYTECODE: '1' };
let made = 0;

interface Bench {
  readonly root: string;
  readonly data: string;
  readonly spool: string;
  readonly python: PythonCopy;
}

function bench(): Bench {
  const root = join(folder, String(++made));
  mkdirSync(root);
  const data = join(root, 'data');
  mkdirSync(data);
  return { root, data, spool: join(data, 'agent', 'inbox'), python: copyPython(join(root, 'python')) };
}

function agent(
  { data }: Bench,
  ...args: string[]
): { results: InstrumentResult[]; watched: string[]; status: number | null } {
  const program = join(import.meta.dirname, 'main.ts');
  const { stdout, stderr, status } = spawnSync(process.execPath, [program, ...args, '--json', '--data', data], {
    encoding: 'utf8',
  });
  assert.notEqual(stdout, '', stderr);
  return { ...(JSON.parse(stdout) as { results: InstrumentResult[]; watched: string[] }), status };
}

const outcomes = ({ results }: { results: InstrumentResult[] }) => results.map(({ outcome }) => outcome);

/** Start kinds and prefixes that the probes reported since the last call. */
function reported({ spool }: Bench): string[] {
  const names = readdirSync(spool).filter((name) => name.endsWith('.probe'));
  return names.map((name) => {
    const hello = parseProbeRecord(readFileSync(join(spool, name), 'utf8').split('\n')[0] ?? '');
    rmSync(join(spool, name));
    return typeof hello !== 'string' && hello.kind === 'hello'
      ? (hello.attributes.get('sentinel.interpreter.prefix') ?? '')
      : 'no hello';
  });
}

const python = (program: string, ...args: string[]) => {
  const { status, stderr } = spawnSync(program, args, { env, input: '', encoding: 'utf8' });
  assert.equal(`${status}${stderr}`, '0');
};

/** Everything of a tree but times: a link as its target, a file as its bytes and mode. */
function snapshot(root: string): Record<string, string> {
  const found: Record<string, string> = {};
  const walk = (at: string) => {
    for (const name of readdirSync(at).sort()) {
      const path = join(at, name);
      const stat = lstatSync(path);
      if (stat.isDirectory()) {
        found[relative(root, path)] = 'folder';
        walk(path);
      } else if (stat.isSymbolicLink()) found[relative(root, path)] = readlinkSync(path);
      else
        found[relative(root, path)] =
          `${(stat.mode & 0o7777).toString(8)} ${createHash('sha1').update(readFileSync(path)).digest('hex')}`;
    }
  };
  walk(root);
  return found;
}

describe('instrumenting', () => {
  it('reaches an interpreter and all its environments, again is as good as once, and leaves nothing behind', () => {
    const at = bench();
    const inside = makeEnvironment(at.python, join(at.root, 'env'));
    const before = snapshot(at.root);
    delete before['data'];
    assert.deepEqual(outcomes(agent(at, 'install', '--dry-run', at.python.prefix)), ['instrumented']);
    assert.deepEqual(reported(at), []);
    const first = agent(at, 'install', at.python.executable, join(at.root, 'env'));
    assert.deepEqual([outcomes(first), first.status], [['instrumented', 'instrumented'], 0]);
    for (const program of [at.python.executable, inside])
      for (const option of ['-I', '-E', '-s', '-B']) python(program, option, '-c', 'pass');
    const prefixes = reported(at);
    assert.equal(prefixes.filter((prefix) => prefix === at.python.prefix).length, 4);
    assert.equal(prefixes.filter((prefix) => prefix === join(at.root, 'env')).length, 4);

    const again = agent(at, 'install', at.python.prefix, join(at.root, 'env'));
    assert.deepEqual([outcomes(again), again.results.flatMap(({ files }) => files)], [['unchanged', 'unchanged'], []]);
    python(inside, '-c', 'pass');
    assert.equal(reported(at).length, 1, 'two doors, one run');

    assert.deepEqual(outcomes(agent(at, 'uninstall', '--all')), ['removed', 'removed']);
    python(inside, '-c', 'pass');
    assert.deepEqual(reported(at), []);
    const left = snapshot(at.root);
    for (const name of Object.keys(left)) if (name === 'data' || name.startsWith('data/')) delete left[name];
    assert.deepEqual(left, before);
    assert.deepEqual(outcomes(agent(at, 'uninstall', at.python.prefix)), ['absent']);
  });

  it('adds a block to a sitecustomize of somebody else behind a link, and takes only that away', () => {
    const at = bench();
    const conffile = writeScript(
      at.root,
      'etc-sitecustomize.py',
      '# install the apport exception handler if available\nimport sys\nsys.flavour = "debian"',
    );
    chmodSync(conffile, 0o640);
    symlinkSync(conffile, join(at.python.stdlib, 'sitecustomize.py'));
    const before = snapshot(at.root);
    delete before['data'];
    const check = () => python(at.python.executable, '-c', 'import sys; assert sys.flavour == "debian"');
    assert.deepEqual(outcomes(agent(at, 'install', at.python.prefix)), ['instrumented']);
    check();
    assert.equal(reported(at).length, 1);
    assert.equal(lstatSync(conffile).mode & 0o777, 0o640);
    assert.match(readFileSync(conffile, 'utf8'), /^# install the apport[^]*"debian"\n# >>> sentinel >>>/);
    assert.deepEqual(outcomes(agent(at, 'uninstall', at.python.prefix)), ['removed']);
    check();
    const left = snapshot(at.root);
    for (const name of Object.keys(left)) if (name === 'data' || name.startsWith('data/')) delete left[name];
    assert.deepEqual(left, before);
    // Somebody edits the file while our block is in it: the edit stays, the block goes.
    agent(at, 'install', at.python.prefix);
    const edited = readFileSync(conffile, 'utf8').replace('apport', 'other');
    writeFileSync(conffile, `${edited}sys.more = 1\n`);
    agent(at, 'uninstall', at.python.prefix);
    assert.equal(
      readFileSync(conffile, 'utf8'),
      '# install the other exception handler if available\nimport sys\nsys.flavour = "debian"\nsys.more = 1\n',
    );
  });

  it('reports a place that may not be written, and forces nothing', (t) => {
    if (process.getuid?.() !== 0) return t.skip('needs a read-only mount, which only root can make');
    const at = bench();
    const mounted = spawnSync('mount', ['--bind', at.python.stdlib, at.python.stdlib]);
    const closed = mounted.status === 0 && spawnSync('mount', ['-o', 'remount,bind,ro', at.python.stdlib]).status === 0;
    try {
      if (!closed) return t.skip('the system does not mount');
      const { results, status } = agent(at, 'install', at.python.prefix);
      assert.deepEqual([results.map(({ outcome, files }) => [outcome, files]), status], [[['read-only', []]], 2]);
      // An environment of it is reached all the same, by its own door.
      const inside = makeEnvironment(at.python, join(at.root, 'env'));
      assert.deepEqual(outcomes(agent(at, 'install', join(at.root, 'env'))), ['instrumented']);
      python(inside, '-I', '-c', 'pass');
      assert.deepEqual(reported(at), [join(at.root, 'env')]);
    } finally {
      spawnSync('umount', [at.python.stdlib]);
    }
  });

  it('as root runs and writes what belongs to an account with the rights of that account', (t) => {
    if (process.getuid?.() !== 0) return t.skip('needs root');
    const uid = 65534;
    const at = bench();
    makeEnvironment(at.python, join(at.root, 'env'));
    const secret = writeScript(at.root, 'of-root.txt', 'untouched');
    chmodSync(secret, 0o600);
    const site = join(
      at.root,
      'env',
      'lib',
      `python${at.python.version.split('.').slice(0, 2).join('.')}`,
      'site-packages',
    );
    // The owner put a program of its own in the place of the interpreter.
    const trap = join(at.root, 'env', 'bin', 'python3.99');
    writeFileSync(
      trap,
      `#!/bin/sh\nid -u > ${join(at.root, 'env', 'who')}\necho x > ${secret}\nexec ${at.python.executable} "$@"\n`,
    );
    chmodSync(trap, 0o755);
    spawnSync('chown', ['-R', `${uid}:${uid}`, join(at.root, 'env')]);
    if (spawnSync(at.python.executable, ['-c', 'pass'], { uid, gid: uid }).status !== 0)
      return t.skip('other accounts cannot run this Python');
    if (spawnSync(process.execPath, ['-e', '0'], { uid, gid: uid }).status !== 0)
      return t.skip('other accounts cannot run this Node');
    assert.deepEqual(outcomes(agent(at, 'install', join(at.root, 'env'))), ['instrumented']);
    assert.equal(lstatSync(join(site, 'zz_sentinel.pth')).uid, uid);
    assert.deepEqual(outcomes(agent(at, 'uninstall', join(at.root, 'env'))), ['removed']);
    chownSync(site, 0, 0);
    assert.equal(readFileSync(secret, 'utf8'), 'untouched');
  });

  it('as root writes nothing of root where the program of another account says so', (t) => {
    if (process.getuid?.() !== 0) return t.skip('needs root');
    const at = bench();
    chmodSync(at.root, 0o755);
    const target = join(at.root, 'of-root', 'planted.py');
    mkdirSync(join(at.root, 'of-root'), { mode: 0o755 });
    const version = at.python.version.split('.').map(Number);
    const plan = {
      interpreter: {
        executable: '/x',
        implementation: 'cpython',
        version,
        cacheTag: null,
        isBase: true,
        isSupported: true,
        stdlib: '/x',
        sitePackages: [],
        canWriteStdlib: true,
      },
      install: [{ path: target, text: 'anything' }],
      remove: [],
    };
    const trap = join(at.root, 'trap', 'bin', 'python3');
    mkdirSync(join(at.root, 'trap', 'bin'), { recursive: true });
    writeFileSync(trap, `#!/bin/sh\necho '${JSON.stringify(plan)}'\n`);
    chmodSync(trap, 0o755);
    spawnSync('chown', ['-R', '65534:65534', join(at.root, 'trap')]);
    const program = join(import.meta.dirname, 'main.ts');
    const { stdout } = spawnSync(process.execPath, [program, 'install', trap, '--json', '--data', at.data], {
      encoding: 'utf8',
    });
    assert.doesNotMatch(stdout, /"outcome":"instrumented"/);
    assert.equal(existsSync(target), false);
  });

  it('says what it cannot do anything with', () => {
    const at = bench();
    const program = join(import.meta.dirname, 'main.ts');
    const run = (...args: string[]) =>
      spawnSync(process.execPath, [program, ...args, '--data', at.data], { encoding: 'utf8' });
    assert.match(run('install', at.data).stderr, /is no Python, no environment and no folder of an interpreter/);
    assert.match(run('install').stderr, /name interpreters or environments, or say --all/);
    const broken = join(at.root, 'broken');
    mkdirSync(join(broken, 'bin'), { recursive: true });
    writeFileSync(join(broken, 'pyvenv.cfg'), 'home = /nowhere\n');
    writeFileSync(join(broken, 'bin', 'python'), 'no program');
    chmodSync(join(broken, 'bin', 'python'), 0o755);
    assert.deepEqual(outcomes(agent(at, 'install', broken)), ['cannot-run']);
  });
});
