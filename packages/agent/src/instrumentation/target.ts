import { existsSync, readdirSync, realpathSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Inventory } from '@sentinel/protocol';
import { isPythonImage, shebangInterpreter } from '../sensing/python-image.ts';
import type { Manifest } from './manifest.ts';

/** An interpreter or environment to instrument. */
export interface Target {
  /** Folder of a virtual environment, else the program file with links followed. */
  readonly key: string;
  /** Program to run; for an environment the one inside it. */
  readonly executable: string;
  readonly environment: string | undefined;
}

const PROGRAM = /^(?:python|pypy)(?:3(?:\.\d+)?t?)?(?:\.exe)?$/;

/** The target that a path names: a program, a virtual environment, or the folder of an interpreter; undefined for anything else. */
export function targetAt(path: string): Target | undefined {
  const full = resolve(path);
  try {
    if (!statSync(full).isDirectory()) return targetOfProgram(full);
    const program = programIn(full);
    return program === undefined ? undefined : targetOfProgram(program);
  } catch {
    return undefined;
  }
}

/** Every interpreter and environment of an inventory that is not broken, interpreters first: environments depend on them. */
export function targetsOf({ interpreters, environments }: Inventory): Target[] {
  const found = [
    ...interpreters.filter(({ problem }) => problem === undefined).map(({ path }) => targetAt(path)),
    ...environments.filter(({ problem }) => problem === undefined).map(({ prefix }) => targetAt(prefix)),
  ].filter((target) => target !== undefined);
  const unique = new Map(found.map((target) => [target.key, target]));
  return [...unique.values()].sort((a, b) => Number(a.environment !== undefined) - Number(b.environment !== undefined));
}

/** Programs of an inventory that carry an interpreter, and are no Python by name. */
export function hostsOf({ interpreters, frozen }: Inventory): Manifest['hosts'] {
  const embedded = interpreters.filter(({ path, kind }) => kind === 'embedded' && !isPythonImage(path));
  return [
    ...frozen.map(({ path }) => ({ path, kind: 'frozen' as const })),
    ...embedded.map(({ path }) => ({ path, kind: 'embedded' as const })),
  ];
}

/** Whether a folder is a virtual environment that is far enough to be looked at. */
export function isEnvironment(folder: string): boolean {
  return existsSync(join(folder, 'pyvenv.cfg'));
}

function targetOfProgram(program: string): Target | undefined {
  if (!PROGRAM.test(program.slice(program.lastIndexOf('/') + 1).replace(/^.*\\/, ''))) return undefined;
  const prefix = dirname(dirname(program));
  if (isEnvironment(prefix))
    return { key: realpathSync(prefix), executable: program, environment: realpathSync(prefix) };
  const image = realpathSync(program);
  // A shim that is a script is no interpreter.
  return PROGRAM.test(image.slice(Math.max(image.lastIndexOf('/'), image.lastIndexOf('\\')) + 1)) &&
    shebangInterpreter(image) === undefined
    ? { key: image, executable: program, environment: undefined }
    : undefined;
}

function programIn(prefix: string): string | undefined {
  for (const folder of [join(prefix, 'bin'), join(prefix, 'Scripts'), prefix]) {
    let names: string[];
    try {
      names = readdirSync(folder).filter((name) => PROGRAM.test(name));
    } catch {
      continue;
    }
    // `python3` of an interpreter's folder, else `python3.12`, else `python`.
    const name =
      ['python3', 'python3.exe', 'python', 'python.exe'].find((each) => names.includes(each)) ?? names.sort()[0];
    if (name !== undefined) return join(folder, name);
  }
  return undefined;
}
