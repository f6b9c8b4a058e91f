import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { DemoError } from './demo-error.ts';

/** A Python that can make virtual environments. */
export interface FoundPython {
  /** Path of the executable. */
  readonly executable: string;
  /** Version, such as 3.11.7. */
  readonly version: string;
}

interface Candidate {
  readonly executable: string;
  readonly version: string;
  readonly minor: number;
  readonly hasVenv: boolean;
}

const OLDEST_MINOR = 9;
/** The newest minor for which the pinned libraries have wheels; a newer Python is tried only where there is no other. */
const NEWEST_MINOR = 14;
const TIMEOUT_MS = 15_000;

// Debian ships venv without ensurepip until python3-venv is installed.
const QUESTION = `
import importlib.util, json, platform, sys
has = all(importlib.util.find_spec(name) is not None for name in ("venv", "ensurepip"))
print(json.dumps([sys.executable, platform.python_version(), sys.version_info[0], sys.version_info[1], has]))
`;

/**
 * Finds a Python from 3.9 up that can make virtual environments.
 * @param named - The only one to look at, where the user names one.
 * @throws DemoError that says what to install.
 */
export async function findPython(named: string | undefined): Promise<FoundPython> {
  const commands = named === undefined ? pythonCommands() : [[named]];
  let withoutVenv: Candidate | undefined;
  let tooNew: Candidate | undefined;
  for (const command of commands) {
    const candidate = await askPython(command);
    if (candidate === undefined) continue;
    if (!candidate.hasVenv) withoutVenv ??= candidate;
    else if (candidate.minor > NEWEST_MINOR) tooNew ??= candidate;
    else return candidate;
  }
  if (tooNew !== undefined) return tooNew;
  if (withoutVenv !== undefined) throw new DemoError(venvAdvice(withoutVenv));
  throw new DemoError(
    named === undefined
      ? `The demo needs Python 3.${OLDEST_MINOR} or newer and found none (looked for ${commands.map((words) => words.join(' ')).join(', ')}).\n` +
          'Install it (Debian, Ubuntu: apt install python3 python3-venv; Fedora: dnf install python3; Windows, macOS: python.org),\n' +
          'or name one with --python PATH.'
      : `${named} is not a Python 3.${OLDEST_MINOR} or newer that runs. Name another one with --python PATH.`,
  );
}

function pythonCommands(): string[][] {
  const versioned: string[][] = [];
  for (let minor = NEWEST_MINOR; minor >= OLDEST_MINOR; minor -= 1) versioned.push([`python3.${minor}`]);
  return process.platform === 'win32'
    ? [['py', '-3'], ['python'], ['python3']]
    : [['python3'], ...versioned, ['python']];
}

async function askPython(command: readonly string[]): Promise<Candidate | undefined> {
  const [program = '', ...args] = command;
  try {
    const { stdout } = await promisify(execFile)(program, [...args, '-I', '-B', '-c', QUESTION], {
      timeout: TIMEOUT_MS,
      windowsHide: true,
    });
    const [executable, version, major, minor, hasVenv] = JSON.parse(stdout) as [
      string,
      string,
      number,
      number,
      boolean,
    ];
    return major === 3 && minor >= OLDEST_MINOR ? { executable, version, minor, hasVenv } : undefined;
  } catch {
    return undefined;
  }
}

function venvAdvice({ executable, version, minor }: Candidate): string {
  return (
    `Python ${version} (${executable}) cannot make virtual environments: its venv module is not complete.\n` +
    `Install it (Debian, Ubuntu: apt install python3-venv, or python3.${minor}-venv), or name another Python with --python PATH.`
  );
}
