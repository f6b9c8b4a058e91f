import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, test } from 'node:test';

const PROBE = join(import.meta.dirname, '..', 'probe');
const OLDEST_MINOR = 8;

/** The machine's default Python and, where installed, the oldest and the newest that the probe supports. */
function pythons(): Map<string, string> {
  const found = new Map<string, string>();
  for (const command of ['python3', ...Array.from({ length: 12 }, (_, i) => `python3.${OLDEST_MINOR + i}`)]) {
    const { status, stdout } = spawnSync(command, ['-c', 'import sys; print(sys.version.split()[0])'], { encoding: 'utf8' });
    if (status === 0 && Number(stdout.split('.')[1]) >= OLDEST_MINOR) found.set(stdout.trim(), command);
  }
  return found;
}

describe('the probe passes its own tests', () => {
  for (const [version, command] of pythons()) {
    test(`on Python ${version}`, { timeout: 600_000 }, () => {
      const { status, stdout, stderr } = spawnSync(command, ['-m', 'unittest', 'discover', '-s', join(PROBE, 'tests'), '-t', PROBE], {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      });
      assert.equal(status, 0, `${stdout}\n${stderr}`.slice(-12_000));
      assert.match(stderr, /^Ran [1-9]\d* tests? in/m);
    });
  }
});
