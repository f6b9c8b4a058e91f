import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, test } from 'node:test';

const SENTINEL = join(import.meta.dirname, '..', '..', 'packages', 'cli', 'bin', 'sentinel.js');
const folder = mkdtempSync(join(tmpdir(), 'sentinel-refusals-'));
after(() => rmSync(folder, { recursive: true, force: true }));

function up(...options: string[]) {
  return spawnSync(process.execPath, [SENTINEL, 'up', '--data', join(folder, 'data'), ...options], {
    encoding: 'utf8',
  });
}

test('sentinel up says in a sentence that its port is taken, and ends with exit code 1', async () => {
  const holder = createServer().listen(0, '127.0.0.1');
  await once(holder, 'listening');
  const { port } = holder.address() as AddressInfo;
  const { status, stdout } = up('--port', String(port));
  holder.close();
  assert.equal(status, 1);
  assert.match(stdout, new RegExp(`! The server ended .*port ${port} .*in use`));
});

test('sentinel up refuses a port that is none', () => {
  const { status, stderr } = up('--port', '70000');
  assert.equal(status, 1);
  assert.match(stderr, /must be 0 to 65535/);
});
