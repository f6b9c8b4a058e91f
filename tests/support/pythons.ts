import { spawnSync } from 'node:child_process';
import { globSync } from 'node:fs';
import { homedir } from 'node:os';
import { basename, join, sep } from 'node:path';

const OLDEST_MINOR = 8;
/** Interpreters that `probe/tests/pythons.py` has fetched. */
const FETCHED = join(import.meta.dirname, '..', '..', '.cache', 'pythons', '*', 'usr', 'bin', 'python3.*');

/** A Python that the probe supports. */
export interface Python {
  readonly command: string;
  /** Full version, such as 3.11.7. */
  readonly version: string;
}

/**
 * Pythons of this machine that the probe supports, oldest first, one for each minor version.
 * The first in the result of `defaultPython` is what `python3` starts; others come from PATH and from pyenv.
 */
export function installedPythons(): Python[] {
  const commands = [
    ...Array.from({ length: 12 }, (_, i) => `python3.${OLDEST_MINOR + i}`),
    ...globSync(`${homedir()}/.pyenv/versions/3.*/bin/python3`),
    ...globSync(FETCHED).filter((path) => basename(path) === `python${path.split(sep).at(-4)}`),
  ];
  const found = new Map<string, Python>();
  for (const python of [defaultPython(), ...commands.map(probeVersion)]) {
    // A free-threaded build is a Python of its own.
    const suffix = python?.command.endsWith('t') === true ? 't' : '';
    const minor = python === undefined ? undefined : python.version.split('.').slice(0, 2).join('.') + suffix;
    if (python !== undefined && minor !== undefined && !found.has(minor)) found.set(minor, python);
  }
  return [...found.values()].sort((a, b) => minorOf(a) - minorOf(b));
}

/** What `python3` starts. */
export function defaultPython(): Python {
  const python = probeVersion('python3');
  if (python === undefined) throw new Error('The tests need Python 3.8 or newer as python3 on PATH.');
  return python;
}

function probeVersion(command: string): Python | undefined {
  const { status, stdout } = spawnSync(command, ['-c', 'import sys; print(sys.version.split()[0])'], {
    encoding: 'utf8',
  });
  if (status !== 0) return undefined;
  const python = { command, version: stdout.trim() };
  return minorOf(python) >= OLDEST_MINOR ? python : undefined;
}

function minorOf(python: Python): number {
  return Number(python.version.split('.')[1]);
}
