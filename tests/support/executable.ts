import { execFileSync } from 'node:child_process';
import { join } from 'node:path';

/** Builds the single executable for endpoints; gives its path. */
export function buildExecutable(out: string, version?: string): string {
  const told = execFileSync(
    process.execPath,
    [
      join(import.meta.dirname, '..', '..', 'packaging', 'build-executable.ts'),
      '--out',
      out,
      '--json',
      ...(version === undefined ? [] : ['--version', version]),
    ],
    { stdio: ['ignore', 'pipe', 'ignore'], encoding: 'utf8' },
  );
  return (JSON.parse(told) as { file: string }).file;
}
