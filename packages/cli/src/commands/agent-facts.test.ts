import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir, userInfo } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';

const MAIN = join(import.meta.dirname, '..', 'main.ts');

test('about-me tells of scripts whose run goes on, counts those that ended, and leaves out other accounts', () => {
  const data = mkdtempSync(join(tmpdir(), 'sentinel-about-me-'));
  try {
    const { username } = userInfo();
    const line = (...runs: object[]) =>
      `${JSON.stringify({ at: '2026-11-20T10:00:00.000Z', sequence: 1, sizeBytes: 10, runs, activities: {} })}\n`;
    mkdirSync(join(data, 'agent'));
    writeFileSync(
      join(data, 'agent', 'sent.log'),
      line({ script: 'serve.py', user: username, status: 'running' }) +
        line({ script: 'report.py', user: username, status: 'running' }) +
        line(
          { script: 'report.py', user: username, status: 'ended' },
          { script: 'other.py', user: `not-${username}`, status: 'ended' },
        ),
    );
    const printed = execFileSync(process.execPath, [MAIN, 'agent', 'about-me', '--json', '--data', data], {
      encoding: 'utf8',
    });
    const { scripts, since } = JSON.parse(printed) as { scripts: unknown; since: unknown };
    assert.deepEqual(
      { scripts, since },
      { scripts: { 'serve.py': 0, 'report.py': 1 }, since: '2026-11-20T10:00:00.000Z' },
    );
  } finally {
    rmSync(data, { recursive: true, force: true });
  }
});
