import { readdirSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { MachineFacts } from '../machine-facts.ts';
import type { InterpreterSeen } from '../walk/folder-task.ts';
import { fileStats, isPlaceholder, ownerOf, readHead, timestamp } from './file-facts.ts';
import { hasInterpreterName, isExecutableImage } from './interpreter.ts';
import { withoutRoot } from './place.ts';

/** Python as a library: `python312.dll`, `libpython3.11.so.1.0`, `libpython3.12.dylib`, a framework's `Python`. */
const LIBRARY = /^(?:python(\d)(\d+)t?\.dll|libpython(\d)\.(\d+)t?\.(?:so\.\d[\d.]*|dylib))$/i;
/** Where distributions keep the library of the system's own interpreter. Source: Filesystem Hierarchy Standard 3.0. */
const SYSTEM_LIBRARIES = /^\/(?:usr\/)?(?:local\/)?lib(?:32|64)?(?:\/[\w-]+)?$/;
const head = Buffer.alloc(4);

/** Whether a name is that of Python as a library. */
export function hasLibraryName(name: string): boolean {
  return LIBRARY.test(name);
}

/**
 * Python inside an application that brings the library and no program, or undefined: where a program stands
 * beside it or in the prefix, that program is the interpreter.
 */
export function readEmbedded(folder: string, name: string, machine: MachineFacts): InterpreterSeen | undefined {
  const match = LIBRARY.exec(name);
  const version = match === null ? undefined : `${match[1] ?? match[3]}.${match[2] ?? match[4]}`;
  const path = join(folder, name);
  const stats = fileStats(path);
  if (version === undefined || stats?.isFile() !== true || isPlaceholder(stats)) return undefined;
  if (SYSTEM_LIBRARIES.test(withoutRoot(folder, machine.systemRoot))) return undefined;
  const places = [folder, dirname(folder), join(dirname(folder), 'bin')];
  if (basename(dirname(folder)) === 'lib') places.push(join(dirname(dirname(folder)), 'bin'));
  if (places.some(hasProgram)) return undefined;
  if (readHead(path, head) < 4 || !isExecutableImage(head)) return undefined;
  return {
    path,
    aliases: [],
    kind: 'embedded',
    implementation: 'cpython',
    version,
    proof: path,
    owner: ownerOf(stats, machine),
    modifiedAt: timestamp(stats.mtimeMs),
    fileKey: `${stats.dev}:${stats.ino}`,
    realPath: path,
  };
}

function hasProgram(folder: string): boolean {
  try {
    return readdirSync(folder).some((name) => hasInterpreterName(name));
  } catch {
    return false;
  }
}
