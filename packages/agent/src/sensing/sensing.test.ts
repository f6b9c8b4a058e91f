import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { until } from '../testing/agent-process.ts';
import { commandShape } from './command-shape.ts';
import { openSensor } from './open-sensor.ts';
import { openPollingSensor } from './polling-sensor.ts';
import type { ObservedStart } from './process-sensor.ts';
import { instanceNames, openTraceInstance } from './trace-instance.ts';
import { parseTraceLine } from './trace-line.ts';

const folder = mkdtempSync(join(tmpdir(), 'sentinel-sensing-'));
after(() => rmSync(folder, { recursive: true, force: true }));

const python = execFileSync('python3', ['-c', 'import sys; print(sys.executable)'], { encoding: 'utf8' }).trim();
const skip = canTrace() ? false : 'needs root on Linux and a kernel that allows tracing';

test('of a command line only the options before the program are kept', () => {
  const cases: [string, ReturnType<typeof commandShape>][] = [
    ['python3 -I -S report.py -S --password x', { flags: ['I', 'S'], input: 'script' }],
    ['python3 -ISc secret -V', { flags: ['I', 'S'], input: 'command' }],
    ['python3 -Wignore -X dev -W error -m tool -S', { flags: [], input: 'module' }],
    ['python3 -mtool', { flags: [], input: 'module' }],
    ['python3 --check-hash-based-pycs always -B x.py', { flags: ['B'], input: 'script' }],
    ['python3 -VV', { flags: ['V', 'V'], input: 'none' }],
    ['python3 --version', { flags: ['--version'], input: 'none' }],
    ['python3 -Z', { flags: ['?'], input: 'none' }],
    ['python3 -', { flags: [], input: 'stdin' }],
    ['python3', { flags: [], input: 'stdin' }],
  ];
  for (const [line, shape] of cases) assert.deepEqual(commandShape(line.split(' ')), shape, line);
});

test('a line of the trace is read whatever the path holds, and a thread that ends is no process that ends', () => {
  const head = '          python-22166   [000] ..... 15943.766876: ';
  assert.deepEqual(parseTraceLine(`${head}sched_process_exec: filename=/a b/x pid=7 y pid=22166 old_pid=22166`), {
    kind: 'exec',
    timeS: 15943.766876,
    path: '/a b/x pid=7 y',
    pid: 22166,
  });
  const exit = `${head}sched_process_exit: comm=py pid=1 pid=9 prio=120`;
  assert.deepEqual(parseTraceLine(`${exit} group_dead=true`), { kind: 'exit', timeS: 15943.766876, pid: 9 });
  assert.deepEqual(parseTraceLine(exit), { kind: 'exit', timeS: 15943.766876, pid: 9 });
  assert.equal(parseTraceLine(`${exit} group_dead=false`), undefined);
  assert.equal(parseTraceLine('CPU:0 [LOST 12 EVENTS]'), undefined);
});

