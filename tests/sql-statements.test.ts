import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '..');

test('the probe tells operation and tables of statements in five dialects, and leaves no literal', () => {
  const bench = join(ROOT, 'packages/detector/bench/sql-statements.ts');
  const [line = ''] = execFileSync(process.execPath, [bench, '--json']).toString().split('\n');

  const { statements, both, leaks } = JSON.parse(line) as { statements: number; both: number; leaks: number };

  assert.ok(statements >= 300, `${statements} statements`);
  assert.ok(both >= statements * 0.98, `${both} of ${statements} are right`);
  assert.equal(leaks, 0);
});
