import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { afterEach, describe, it } from 'node:test';
import { isProcessAlive, processStartTicks } from '@sentinel/capture';
import { stopRun } from './stop-run.ts';

const RUN = '01900000-0000-7000-8000-000000000001';

describe('stopping a run', () => {
  const children: ChildProcess[] = [];
  afterEach(() => {
    for (const child of children.splice(0)) child.kill('SIGKILL');
  });

  /** Starts Python and waits for its first line. */
  const start = async (program: string) => {
    const child = spawn('python3', ['-c', program], { stdio: ['ignore', 'pipe', 'inherit'] });
    children.push(child);
    const [line] = (await once(createInterface(child.stdout), 'line')) as [string];
    return { child, pid: child.pid ?? 0, line };
  };

  it('lets a run end by itself, which then says how', async () => {
    const { child, pid } = await start(
      'import signal, sys, time\nsignal.signal(signal.SIGTERM, lambda *_: sys.exit(3))\nprint("up", flush=True)\ntime.sleep(300)',
    );
    const exit = once(child, 'exit');

    assert.equal(await stopRun({ runId: RUN, pid, startedAtMs: Date.now() }), 'ended 1 process, 0 by force');

    assert.deepEqual(await exit, [3, null]);
  });

  it('ends children and their children, also those that left their parent, by force where they do not listen', async () => {
    const { child, pid, line } = await start(`
import os, signal, subprocess, sys, time
deaf = "import os, signal, subprocess, sys, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); grandchild = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(300)']); print(os.getpid(), grandchild.pid, flush=True); time.sleep(300)"
first = subprocess.Popen([sys.executable, "-c", deaf], stdout=subprocess.PIPE, start_new_session=True)
print(first.stdout.readline().decode().strip(), flush=True)
time.sleep(300)`);
    const exit = once(child, 'exit');
    const below = line.split(' ').map(Number);
    assert.equal(below.length, 2);

    assert.equal(await stopRun({ runId: RUN, pid, startedAtMs: Date.now() }), 'ended 3 processes, 2 by force');

    assert.deepEqual(await exit, [null, 'SIGTERM']);
    for (const one of below) assert.equal(processStartTicks(one), undefined);
  });

  it('leaves a process alone that got the id of a run that is gone', async () => {
    const { child, pid } = await start('import time\nprint("up", flush=True)\ntime.sleep(300)');
    const hourAgo = Date.now() - 3_600_000;

    assert.equal(await stopRun({ runId: RUN, pid, startedAtMs: hourAgo }), 'the run had ended before');

    assert.ok(isProcessAlive(pid));
    assert.equal(child.exitCode, null);
    await assert.rejects(stopRun({ runId: RUN, pid: 1, startedAtMs: Date.now() }), /not one that can be stopped/);
    await assert.rejects(stopRun({ runId: RUN, pid: process.pid, startedAtMs: Date.now() }), /not one that can be/);
  });
});
