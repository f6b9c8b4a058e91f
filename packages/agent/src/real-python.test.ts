import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, it } from 'node:test';
import { probeEnvironment } from '@sentinel/capture';
import { AgentProcess, until } from './testing/agent-process.ts';
import { ReceivingServer } from './testing/receiving-server.ts';

describe('agent with real Python', () => {
  let data: string;
  let inbox: string;
  let server: ReceivingServer;
  let agent: AgentProcess;

  before(async () => {
    data = mkdtempSync(join(tmpdir(), 'sentinel-python-'));
    inbox = join(data, 'agent', 'inbox');
    mkdirSync(inbox, { recursive: true });
    server = await ReceivingServer.start();
    agent = new AgentProcess(data, ['--server', server.url, '--token', 'good']);
    await agent.ready();
  });
  after(async () => {
    await agent.end();
    await server.stop();
    rmSync(data, { recursive: true, force: true });
  });

  const python = (name: string, text: string) => {
    const path = join(data, name);
    writeFileSync(path, text);
    return spawn('python3', [path], {
      env: probeEnvironment(process.env, inbox),
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  };
  const runOf = (name: string) => server.runs.find(({ script }) => script.name === name);

  it('stores a run with its files, its exit code and its script', async () => {
    const child = python(
      'writes.py',
      `import sys\nopen(${JSON.stringify(join(data, 'out.csv'))}, 'w').write('a,b')\nsys.exit(2)\n`,
    );
    assert.deepEqual(await once(child, 'exit'), [2, null]);
    await until('the end is stored', () => runOf('writes.py')?.status === 'ended');
    const run = runOf('writes.py');
    assert.match(run?.script.sha256 ?? '', /^[0-9a-f]{64}$/);
    await until('its activity is stored', () =>
      server.activities.some(
        ({ runId, attributes }) => runId === run?.id && attributes['file.path'] === join(data, 'out.csv'),
      ),
    );
    await until('the inbox is empty', () => readdirSync(inbox).length === 0);
  });

  it('knows forks and launched Pythons as children', async () => {
    const child = python(
      'parent.py',
      'import os, subprocess, sys\npid = os.fork()\nif pid == 0:\n    open("/etc/hostname").read()\n    sys.exit(0)\nos.waitpid(pid, 0)\nsubprocess.run([sys.executable, "-c", "import csv"], check=True)\n',
    );
    await once(child, 'exit');
    await until(
      'parent and fork are stored',
      () => server.runs.filter(({ script }) => script.name === 'parent.py').length === 2,
    );
    const parent = server.runs.find(({ script, startKind }) => script.name === 'parent.py' && startKind === 'start');
    const fork = server.runs.find(({ startKind }) => startKind === 'fork');
    assert.equal(fork?.parentRunId, parent?.id);
    await until('the launched one names its parent', () => runOf('(command)')?.parentRunId === parent?.id);
  });

  it('calls a killed Python vanished and keeps what it did', async () => {
    const child = python(
      'killed.py',
      'import time\nopen("/etc/hostname").read()\nprint("up", flush=True)\ntime.sleep(60)\n',
    );
    await once(child.stdout, 'data');
    await until('it is stored as running', () => runOf('killed.py')?.status === 'running');
    child.kill('SIGKILL');
    await until('it is stored as vanished', () => runOf('killed.py')?.exitRoute === 'vanished');
    assert.deepEqual(server.problems, []);
  });
});
