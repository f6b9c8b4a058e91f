import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';

/** What a run of test files said. */
export interface SuiteResult {
  readonly passed: number;
  readonly failed: number;
  /** Of the failures, or of everything if the runner itself failed. */
  readonly output: string;
}

/** Runs test files of this package once more, with the control store on PostgreSQL. */
export async function runOnPostgres(files: readonly string[]): Promise<SuiteResult> {
  const root = join(import.meta.dirname, '..');
  const child = spawn(
    process.execPath,
    ['--test', '--test-concurrency=1', '--test-reporter=spec', ...files.map((file) => join(root, file))],
    {
      stdio: ['ignore', 'pipe', 'inherit'],
      env: { ...process.env, SENTINEL_TEST_CONTROL: 'postgres', NODE_TEST_CONTEXT: undefined },
    },
  );
  const [output] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  const count = (name: string) => Number(new RegExp(`^ℹ ${name} (\\d+)$`, 'm').exec(output)?.[1] ?? Number.NaN);
  const failures = output.indexOf('✖ failing tests:');
  return { passed: count('pass'), failed: count('fail'), output: failures === -1 ? output : output.slice(failures) };
}
