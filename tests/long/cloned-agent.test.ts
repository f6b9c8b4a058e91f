import assert from 'node:assert/strict';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import type { Endpoint } from '@sentinel/protocol';
import { eventually } from '../support/eventually.ts';
import { type Program, startProgram } from '../support/program.ts';
import { signedInFetch } from '../support/signed-in-fetch.ts';

const folder = mkdtempSync(join(tmpdir(), 'sentinel-clone-'));
const programs: Program[] = [];

after(async () => {
  for (const program of programs.reverse()) await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

function start(file: string, name: string, args: readonly string[]): Program {
  const program = startProgram(file, ['--data', join(folder, name), ...args], join(folder, `${name}.log`));
  programs.push(program);
  return program;
}

test('an agent that was copied to another computer is seen within a minute, and both go on being heard', async (t) => {
  const server = start('packages/server/src/main.ts', 'server', ['--port', '0']);
  const ready = await server.message('ready');
  const url = ready['url'] ?? '';
  const read = await signedInFetch(url, ready['signInUrl'] ?? '');
  const only = async () => (await read<{ items: Endpoint[] }>('/endpoints')).items[0] ?? assert.fail();
  const token = ready['enrolmentToken'] ?? '';
  const original = start('packages/agent/src/main.ts', 'original', ['--server', url, '--token', token]);
  await original.message('ready');
  assert.equal((await only()).trust?.isCloned, false);
  cpSync(join(folder, 'original'), join(folder, 'copy'), {
    recursive: true,
    filter: (path) => !path.endsWith('/agent/lock'),
  });

  const started = performance.now();
  await start('packages/agent/src/main.ts', 'copy', []).message('ready');

  const { trust } = await eventually(120_000, async () => {
    const endpoint = await only();
    assert.equal(endpoint.trust?.isCloned, true);
    return endpoint;
  });
  t.diagnostic(`seen after ${Math.round((performance.now() - started) / 1000)} s`);
  assert.equal(trust?.clones.length, 2);
  const seen = new Map(trust.clones.map(({ bootId, seenAt }) => [bootId, seenAt]));
  await eventually(120_000, async () => {
    const { trust: later } = await only();
    for (const { bootId, seenAt } of later?.clones ?? []) assert.notEqual(seenAt, seen.get(bootId));
  });
});
