import { readlinkSync, realpathSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { InterpreterFound } from '@sentinel/protocol';
import type { MachineFacts } from '../machine-facts.ts';
import type { InterpreterSeen } from '../walk/folder-task.ts';
import { fileStats, isPlaceholder, ownerOf, readHead, readSmallText, statBehind, timestamp } from './file-facts.ts';
import { withoutRoot } from './place.ts';

/** Name of an executable Python: not `python3-config`, not `pythonw.lnk`. */
const NAME = /^(python|pypy|graalpy)(\d+(?:\.\d+)?)?(?:t|d|dm|m|w)?(?:\.exe)?$/;
const head = Buffer.alloc(4);

/** Whether a name could be an interpreter's. */
export function hasInterpreterName(name: string): boolean {
  return NAME.test(name);
}

/**
 * Interpreter behind a name, or undefined where it is none: shims are scripts, not interpreters.
 * A link that leads nowhere is reported with its problem.
 */
export function readInterpreter(folder: string, name: string, machine: MachineFacts): InterpreterSeen | undefined {
  const path = join(folder, name);
  const own = fileStats(path);
  if (own === undefined || own.isDirectory()) return undefined;
  const common = { path, aliases: [], owner: ownerOf(own, machine), modifiedAt: timestamp(own.mtimeMs) };
  const stats = own.isSymbolicLink() ? statBehind(path) : own;
  if (stats === undefined) {
    return {
      ...common,
      kind: kindOf(path, machine),
      implementation: implementationOf(name),
      ...versionPart(nameVersion(name)),
      proof: path,
      problem: `link to ${linkTarget(path)}, which does not exist`,
      fileKey: path,
      realPath: path,
    };
  }
  if (!stats.isFile() || isPlaceholder(stats)) return undefined;
  const realPath = own.isSymbolicLink() ? realPathOf(path) : path;
  // A name that stands for another program, such as a shim in ELF form, keeps that program's own name.
  if (readHead(realPath, head) < 4 || !isExecutableImage(head)) return undefined;
  // The file itself says which Python it is: a link called python3 may lead to PyPy.
  const realName = basename(realPath);
  const { proof, version } = proofOf(dirname(realPath), realPath, hasInterpreterName(realName) ? realName : name);
  return {
    ...common,
    kind: kindOf(realPath, machine),
    implementation: implementationOf(hasInterpreterName(realName) ? realName : name),
    ...versionPart(version),
    proof,
    fileKey: `${stats.dev}:${stats.ino}`,
    realPath,
  };
}

/** Whether bytes begin an ELF, PE or Mach-O file. Source: the formats' specifications. */
export function isExecutableImage(bytes: Buffer): boolean {
  const magic = bytes.readUInt32BE(0);
  return (
    magic === 0x7f454c46 ||
    magic >>> 16 === 0x4d5a ||
    [0xfeedface, 0xfeedfacf, 0xcefaedfe, 0xcffaedfe, 0xcafebabe].includes(magic)
  );
}

/** Several names of the same file as one interpreter each. */
export function mergeInterpreters(seen: readonly InterpreterSeen[]): InterpreterFound[] {
  const byFile = new Map<string, InterpreterSeen[]>();
  for (const one of seen) {
    // Copies under several names beside the same standard library are one interpreter as well.
    const key =
      one.proof === one.path || one.problem !== undefined ? one.fileKey : `${dirname(one.realPath)} ${one.proof}`;
    const same = byFile.get(key);
    if (same === undefined) byFile.set(key, [one]);
    else same.push(one);
  }
  const merged = [...byFile.values()].map((names): InterpreterFound => {
    // The file itself stands for all of its names; else the most exact name.
    const main =
      names.find(({ path, realPath }) => path === realPath && /\d\.\d/.test(path.slice(path.lastIndexOf('/')))) ??
      names.find(({ path, realPath }) => path === realPath) ??
      names[0];
    if (main === undefined) throw new Error('an interpreter has at least one name');
    const { fileKey: _key, realPath, ...found } = main;
    const path = found.problem === undefined ? realPath : found.path;
    const aliases = [...new Set(names.map((one) => one.path))].filter((alias) => alias !== path).sort();
    return { ...found, path, aliases };
  });
  return merged.sort((a, b) => (a.path < b.path ? -1 : 1));
}

function proofOf(bin: string, path: string, name: string): { proof: string; version?: string } {
  const named = nameVersion(name) ?? nameVersion(path.slice(path.lastIndexOf('/') + 1));
  const prefix = dirname(bin);
  const exact = named?.includes('.') === true ? [named] : [];
  for (const version of [...exact, ...nearbyVersions(prefix)]) {
    const proof = join(prefix, 'lib', `${implementationOf(name) === 'pypy' ? 'pypy' : 'python'}${version}`, 'os.py');
    if (fileStats(proof) !== undefined) return { proof, version: exactVersion(prefix, version) ?? version };
  }
  for (const proof of [join(bin, 'Lib', 'os.py'), join(bin, 'lib', 'os.py')]) {
    if (fileStats(proof) !== undefined)
      return {
        proof,
        ...versionPart(
          patchLevel(join(bin, 'include', 'patchlevel.h')) ??
            /[\\/]Python(3)(\d+)(?:-\d+)?$/.exec(bin)?.slice(1, 3).join('.') ??
            named,
        ),
      };
  }
  return { proof: path, ...versionPart(named) };
}

/** Versions whose standard library may lie below a prefix, the newest first; asked for only where the name has none. */
function nearbyVersions(prefix: string): string[] {
  const versions: string[] = [];
  for (let minor = 15; minor >= 5; minor -= 1) versions.push(`3.${minor}`);
  versions.push('2.7');
  return fileStats(join(prefix, 'lib'))?.isDirectory() === true ? versions : [];
}

function exactVersion(prefix: string, version: string): string | undefined {
  return (
    patchLevel(join(prefix, 'include', `python${version}`, 'patchlevel.h')) ??
    patchLevel(join(prefix, 'include', `python${version}m`, 'patchlevel.h')) ??
    folderVersion(prefix, version)
  );
}

/** Version that a folder such as `3.11.7` states. */
function folderVersion(prefix: string, version: string): string | undefined {
  const stated = /(?:^|[-@/])(\d+\.\d+\.\d+)(?:[-/+]|$)/.exec(prefix.slice(prefix.lastIndexOf('/') + 1))?.[1];
  return stated?.startsWith(`${version}.`) === true ? stated : undefined;
}

function patchLevel(path: string): string | undefined {
  return /^#define PY_VERSION\s+"([^"+]+)/m.exec(readSmallText(path) ?? '')?.[1];
}

function nameVersion(name: string): string | undefined {
  return NAME.exec(name)?.[2];
}

function versionPart(version: string | undefined): { version?: string } {
  return version === undefined ? {} : { version };
}

function implementationOf(name: string): InterpreterFound['implementation'] {
  if (name.startsWith('pypy')) return 'pypy';
  return name.startsWith('graalpy') ? 'graalpy' : 'cpython';
}

/** How an interpreter came to the machine, by where it lies. Source: documentation of the installers. */
function kindOf(path: string, machine: MachineFacts): InterpreterFound['kind'] {
  const inside = withoutRoot(path, machine.systemRoot);
  if (/\/\.pyenv\/|\/pyenv-win\//.test(inside)) return 'pyenv';
  if (/\/\.asdf\//.test(inside)) return 'asdf';
  if (/\/mise\/installs\//.test(inside)) return 'mise';
  if (/\/uv\/python\//.test(inside)) return 'uv';
  if (/\/\.pixi\//.test(inside)) return 'pixi';
  if (inside.startsWith('/nix/')) return 'nix';
  if (inside.startsWith('/snap/')) return 'snap';
  if (/\/Cellar\/|^\/opt\/homebrew\/|\/\.?linuxbrew\//.test(inside)) return 'homebrew';
  if (/\/(?:ana|mini)conda\d?\/|\/mini(?:forge|mamba)\d?\/|\/mambaforge\/|\/micromamba\/|\/opt\/conda\//i.test(inside))
    return 'conda';
  if (/\/Library\/Frameworks\/Python\.framework\//.test(inside)) return 'python-org';
  if (/\/CommandLineTools\/|\/Xcode[^/]*\.app\//.test(inside)) return 'apple';
  if (/\/WindowsApps\//.test(inside)) return 'store';
  if (/\/WPy(?:64|32)-/.test(inside)) return 'winpython';
  if (/\/AppData\/Local\/Python\//.test(inside)) return 'install-manager';
  if (/\/Programs\/Python\/|\/Program Files(?: \(x86\))?\/Python ?\d|^(?:[A-Za-z]:)?\/Python\d/.test(inside))
    return 'python-org';
  if (/^\/(?:usr\/)?s?bin\/|^\/usr\/libexec\//.test(inside)) return 'system';
  if (/^\/usr\/local\/bin\/|\/\.local\/bin\//.test(inside)) return 'local';
  return 'embedded';
}

function linkTarget(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return 'a place that cannot be read';
  }
}

function realPathOf(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}