test('the kernel tells of every start, with its options and environment, and of nothing twice', { skip }, async () => {
  const environment = join(folder, 'env');
  mkdirSync(join(environment, 'bin'), { recursive: true });
  symlinkSync(python, join(environment, 'bin', 'python'));
  writeFileSync(join(environment, 'pyvenv.cfg'), `home = ${join(python, '..')}\n`);
  const script = (name: string, interpreter: string) => {
    const path = join(folder, name);
    writeFileSync(path, `#!${interpreter}\npass\n`);
    chmodSync(path, 0o755);
    return path;
  };
  const direct = script('direct', join(environment, 'bin', 'python'));
  const byEnv = script('by-env', '/usr/bin/env real-python');
  symlinkSync(python, join(folder, 'real-python'));
  const shell = join(folder, 'shim');
  writeFileSync(shell, `#!/bin/sh\nexec env real-python "$@"\n`);
  chmodSync(shell, 0o755);

  const seen: ObservedStart[] = [];
  const ends: number[] = [];
  const sensor = await openSensor({
    hosts: [],
    listener: { onStart: (start) => seen.push(start), onEnd: (pid) => ends.push(pid) },
  });
  const env = { ...process.env, PATH: `${folder}:${process.env['PATH']}` };
  const pids: number[] = [];
  const run = (program: string, ...args: string[]) => pids.push(spawnSync(program, args, { env, input: '' }).pid);
  const before = Date.now();
  try {
    run(python, '-S', '-c', 'pass');
    run(join(environment, 'bin', 'python'), '-I', '-c', 'pass');
    run(direct, 'argument');
    run(byEnv);
    run(shell, '-S', '-c', 'import os, sys; os.execv(sys.executable, [sys.executable, "-E", "-c", "pass"])');
    await until('the last end is told', () => pids.every((pid) => ends.includes(pid)));
    const health = sensor.health();
    assert.equal(health.kind, 'kernel');
    assert.equal(health.lost, 0);
    assert.ok(health.execs >= 9, `${health.execs} execs`);
  } finally {
    await sensor.close();
  }
  const ours = seen.filter(({ pid }) => pids.includes(pid));
  const executable = ours[0]?.executable;
  assert.deepEqual(
    ours.map(({ pid, flags, input, environment: prefix, isUnread, isElsewhere }) => [
      pids.indexOf(pid),
      flags.join(''),
      input,
      prefix,
      isUnread,
      isElsewhere,
    ]), // prettier-ignore
    [
      [0, 'S', 'command', undefined, false, false],
      [1, 'I', 'command', environment, false, false],
      [2, '', 'script', environment, false, false],
      [3, '', 'script', undefined, false, false],
      [4, 'S', 'command', undefined, false, false],
      [4, 'E', 'command', undefined, false, false],
    ],
  );
  for (const start of ours) {
    assert.equal(start.executable, executable);
    assert.ok(start.timeMs >= before - 50 && start.timeMs <= Date.now(), 'the time is that of the wall');
  }
});

test('an instance that a dead agent left is removed by the next', { skip }, () => {
  const code = `const { openTraceInstance } = await import(${JSON.stringify(new URL('./trace-instance.ts', import.meta.url).href)}); openTraceInstance(); process.kill(process.pid, 'SIGKILL')`;
  const { pid, signal } = spawnSync(process.execPath, ['--input-type=module', '-e', code]);
  assert.equal(signal, 'SIGKILL');
  const instance = openTraceInstance();
  instance.close();
  assert.deepEqual(
    instanceNames().filter((name) => name.startsWith(`sentinel-${pid}-`)),
    [],
  );
});

test('without the kernel runs are sampled, and the sensor says so', async (t) => {
  if (process.platform !== 'linux') return t.skip('reads /proc');
  const seen: ObservedStart[] = [];
  const ends: number[] = [];
  const sensor = openPollingSensor('no rights', [], {
    onStart: (start) => seen.push(start),
    onEnd: (pid) => ends.push(pid),
  });
  try {
    const { pid } = spawnSync('sleep', ['0']);
    assert.ok(pid > 0);
    const { spawn } = await import('node:child_process');
    const child = spawn(python, ['-I', '-c', 'import time; time.sleep(1)']);
    await until('it is seen', () => seen.some((start) => start.pid === child.pid));
    await until('its end is seen', () => ends.includes(child.pid ?? 0));
    assert.deepEqual(
      seen.filter((start) => start.pid === child.pid).map(({ flags, input }) => [flags, input]),
      [[['I'], 'command']],
    );
    const { kind, note, lost } = sensor.health();
    assert.deepEqual({ kind, note, lost }, { kind: 'sampled', note: 'no rights', lost: 0 });
  } finally {
    await sensor.close();
  }
});

test('where no sensor is built, it says so', async () => {
  for (const platform of ['darwin', 'win32'] as const) {
    const sensor = await openSensor({
      hosts: [],
      platform,
      listener: { onStart: () => undefined, onEnd: () => undefined },
    }); // prettier-ignore
    assert.equal(sensor.health().kind, 'none');
    assert.match(sensor.health().note ?? '', /not sensed on (?:macOS|Windows)/);
    await sensor.close();
  }
});

function canTrace(): boolean {
  if (process.platform !== 'linux' || process.getuid?.() !== 0) return false;
  const probe = mkdtempSync(join(tmpdir(), 'sentinel-can-trace-'));
  try {
    openTraceInstance().close();
    return true;
  } catch {
    return false;
  } finally {
    rmSync(probe, { recursive: true, force: true });
  }
}
