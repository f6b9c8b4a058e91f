import assert from 'node:assert/strict';
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { globSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { createEnrichment } from '../../packages/capture/src/enrichment.ts';
import { ProbeFile } from '../../packages/capture/src/probe-file.ts';
import { eventually } from '../support/eventually.ts';
import { defaultPython, installedPythons } from '../support/pythons.ts';

const SENTINEL = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'sentinel.js');
const newest = installedPythons().findLast(({ version }) => Number(version.split('.')[1]) >= 14);
const skip = process.platform !== 'linux' || newest === undefined ? 'needs CPython 3.14 or newer on Linux' : false;
const folder = mkdtempSync(join(tmpdir(), 'sentinel-attach-'));
const data = join(folder, 'data');
const children: ChildProcess[] = [];

after(() => {
  for (const child of children) child.kill('SIGKILL');
  rmSync(folder, { recursive: true, force: true });
});

/** A run that goes on, opening a file again and again. */
async function startRun(command: string, options: { args?: string[]; uid?: number } = {}): Promise<number> {
  const target = JSON.stringify(join(folder, 'table.csv'));
  const code = `import time\nprint("up", flush=True)\nfor _ in range(6000):\n    time.sleep(0.05)\n    open(${target}, "w").close()`;
  const child = spawn(command, [...(options.args ?? []), '-c', code], {
    stdio: ['ignore', 'pipe', 'inherit'],
    ...(options.uid === undefined ? {} : { uid: options.uid }),
  });
  children.push(child);
  await once(child.stdout, 'data');
  return child.pid ?? 0;
}

function attach(pid: number): { status: number | null; kind: string; reason?: string } {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    [SENTINEL, 'agent', 'attach', String(pid), '--data', data, '--json'],
    { encoding: 'utf8' },
  );
  assert.notEqual(stdout, '', stderr);
  return { status, ...(JSON.parse(stdout) as { kind: string; reason?: string }) };
}

test('a run that goes on gets the probe, once, and what it does from then on is seen', { skip }, async () => {
  const pid = await startRun(newest?.command ?? '');
  assert.deepEqual(
    [attach(pid)].map(({ status, kind }) => [status, kind]),
    [[0, 'attached']],
  );
  const [path = ''] = globSync(join(data, 'agent', 'inbox', '*.probe'));
  await eventually(60_000, () => {
    const file = new ProbeFile(path, createEnrichment());
    file.read();
    const run = file.assembler.currentRun();
    assert.deepEqual([run?.pid, run?.startKind, run?.status], [pid, 'attach', 'running']);
    const opened = file.assembler.currentActivities().filter(({ type }) => type === 'file.open');
    assert.deepEqual(
      opened.map(({ attributes }) => attributes['file.path']),
      [join(folder, 'table.csv')],
    );
  });
  assert.equal(attach(pid).kind, 'there-already');
  assert.equal(globSync(join(data, 'agent', 'inbox', '*.probe')).length, 1);
  assert.deepEqual(globSync(join(data, 'agent', 'inbox', 'attach-*')), []);
  assert.match(readFileSync(path, 'utf8'), /^H\t/);
});

test('what may not or cannot be attached to is refused with its reason', { skip }, async () => {
  const old = attach(await startRun(defaultPython().command));
  assert.equal(old.status, 1);
  assert.match(old.reason ?? '', /CPython 3\.14 or later is needed/);
  const closed = attach(await startRun(newest?.command ?? '', { args: ['-X', 'disable-remote-debug'] }));
  assert.match(closed.reason ?? '', /does not let itself be attached to/);
  assert.match(attach(process.pid).reason ?? '', /is no Python/);
  assert.match(attach(2 ** 22 + 1).reason ?? '', /there is no process/);
  if (process.getuid?.() === 0) {
    const foreign = spawn('sleep', ['600'], { uid: 65534 });
    children.push(foreign);
    assert.match(attach(foreign.pid ?? 0).reason ?? '', /belongs to another account/);
  }
});
