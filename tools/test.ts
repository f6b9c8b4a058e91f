/**
 * Runs the whole test suite: `npm test`, or `npm run test:long` for what takes longer.
 *
 * Installs what the tests need and the machine lacks (Debian's Chromium, as root), builds the console,
 * then hands every test file to Node's test runner, whose closing lines end the output.
 * Words after `--` narrow the run to files whose path contains one of them.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync } from 'node:fs';
import { join } from 'node:path';

const ROOT = join(import.meta.dirname, '..');
const CHROMIUM = process.env['SENTINEL_CHROMIUM'] ?? '/usr/bin/chromium';
const SHORT = [
  'packages/*/src/**/*.test.ts',
  'tests/*.test.ts',
  'tests/{e2e,browser}/**/*.test.ts',
  'demo/**/*.test.ts',
];
const LONG = ['tests/long/**/*.test.ts'];

const isLong = process.argv.includes('--long');
const words = process.argv.slice(2).filter((word) => !word.startsWith('-'));
const files = globSync(isLong ? LONG : SHORT, { cwd: ROOT })
  .filter((file) => words.length === 0 || words.some((word) => file.includes(word)))
  .sort();
if (files.length === 0) {
  process.stderr.write(`No test file matches ${words.join(', ') || (isLong ? LONG : SHORT).join(', ')}.\n`);
  process.exit(1);
}
if (files.some((file) => file.startsWith('tests/browser') || file.startsWith('tests/e2e'))) {
  installChromium();
  step('Building the console', process.execPath, ['packages/console/build.ts', '--if-stale']);
}
if (files.some((file) => file.includes('scan') || file.includes('probe'))) installStrace();
if (files.some((file) => file.includes('probe'))) installDatabases();
if (files.some((file) => file.includes('probe'))) installDesktop();
const result = spawnSync(
  process.execPath,
  ['--test', '--test-concurrency=2', '--test-timeout=600000', '--test-reporter=spec', ...files],
  { cwd: ROOT, stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, SENTINEL_CHROMIUM: CHROMIUM } },
);
process.exitCode = result.status ?? 1;

function installChromium(): void {
  if (existsSync(CHROMIUM)) return;
  if (!canInstall()) {
    process.stderr.write(
      `The browser tests need Chromium at ${CHROMIUM}. Install it ("apt-get install chromium" on Debian) ` +
        'or set SENTINEL_CHROMIUM to the path of one.\n',
    );
    process.exit(1);
  }
  install('Chromium', 'chromium');
}

/** strace watches the system calls of the scan and of probed scripts; where it cannot be installed that one test says that it is skipped. */
function installStrace(): void {
  if (spawnSync('strace', ['-V']).status !== 0 && canInstall()) install('strace', 'strace');
}

/** Servers and ODBC drivers that the probe's database sensors are tested with; what is missing is said by the tests that are skipped. */
function installDatabases(): void {
  const packages = [
    ['/usr/lib/postgresql', 'postgresql'],
    ['/usr/sbin/mariadbd', 'mariadb-server-core', 'mariadb-client-core', 'libmariadb-dev', 'pkg-config'],
    ['/usr/bin/redis-server', 'redis-server'],
    ['/usr/bin/odbcinst', 'unixodbc', 'libsqliteodbc', 'odbc-postgresql', 'odbc-mariadb'],
  ] as const;
  const missing = packages.filter(([path]) => !existsSync(path)).flatMap(([, ...names]) => names);
  if (missing.length > 0 && canInstall()) install('database servers', ...missing);
}

/** A virtual screen, a clipboard and a browser driver, for the probe's sensors of the desktop; without them their tests say that they are skipped. */
function installDesktop(): void {
  for (const [title, program, debianPackage] of [
    ['a virtual screen', 'Xvfb', 'xvfb'],
    ['xclip', 'xclip', 'xclip'],
    ['the driver of Chromium', 'chromedriver', 'chromium-driver'],
  ] as const) {
    if (!existsSync(join('/usr/bin', program)) && canInstall()) install(title, debianPackage);
  }
}

function canInstall(): boolean {
  return process.platform === 'linux' && process.getuid?.() === 0 && existsSync('/usr/bin/apt-get');
}

function install(title: string, ...debianPackages: readonly string[]): void {
  step('Refreshing the package lists', 'apt-get', ['-qq', 'update']);
  step(`Installing ${title}`, 'apt-get', ['-qq', 'install', '--yes', '--no-install-recommends', ...debianPackages]);
}

function step(title: string, command: string, args: readonly string[]): void {
  process.stdout.write(`${title} …\n`);
  const { status, stdout, stderr } = spawnSync(command, args, {
    cwd: ROOT,
    encoding: 'utf8',
    env: { ...process.env, DEBIAN_FRONTEND: 'noninteractive' },
    maxBuffer: 64 * 1024 * 1024,
  });
  if (status === 0) return;
  process.stderr.write(`${stdout}${stderr}\n${title} failed: ${command} ${args.join(' ')}\n`);
  process.exit(1);
}
