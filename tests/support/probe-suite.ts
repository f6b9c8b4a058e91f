import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';
import type { Python } from './pythons.ts';

const PROBE = join(import.meta.dirname, '..', '..', 'probe');

/** Declares a test that runs the probe's own suite on one Python. */
export function testProbeOn({ command, version }: Python): void {
  test(`the probe passes its own tests on Python ${version}`, { timeout: 600_000 }, (t) => {
    const { status, stdout, stderr } = spawnSync(
      command,
      ['-m', 'unittest', 'discover', '-s', join(PROBE, 'tests'), '-t', PROBE],
      {
        encoding: 'utf8',
        maxBuffer: 64 * 1024 * 1024,
      },
    );
    assert.equal(status, 0, `${stdout}\n${stderr}`.slice(-12_000));
    const ran = /^Ran [1-9]\d* tests? in .*$/m.exec(stderr);
    assert.ok(ran, stderr);
    t.diagnostic(ran[0]);
  });
}
