import { closeSync, openSync, readSync, realpathSync } from 'node:fs';

const PYTHON = /^(?:python|pypy|graalpy)(?:\d+(?:\.\d+)*)?[td]?m?w?$/;
const DELETED = ' (deleted)';
const HEAD_BYTES = 256;
const MAX_SCRIPT_DEPTH = 4;

/** Whether a program is a Python by the name of its file. */
export function isPythonImage(path: string): boolean {
  return PYTHON.test(path.slice(path.lastIndexOf('/') + 1));
}

/** Path behind `/proc/PID/exe`: the system marks a file that was removed or replaced. */
export function imagePath(link: string): string {
  return link.endsWith(DELETED) ? link.slice(0, -DELETED.length) : link;
}

/** Interpreter that a script names in its first line; undefined for anything else. Source: execve(2). */
export function shebangInterpreter(path: string): string | undefined {
  let descriptor: number;
  try {
    descriptor = openSync(path, 'r');
  } catch {
    return undefined;
  }
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const line = head.toString('latin1', 0, readSync(descriptor, head, 0, HEAD_BYTES, 0)).split('\n', 1)[0] ?? '';
    return /^#![ \t]*([^ \t\0]+)/.exec(line)?.[1];
  } catch {
    return undefined;
  } finally {
    closeSync(descriptor);
  }
}

/**
 * Path by which the running image was launched, if this very launch led to it. A process that became another program in
 * the meantime shows that one: then the launch of that program is told of separately, and this one gives undefined.
 * @param launched - Absolute path given to execve: a program, or a script that names one.
 * @param image - What runs now, links followed.
 */
export function launchedAs(launched: string, image: string): string | undefined {
  let path: string | undefined = launched;
  for (let depth = 0; path !== undefined && depth < MAX_SCRIPT_DEPTH; depth++) {
    if (realPath(path) === image) return path;
    path = shebangInterpreter(path);
  }
  return undefined;
}

/** Path with links followed; undefined where there is nothing. */
export function realPath(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
