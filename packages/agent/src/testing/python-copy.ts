import { spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

/** An interpreter in a folder of its own: what is written into it reaches no other. */
export interface PythonCopy {
  readonly prefix: string;
  readonly executable: string;
  readonly stdlib: string;
  readonly version: string;
}

/**
 * Copies an interpreter: the program itself, and a standard library of links in real folders, so that files can be added beside
 * it. No test touches an interpreter of this computer.
 * @param command - Interpreter to copy.
 */
export function copyPython(prefix: string, command = 'python3'): PythonCopy {
  const code =
    'import os, sys, json; print(json.dumps([os.path.realpath(sys.executable), os.path.realpath(os.path.dirname(os.__file__)), sys.base_prefix, sys.version.split()[0]]))';
  const { stdout, status } = spawnSync(command, ['-I', '-S', '-c', code], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} does not run`);
  const [program = '', library = '', base = '', version = ''] = JSON.parse(stdout) as string[];
  // Of a free-threaded build it ends with a letter.
  const name = basename(library);
  const stdlib = join(prefix, 'lib', name);
  mkdirSync(join(prefix, 'bin'), { recursive: true });
  mkdirSync(join(stdlib, 'site-packages'), { recursive: true });
  copyFileSync(program, join(prefix, 'bin', name));
  symlinkSync(name, join(prefix, 'bin', 'python3'));
  for (const entry of readdirSync(library)) {
    if (['site-packages', 'dist-packages', 'sitecustomize.py', '__pycache__', 'EXTERNALLY-MANAGED'].includes(entry))
      continue;
    symlinkSync(join(library, entry), join(stdlib, entry));
  }
  for (const entry of readdirSync(join(base, 'lib')).filter((each) => each.startsWith('libpython')))
    symlinkSync(join(base, 'lib', entry), join(prefix, 'lib', entry));
  // Sources are linked, their compiled files copied: a folder of links would be written through.
  try {
    cpSync(join(library, '__pycache__'), join(stdlib, '__pycache__'), {
      recursive: true,
      filter: (path) => !/sitecustomize|_sentinel_boot/.test(basename(path)),
    });
  } catch {
    mkdirSync(join(stdlib, '__pycache__'), { recursive: true });
  }
  return { prefix, executable: join(prefix, 'bin', 'python3'), stdlib, version };
}

/** Makes a virtual environment without pip. */
export function makeEnvironment(python: PythonCopy, folder: string): string {
  const { status, stderr } = spawnSync(python.executable, ['-m', 'venv', '--without-pip', folder], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return join(folder, 'bin', 'python');
}

/** Writes a Python file and gives its path. */
export function writeScript(folder: string, name: string, text: string): string {
  const path = join(folder, name);
  writeFileSync(path, text);
  return path;
}
