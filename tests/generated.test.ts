import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

test('no generated file is stale', () => {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['tools/generate.ts', '--check'], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  assert.equal(status, 0, stdout + stderr);
  assert.match(stdout, /^\d+ generated files, 0 stale$/m);
});
