import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';
import { eventually } from '../support/eventually.ts';
import { type Program, startProgram } from '../support/program.ts';

const folder = mkdtempSync(join(tmpdir(), 'sentinel-pin-'));
const programs: Program[] = [];

after(async () => {
  for (const program of programs) await program.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function startServer(name: string) {
  const log = join(folder, `${name}.log`);
  const server = startProgram(
    'packages/server/src/main.ts',
    ['--data', join(folder, name), '--port', '0', '--tls', 'on'],
    log,
  );
  programs.push(server);
  const ready = await server.message('ready');
  const pin = await eventually(
    5000,
    () => /"pin":"(sha256:[0-9a-f]{64})"/.exec(readFileSync(log, 'utf8'))?.[1] ?? assert.fail('no pin is told'),
  );
  return { url: ready['url'] ?? '', token: ready['enrolmentToken'] ?? '', pin };
}

function startAgent(name: string, args: readonly string[]): Program {
  const agent = startProgram(
    'packages/agent/src/main.ts',
    ['--data', join(folder, name), ...args],
    join(folder, `${name}.log`),
  );
  programs.push(agent);
  return agent;
}

test('an agent speaks to the server whose certificate it was told, and to no other', async () => {
  const server = await startServer('server');
  const other = await startServer('other');
  const told = ['--server', server.url, '--token', server.token];

  const unpinned = await startAgent('unpinned', told).message('ready');
  const wrong = await startAgent('wrong', [...told, '--server-pin', other.pin]).message('ready');
  assert.deepEqual([unpinned['offline'], wrong['offline']], [true, true]);
  assert.match(readFileSync(join(folder, 'wrong.log'), 'utf8'), /does not show the pinned certificate/);

  const agent = startAgent('right', [...told, '--server-pin', server.pin.toUpperCase().replace('SHA256', 'sha256')]);
  const { endpointId } = await agent.message('ready');
  assert.match(endpointId ?? '', /^[0-9a-f-]{36}$/);
  await agent.stop();

  const again = await startAgent('right', []).message('ready');
  assert.equal(again['endpointId'], endpointId, 'the pin is remembered');
});
