/**
 * Other people's test suites with and without the probe: CPython's own on every Python here, and those of real packages.
 * Hours; results are kept in `.cache/unharmed`, so that an interrupted run goes on. See `probe/tests/unharmed`.
 */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import { installedPythons } from '../support/pythons.ts';

const PROBE = join(import.meta.dirname, '..', '..', 'probe');
const HOURS = 3_600_000;

function compare(...args: string[]): void {
  const { status, stderr } = spawnSync('python3', ['-m', 'tests.unharmed', ...args], {
    cwd: PROBE,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  assert.equal(status, 0, stderr.slice(-12_000));
}

for (const { version } of installedPythons()) {
  const minor = version.split('.').slice(0, 2).join('.');
  test(`CPython's own tests come out the same on Python ${version}`, { timeout: 4 * HOURS }, () =>
    compare('cpython', '--python', minor),
  );
}

test('the test suites of real packages come out the same', { timeout: 4 * HOURS }, () => compare('packages'));
