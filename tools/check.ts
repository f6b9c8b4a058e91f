/**
 * Runs every check: generated files, types, lint, format, dead code, import directions, Python.
 * Goes on after a failure, so that one run shows all; exit code 1 when any failed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { styleText } from 'node:util';

const ROOT = join(import.meta.dirname, '..');
const NODE_TOOLS = join(ROOT, '.cache/check-tools');
const NODE_TOOLS_MANIFEST = join(ROOT, 'tools/check-tools.json');
const BIN = join(NODE_TOOLS, 'node_modules/.bin');
const PYTHON_TOOLS = join(ROOT, '.cache/python-tools');
const REQUIREMENTS = join(ROOT, 'tools/python-requirements.txt');

const checks: readonly (readonly [string, string, readonly string[]])[] = [
  ['generated files', process.execPath, ['tools/generate.ts', '--check']],
  ['types', join(ROOT, 'node_modules/.bin/tsc'), ['-p', '.']],
  ['lint', join(BIN, 'oxlint'), ['--type-aware', 'packages', 'tests', 'tools', 'demo']],
  ['format', join(BIN, 'biome'), ['check', '.']],
  ['dead code', join(BIN, 'knip'), []],
  ['import directions', process.execPath, ['--test', 'tests/architecture.test.ts']],
  ['Python lint', join(PYTHON_TOOLS, 'bin/ruff'), ['check', 'probe', 'demo']],
  [
    'Python types',
    join(PYTHON_TOOLS, 'bin/mypy'),
    ['--config-file', 'probe/pyproject.toml', 'probe/src/sentinel_probe'],
  ],
];

installNodeTools();
if (process.argv.includes('--format')) {
  const { status } = spawnSync(join(BIN, 'biome'), ['check', '--write', '.'], { cwd: ROOT, stdio: 'inherit' });
  process.exit(status ?? 1);
}
installPythonTools();
const failed = checks.filter(([title, command, args]) => !passes(title, command, args));
process.stdout.write(
  failed.length === 0 ? `${checks.length} checks passed\n` : `${failed.length} of ${checks.length} checks failed\n`,
);
process.exitCode = failed.length === 0 ? 0 : 1;

function passes(title: string, command: string, args: readonly string[]): boolean {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
    // The type-aware half of oxlint is a program of its own that it looks for on the path.
    env: { ...process.env, PATH: `${BIN}${delimiter}${process.env['PATH'] ?? ''}` },
  });
  const isPassed = status === 0;
  process.stdout.write(`${isPassed ? styleText('green', 'ok    ') : styleText('red', 'FAILED')} ${title}\n`);
  if (!isPassed) process.stdout.write(`${stdout ?? ''}${stderr ?? ''}${error?.message ?? ''}\n`);
  return isPassed;
}

/** Installs the pinned linters into a folder of their own. */
function installNodeTools(): void {
  const marker = join(NODE_TOOLS, 'package.json');
  const wanted = readFileSync(NODE_TOOLS_MANIFEST, 'utf8');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted && existsSync(BIN)) return;
  process.stdout.write('Installing the linters …\n');
  mkdirSync(NODE_TOOLS, { recursive: true });
  writeFileSync(marker, wanted);
  const { status, stderr } = spawnSync('npm', ['install', '--no-package-lock', '--no-audit', '--no-fund'], {
    cwd: NODE_TOOLS,
    encoding: 'utf8',
  });
  if (status === 0) return;
  rmSync(marker);
  process.stderr.write(`${stderr}\nThe linters could not be installed; their checks will fail.\n`);
}

/** Installs the pinned ruff, mypy and the published schemas that tests validate by, into a folder of their own. */
function installPythonTools(): void {
  const marker = join(PYTHON_TOOLS, 'installed.txt');
  const wanted = readFileSync(REQUIREMENTS, 'utf8');
  if (existsSync(marker) && readFileSync(marker, 'utf8') === wanted) return;
  process.stdout.write('Installing the Python tools …\n');
  for (const [command, args] of [
    ['python3', ['-m', 'venv', '--clear', PYTHON_TOOLS]],
    [join(PYTHON_TOOLS, 'bin/pip'), ['install', '--quiet', '--disable-pip-version-check', '-r', REQUIREMENTS]],
  ] as const) {
    const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
    if (status !== 0) {
      process.stderr.write(`${stderr}\n${command} ${args.join(' ')} failed; Python checks will fail too.\n`);
      return;
    }
  }
  writeFileSync(marker, wanted);
}
