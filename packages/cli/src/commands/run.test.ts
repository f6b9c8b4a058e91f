import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { RunReport } from '@sentinel/protocol';

const SENTINEL = join(import.meta.dirname, '..', '..', 'bin', 'sentinel.js');

describe('sentinel run', () => {
  let folder: string;
  let env: NodeJS.ProcessEnv;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-cli-'));
    // Own folders for temporary files and data: what is left behind can be seen.
    env = { ...process.env, SENTINEL_DATA: join(folder, 'data'), TMPDIR: folder, LANG: 'C.UTF-8', LC_ALL: 'C.UTF-8' };
    delete env['FORCE_COLOR'];
    delete env['NO_COLOR'];
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const script = (name: string, text: string) => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };
  const sentinel = (args: readonly string[], input?: string | Buffer) =>
    spawnSync(process.execPath, [SENTINEL, 'run', ...args], {
      env,
      cwd: folder,
      ...(input === undefined ? {} : { input }),
      maxBuffer: 2 ** 26,
    });
  const jsonOf = (stdout: Buffer) => RunReport.parse(JSON.parse(stdout.toString().trimEnd().split('\n').at(-1) ?? ''));

  it('has the exit code of the program', () => {
    for (const code of [0, 1, 3, 255])
      assert.equal(sentinel(['--', 'python3', '-c', `raise SystemExit(${code})`]).status, code);
    assert.equal(sentinel(['--quiet', '--', 'sh', '-c', 'exit 7']).status, 7);
  });

  it('ends by the signal that ended the program', () => {
    for (const signal of ['SIGTERM', 'SIGKILL', 'SIGINT', 'SIGHUP'] as const) {
      const result = sentinel([
        '--json',
        '--',
        'python3',
        '-c',
        `import os,signal; signal.signal(signal.SIGINT, signal.SIG_DFL); os.kill(os.getpid(), signal.${signal})`,
      ]);
      assert.equal(result.signal, signal);
      const { run } = jsonOf(result.stdout);
      assert.deepEqual([run?.exitRoute, run?.exitSignal, run?.status], ['signal', signal, 'ended']);
    }
  });

  it('passes signals on and reports what the program made of them', async () => {
    const path = script(
      'waits.py',
      'import signal,sys,time\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(42))\nprint("up", flush=True)\ntime.sleep(60)\n',
    );
    const child = spawn(process.execPath, [SENTINEL, 'run', '--quiet', '--', 'python3', path], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await once(child.stdout, 'data');
    child.kill('SIGTERM');
    const [code] = (await once(child, 'exit')) as [number];
    assert.equal(code, 42);
  });

  it('does not double a Ctrl-C of a terminal', () => {
    const program = script(
      'counts.py',
      'import signal,time\nn=[0]\ndef on(*_): n[0]+=1\nsignal.signal(signal.SIGINT,on)\nprint("up",flush=True)\nend=time.time()+1.5\nwhile time.time()<end: time.sleep(0.05)\nprint("interrupts:",n[0],flush=True)\n',
    );
    // A real terminal: the kernel turns the character into signals for the whole group.
    const driver = script(
      'terminal.py',
      `import os,pty,sys
pid,fd=pty.fork()
if pid==0: os.execv(sys.argv[1],sys.argv[1:])
seen=b""
sent=False
while True:
    try: part=os.read(fd,4096)
    except OSError: break
    if not part: break
    seen+=part
    if b"up" in seen and not sent:
        sent=True
        os.write(fd,b"\\x03")
os.waitpid(pid,0)
sys.stdout.buffer.write(seen)
`,
    );
    const result = spawnSync(
      'python3',
      [driver, process.execPath, SENTINEL, 'run', '--quiet', '--', 'python3', program],
      { env, encoding: 'utf8' },
    );
    assert.match(result.stdout, /interrupts: 1\b/);
  });

  it('leaves every byte of input and output as it is', () => {
    const path = script(
      'bytes.py',
      'import sys\ndata=sys.stdin.buffer.read()\nsys.stdout.buffer.write(bytes(range(256))*4000+data[::-1])\nsys.stderr.buffer.write(b"\\xff\\x00err"*1000)\nsys.exit(5)\n',
    );
    const input = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 7) % 256));
    const bare = spawnSync('python3', [path], { input, env, maxBuffer: 2 ** 26 });
    const quiet = sentinel(['--quiet', '--', 'python3', path], input);
    assert.ok(bare.stdout.equals(quiet.stdout));
    assert.ok(bare.stderr.equals(quiet.stderr));
    assert.equal(quiet.status, bare.status);

    const told = sentinel(['--', 'python3', path], input);
    assert.ok(told.stdout.equals(bare.stdout), 'the report never goes to standard output');
    assert.ok(told.stderr.subarray(0, bare.stderr.length).equals(bare.stderr));

    const json = sentinel(['--json', '--', 'python3', path], input);
    assert.ok(json.stdout.subarray(0, bare.stdout.length).equals(bare.stdout));
    assert.match(json.stdout.subarray(bare.stdout.length).toString(), /^\n\{[^\n]*\}\n$/);
    assert.ok(json.stderr.equals(bare.stderr));
  });

  it('prints one object with run, activities and children', () => {
    const path = script(
      'works.py',
      `import json, subprocess, sys\nopen(${JSON.stringify(join(folder, 'out.txt'))}, 'w').write('x' * 10)\nsubprocess.run([sys.executable, '-c', 'import csv'], check=True)\n`,
    );
    const { run, activities, children, decisions, findings } = jsonOf(
      sentinel(['--json', '--', 'python3', path, '--flag', 'x']).stdout,
    );
    assert.deepEqual(
      [run?.script.name, run?.script.kind, run?.exitRoute, run?.exitCode, run?.argumentCount],
      ['works.py', 'file', 'finished', 0, 2],
    );
    assert.ok(
      activities.some(
        ({ type, attributes }) => type === 'file.open' && attributes['file.path'] === join(folder, 'out.txt'),
      ),
    );
    assert.ok(activities.some(({ type }) => type === 'process.spawn'));
    assert.deepEqual(
      children.map(({ run: child }) => [child.script.kind, child.parentRunId]),
      [['command', run?.id]],
    );
    assert.deepEqual([decisions, findings], [[], []]);
  });

  it('writes the report to a file and then says nothing', () => {
    for (const [name, args, check] of [
      ['r.json', [], (text: string) => assert.equal(RunReport.parse(JSON.parse(text)).run?.script.name, '(command)')],
      ['r.txt', [], (text: string) => assert.match(text, /\(command\) {2}exit code 0/)],
      ['r.out', ['--json'], (text: string) => assert.ok(RunReport.parse(JSON.parse(text)))],
    ] as const) {
      const file = join(folder, name);
      const result = sentinel([...args, '--report', file, '--', 'python3', '-c', 'print("hi")']);
      assert.deepEqual([result.stdout.toString(), result.stderr.toString()], ['hi\n', '']);
      check(readFileSync(file, 'utf8'));
    }
  });

  it('says why it may have observed nothing', () => {
    for (const args of [
      ['sh', '-c', 'exit 4'],
      ['python3', '-I', '-c', 'raise SystemExit(4)'],
    ]) {
      const result = sentinel(['--json', '--', ...args]);
      const report = jsonOf(result.stdout);
      assert.deepEqual([result.status, report.run], [4, null]);
      assert.match(report.notObserved ?? '', /-I, -E or -S/);
    }
    assert.match(sentinel(['--', 'sh', '-c', 'exit 4']).stderr.toString(), /not observed {2}exit code 4/);
  });

  it('ends with 127 for a program that is missing and 126 for one that may not be executed', () => {
    const missing = sentinel(['--', 'no-such-program-here']);
    assert.deepEqual(
      [missing.status, missing.stdout.toString(), missing.stderr.toString()],
      [127, '', 'sentinel run: no-such-program-here: no such program\n'],
    );
    const path = script('plain.sh', 'exit 0\n');
    chmodSync(path, 0o644);
    const forbidden = sentinel(['--', path]);
    assert.equal(forbidden.status, 126);
    assert.match(forbidden.stderr.toString(), /may not be executed/);
  });

  it('takes options behind the program for the program', () => {
    const result = sentinel(['--quiet', 'python3', '-c', 'import sys; print(sys.argv[1:])', '--json', '--help']);
    assert.equal(result.stdout.toString(), "['--json', '--help']\n");
  });

  it('gives plain text in a pipe and colours where they are forced', () => {
    const plain = sentinel(['--', 'python3', '-c', 'open("/etc/hostname").read()']).stderr.toString();
    assert.ok(!plain.includes('\u001B'));
    assert.match(plain, /Files {2}1 file read/);
    const forced = spawnSync(process.execPath, [SENTINEL, 'run', '--', 'python3', '-c', ''], {
      env: { ...env, FORCE_COLOR: '1' },
      encoding: 'utf8',
    });
    assert.ok(forced.stderr.includes('\u001B['));
  });

  it('leaves nothing behind', () => {
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith('sentinel-run-')),
      [],
    );
    assert.ok(!existsSync(join(folder, 'data')));
  });

  it('explains itself with examples', () => {
    const help = sentinel(['--help']).stdout.toString();
    assert.match(help, /Examples:\n {2}sentinel run -- python3/);
  });
});
