import { spawnSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { PythonCopy } from './python-copy.ts';

const PROBE = join(import.meta.dirname, '..', '..', '..', '..', 'probe');
const REQUIREMENTS = ['poetry==2.5.1', 'uv==0.13.8', 'virtualenv==21.15.7'];

/** Programs that make environments, beside Python's own `venv`. */
export const ENVIRONMENT_TOOLS = ['poetry', 'uv', 'virtualenv'] as const;
export type EnvironmentTool = (typeof ENVIRONMENT_TOOLS)[number];

/** Folder of these tools: from PyPI, made at the first call and kept in the repository's cache. */
export function toolsFolder(): string {
  const code = `from tests.environments import environment; print(environment(*${JSON.stringify(REQUIREMENTS)}))`;
  return dirname(run('python3', ['-c', code], PROBE).trim());
}

/** Makes an environment with one of them, without any package. @returns its interpreter. */
export function makeEnvironmentWith(tool: EnvironmentTool, tools: string, python: PythonCopy, folder: string): string {
  const program = join(tools, tool);
  switch (tool) {
    case 'uv':
      run(program, ['venv', '--quiet', '--offline', '--python', python.executable, folder]);
      return join(folder, 'bin', 'python');
    case 'virtualenv':
      run(program, ['--quiet', '--no-seed', '--python', python.executable, folder]);
      return join(folder, 'bin', 'python');
    case 'poetry':
      mkdirSync(folder, { recursive: true });
      writeFileSync(
        join(folder, 'pyproject.toml'),
        '[project]\nname = "planted"\nversion = "1.0"\n[tool.poetry]\npackage-mode = false\n',
      );
      run(program, ['env', 'use', '--no-interaction', python.executable], folder);
      return join(folder, '.venv', 'bin', 'python');
  }
}

function run(program: string, args: readonly string[], cwd?: string): string {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    cwd,
    encoding: 'utf8',
    env: { ...process.env, POETRY_VIRTUALENVS_IN_PROJECT: 'true', VIRTUAL_ENV: undefined },
  });
  if (status !== 0) throw new Error(`${program} ${args.join(' ')}: ${error?.message ?? stdout + stderr}`);
  return stdout;
}
