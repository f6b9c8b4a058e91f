import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { globSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { AgentStatus, FindingRow } from '@sentinel/protocol';
import { ProbeWriter } from '../../packages/agent/src/testing/probe-writer.ts';
import { copyPython, makeEnvironment } from '../../packages/agent/src/testing/python-copy.ts';
import { eventually } from '../support/eventually.ts';
import { type Program, startProgram } from '../support/program.ts';
import { signedInFetch } from '../support/signed-in-fetch.ts';

const SENTINEL = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'sentinel.js');
/** What the finding may take, tested as it is promised. */
const WITHIN_MS = 5 * 60_000;
const folder = realpathSync(mkdtempSync(join(tmpdir(), 'sentinel-tampering-')));
const data = join(folder, 'data');
const inbox = join(data, 'agent', 'inbox');
const programs: Program[] = [];

after(async () => {
  for (const program of programs.reverse()) await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

test('a probe removed, a canary missed and records that vanish are findings within five minutes', {
  timeout: 1_200_000,
}, async (t) => {
  const python = copyPython(join(folder, 'python'));
  const environment = join(folder, 'env');
  const interpreter = makeEnvironment(python, environment);
  const installed = spawnSync(
    process.execPath,
    [SENTINEL, 'agent', 'install', interpreter, python.executable, '--data', data],
    { encoding: 'utf8' },
  );
  assert.equal(installed.status, 0, installed.stdout + installed.stderr);
  // All files of the probe stay as they are, and it does not start: it believes that it runs already.
  writeFileSync(join(python.stdlib, 'site-packages', 'aa.pth'), 'import sys; sys._sentinel_probe = None\n');

  const server = startProgram(
    'packages/server/src/main.ts',
    ['--data', join(folder, 'server'), '--port', '0'],
    join(folder, 'server.log'),
  );
  programs.push(server);
  const ready = await server.message('ready');
  const url = ready['url'] ?? '';
  const read = await signedInFetch(url, ready['signInUrl'] ?? '');
  const agent = startProgram(
    'packages/agent/src/main.ts',
    ['--data', data, '--server', url, '--token', ready['enrolmentToken'] ?? ''],
    join(folder, 'agent.log'),
  );
  programs.push(agent);
  await agent.message('ready');
  const started = performance.now();
  const found = (text: RegExp) =>
    eventually(WITHIN_MS, async () => {
      const { items } = await read<{ items: FindingRow[] }>('/findings?ruleId=endpoint-tampering&state=all');
      assert.ok(
        items.some(({ title }) => text.test(title)),
        JSON.stringify(items.map(({ title }) => title)),
      );
      return Math.round((performance.now() - started) / 1000);
    });

  const canaryS = await found(/whose daily test run nobody reported/);
  const run = new ProbeWriter(inbox, { 'process.pid': process.pid });
  run.activity();
  await eventually(WITHIN_MS, () => {
    const { status } = JSON.parse(
      spawnSync(process.execPath, [SENTINEL, 'agent', 'status', '--json', '--data', data], { encoding: 'utf8' }).stdout,
    ) as { status: AgentStatus };
    assert.ok(status.counters.runsOpen > 0);
  });
  rmSync(run.path);
  const [door = ''] = globSync(join(environment, 'lib', '*', 'site-packages', '*.pth'));
  assert.notEqual(door, '');
  rmSync(door);
  const tamperedS = Math.round((performance.now() - started) / 1000);
  const [gapS, probeS] = [await found(/lost records of a run/), await found(/lost a file of the probe/)];
  t.diagnostic(
    `canary ${canaryS} s after the start of the agent; records ${gapS - tamperedS} s, probe ${probeS - tamperedS} s after they were removed`,
  );
  assert.equal(globSync(door).length, 1, 'and the agent put it back');
});
