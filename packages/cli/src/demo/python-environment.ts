import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DemoError } from './demo-error.ts';
import { DEMO_SOURCES, type DemoFolder } from './demo-folder.ts';
import type { FoundPython } from './find-python.ts';
import { runProcess } from './run-process.ts';

/** What the marker file tells of an environment. */
interface EnvironmentState {
  /** Hash of the Python that made it. */
  readonly base: string;
  /** Hash of all that went in, once everything is in. */
  readonly complete?: string;
}

const STAND_IN = { name: 'sentinel-demo-win32com', version: '1.0', modules: ['win32com', 'pywintypes'] };
const REQUIREMENTS = join(DEMO_SOURCES, 'requirements.txt');
const STAND_INS = join(DEMO_SOURCES, 'stand-ins');

// How pip says that it reached no package index, or one without these packages.
const NO_INDEX =
  /No matching distribution|Could not find a version|Max retries|NewConnectionError|Network is unreachable|name resolution/i;

/**
 * Prepares the virtual environment of the scripts, or finds it prepared. An interrupted preparation is resumed.
 * @returns path of its Python.
 * @throws DemoError that says what to do.
 */
export async function preparePythonEnvironment(
  folder: DemoFolder,
  python: FoundPython,
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<string> {
  const marker = join(folder.environment, 'sentinel-demo.json');
  const executable = environmentPython(folder);
  const base = hash(python.executable, python.version);
  const complete = hash(base, ...wantedContent());
  const state = readState(marker);
  const env = installEnvironment(folder);

  if (state?.complete === complete && existsSync(executable)) return executable;
  if (state?.base !== base || !existsSync(executable)) {
    progress('Making a Python environment');
    rmSync(folder.environment, { recursive: true, force: true });
    const made = await runProcess(python.executable, ['-B', '-m', 'venv', folder.environment], { env, signal });
    if (made.code !== 0) {
      signal.throwIfAborted();
      throw new DemoError(
        `${python.executable} could not make a virtual environment in ${folder.environment}:\n${made.tail.join('\n')}`,
      );
    }
    writeState(marker, { base });
  }
  await installPackages(folder, executable, env, progress, signal);
  await installStandIns(executable, env, signal);
  writeState(marker, { base, complete });
  rmSync(join(folder.root, 'pip-cache'), { recursive: true, force: true });
  return executable;
}

/** Path of the Python in the demo's virtual environment. */
export function environmentPython(folder: DemoFolder): string {
  return process.platform === 'win32'
    ? join(folder.environment, 'Scripts', 'python.exe')
    : join(folder.environment, 'bin', 'python');
}

async function installPackages(
  folder: DemoFolder,
  executable: string,
  env: NodeJS.ProcessEnv,
  progress: (text: string) => void,
  signal: AbortSignal,
): Promise<void> {
  progress('Installing libraries');
  const logFile = join(folder.logs, 'pip.log');
  const args = [
    '-m',
    'pip',
    'install',
    '--only-binary',
    ':all:',
    '--retries',
    '2',
    '--progress-bar',
    'off',
    '-r',
    REQUIREMENTS,
  ];
  let isUnreachable = false;
  const { code, tail } = await runProcess(executable, args, {
    env,
    signal,
    logFile,
    onLine: (line) => {
      isUnreachable ||= NO_INDEX.test(line);
      const collected = /^Collecting ([\w.-]+)/.exec(line)?.[1];
      if (collected !== undefined) progress(`Installing libraries: fetching ${collected}`);
      if (line.startsWith('Installing collected packages')) progress('Installing libraries: unpacking');
    },
  });
  if (code === 0) return;
  signal.throwIfAborted();
  const reason = `The demo's libraries could not be installed: ${tail.findLast((line) => line.startsWith('ERROR')) ?? tail.at(-1) ?? 'pip said nothing'}\n`;
  const advice = isUnreachable
    ? 'pip reached no package index that has them. Where there is no way to the internet, either\n' +
      '  - set PIP_INDEX_URL to the address of your own index, or\n' +
      '  - fetch them on a connected computer of the same kind, with the same Python:\n' +
      '      python3 -m pip download --only-binary :all: -r demo/requirements.txt -d wheels\n' +
      '    bring the folder "wheels" here, and set PIP_NO_INDEX=1 and PIP_FIND_LINKS to its path.\n' +
      'Then play the demo again; it goes on where it stopped.'
    : 'Play the demo again to go on where it stopped.';
  throw new DemoError(`${reason}${advice}\nThe log: ${logFile}`);
}

/** Puts the stand-ins for what only Windows has into the environment, as a distribution that says what it is. */
async function installStandIns(executable: string, env: NodeJS.ProcessEnv, signal: AbortSignal): Promise<void> {
  let site = '';
  const question = "import sysconfig; print(sysconfig.get_path('purelib'))";
  const { code, tail } = await runProcess(executable, ['-I', '-c', question], {
    env,
    signal,
    onLine: (line) => {
      site = line;
    },
  });
  if (code !== 0 || site === '') throw new DemoError(`The demo's Python does not run:\n${tail.join('\n')}`);
  cpSync(STAND_INS, site, { recursive: true, filter: (path) => !path.endsWith('__pycache__') });
  const metadata = join(site, `${STAND_IN.name.replaceAll('-', '_')}-${STAND_IN.version}.dist-info`);
  const files: Record<string, string> = {
    METADATA: `Metadata-Version: 2.1\nName: ${STAND_IN.name}\nVersion: ${STAND_IN.version}\nSummary: Stand-in for pywin32, for Sentinel's demo.\n`,
    INSTALLER: 'sentinel\n',
    'top_level.txt': `${STAND_IN.modules.join('\n')}\n`,
  };
  mkdirSync(metadata, { recursive: true });
  for (const [name, text] of Object.entries(files)) writeFileSync(join(metadata, name), text);
  const record = [...Object.keys(files), 'RECORD'].map(
    (name) => `${STAND_IN.name.replaceAll('-', '_')}-${STAND_IN.version}.dist-info/${name},,\n`,
  );
  const sources = standInFiles().map((name) => `${name},,\n`);
  writeFileSync(join(metadata, 'RECORD'), [...sources, ...record].join(''));
}

function standInFiles(): string[] {
  return readdirSync(STAND_INS, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.py'))
    .map((name) => name.replaceAll('\\', '/'))
    .sort();
}

function wantedContent(): string[] {
  const files = standInFiles().flatMap((name) => [name, readFileSync(join(STAND_INS, name), 'utf8')]);
  return [readFileSync(REQUIREMENTS, 'utf8'), JSON.stringify(STAND_IN), ...files];
}

/** The user's environment with what would lead pip astray taken out; index settings stay. */
function installEnvironment(folder: DemoFolder): NodeJS.ProcessEnv {
  const env: NodeJS.ProcessEnv = { ...process.env };
  for (const name of ['PYTHONPATH', 'PYTHONHOME', 'PIP_TARGET', 'PIP_PREFIX', 'PIP_REQUIREMENT', 'PIP_CONSTRAINT'])
    delete env[name];
  return {
    ...env,
    PIP_USER: '0',
    PIP_NO_INPUT: '1',
    PIP_DISABLE_PIP_VERSION_CHECK: '1',
    PIP_CACHE_DIR: join(folder.root, 'pip-cache'),
  };
}

function readState(marker: string): EnvironmentState | undefined {
  try {
    return JSON.parse(readFileSync(marker, 'utf8')) as EnvironmentState;
  } catch {
    return undefined;
  }
}

function writeState(marker: string, state: EnvironmentState): void {
  writeFileSync(`${marker}.part`, JSON.stringify(state));
  renameSync(`${marker}.part`, marker);
}

function hash(...texts: readonly string[]): string {
  return createHash('sha256').update(JSON.stringify(texts)).digest('hex');
}
