import assert from 'node:assert/strict';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, it } from 'node:test';
import { takeLock } from './lock.ts';

describe('lock', () => {
  let folder: string;
  let path: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'sentinel-lock-'));
    path = join(folder, 'lock');
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('holds the process id and goes with its holder', () => {
    const release = takeLock(path);
    assert.equal(Number.parseInt(readFileSync(path, 'utf8'), 10), process.pid);
    assert.throws(() => takeLock(path), /already runs on this data folder/);
    release();
    assert.ok(!existsSync(path));
  });

  it('is taken over from a process that is gone, from one whose id was given anew, and from rubbish', () => {
    for (const stale of [`${2 ** 22 + 1}\n`, `${process.pid} 1\n`, 'rubbish', '']) {
      writeFileSync(path, stale);
      takeLock(path)();
      assert.ok(!existsSync(path));
    }
  });
});
