import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';

const MAIN = join(import.meta.dirname, 'main.ts');
/** Files of `commands/` that add to another command. */
const PARTS = /^(?:agent|action)-/;

test('the help names every command that has a file', () => {
  const files = readdirSync(join(import.meta.dirname, 'commands'))
    .filter((file) => !file.endsWith('.test.ts') && !PARTS.test(file))
    .map((file) => file.replace('.ts', ''));

  const help = execFileSync(process.execPath, [MAIN, '--help'], { encoding: 'utf8' });

  assert.ok(files.length > 10);
  for (const name of files) assert.match(help, new RegExp(`^  ${name}\\b`, 'm'), name);
});

test('one command alone answers for itself', () => {
  assert.match(
    execFileSync(process.execPath, [MAIN, 'packs', '--help'], { encoding: 'utf8' }),
    /Usage: sentinel packs/,
  );
  assert.match(execFileSync(process.execPath, [MAIN, '--version'], { encoding: 'utf8' }), /^\d+\.\d+\.\d+\n$/);
});
