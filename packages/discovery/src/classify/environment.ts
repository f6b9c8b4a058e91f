import { readlinkSync } from 'node:fs';
import { join } from 'node:path';
import type { EnvironmentFound } from '@sentinel/protocol';
import type { MachineFacts } from '../machine-facts.ts';
import { fileStats, namesInside, ownerOf, readSmallText, statBehind, timestamp } from './file-facts.ts';

/** Folders of an environment that its tool fills; what else lies in it may be people's own. */
export const ENVIRONMENT_FOLDERS = new Set([
  'bin',
  'Scripts',
  'lib',
  'lib64',
  'Lib',
  'include',
  'Include',
  'share',
  'etc',
  'man',
  'tcl',
  'DLLs',
  'libs',
  'doc',
  'src',
]); // prettier-ignore

/** Keys of `pyvenv.cfg`. Source: PEP 405; documentation of virtualenv and uv. */
export function parsePyvenvCfg(text: string): Map<string, string> {
  const keys = new Map<string, string>();
  for (const line of text.split(/\r?\n/)) {
    const at = line.indexOf('=');
    if (at > 0) keys.set(line.slice(0, at).trim().toLowerCase(), line.slice(at + 1).trim());
  }
  return keys;
}

/** Environment whose folder holds `pyvenv.cfg`. */
export function readVirtualEnvironment(prefix: string, machine: MachineFacts): EnvironmentFound {
  const proof = join(prefix, 'pyvenv.cfg');
  const keys = parsePyvenvCfg(readSmallText(proof) ?? '');
  const base = keys.get('home');
  const version = keys.get('version') ?? keys.get('version_info')?.split('.').slice(0, 3).join('.');
  const fallback = keys.has('uv') ? 'uv' : keys.has('virtualenv') ? 'virtualenv' : 'venv';
  return environment(prefix, proof, kindByPlace(prefix) ?? fallback, machine, { version, base });
}

/** Environment that an old virtualenv made: activation scripts and no `pyvenv.cfg`. */
export function readOldVirtualEnvironment(prefix: string, activation: string, machine: MachineFacts): EnvironmentFound {
  const version = sitePackagesFolders(prefix)
    .map((folder) => /python(\d+\.\d+)/.exec(folder)?.[1])
    .find((found) => found !== undefined);
  return environment(prefix, activation, kindByPlace(prefix) ?? 'virtualenv', machine, { version });
}

/** Environment of the conda family: `conda-meta/history`, or `conda-meta/pixi`. */
export function readCondaEnvironment(prefix: string, machine: MachineFacts): EnvironmentFound {
  const isPixi =
    /[\\/]\.pixi[\\/](?:envs|workspaces)[\\/]/.test(prefix) ||
    fileStats(join(prefix, 'conda-meta', 'pixi')) !== undefined;
  const proof = join(prefix, 'conda-meta', isPixi ? 'pixi' : 'history');
  const version = condaPackages(prefix).find(({ name }) => name === 'python')?.version;
  return environment(prefix, proof, isPixi ? 'pixi' : 'conda', machine, { version });
}

/** Packages by the names of their records: `numpy-1.26.4-py311h_0.json`. */
export function condaPackages(prefix: string): { name: string; version: string }[] {
  return namesInside(join(prefix, 'conda-meta')).flatMap((file) => {
    const match = /^(.+)-([^-]+)-[^-]+\.json$/.exec(file);
    return match?.[1] === undefined || match[2] === undefined ? [] : [{ name: match[1], version: match[2] }];
  });
}

/** Folders that a prefix keeps installed distributions in. */
export function sitePackagesFolders(prefix: string): string[] {
  const folders: string[] = [];
  const windows = join(prefix, 'Lib', 'site-packages');
  for (const lib of ['lib', 'lib64', 'local/lib']) {
    // lib64 is a link to lib nearly everywhere.
    if (fileStats(join(prefix, lib))?.isDirectory() !== true) continue;
    for (const name of namesInside(join(prefix, lib))) {
      if (!/^(?:python|pypy)\d/.test(name)) continue;
      const site = join(prefix, lib, name, 'site-packages');
      if (fileStats(site)?.isDirectory() === true) folders.push(site);
    }
  }
  if (folders.length === 0 && fileStats(windows)?.isDirectory() === true) folders.push(windows);
  return folders;
}

function environment(
  prefix: string,
  proof: string,
  kind: EnvironmentFound['kind'],
  machine: MachineFacts,
  facts: { version?: string | undefined; base?: string | undefined },
): EnvironmentFound {
  const stats = fileStats(prefix);
  const project = readSmallText(join(prefix, '.project'), 4096)?.trim() || projectByPlace(prefix);
  const problem = problemOf(prefix);
  return {
    prefix,
    kind: kind === 'virtualenv' && project !== undefined && /[\\/]virtualenvs[\\/]/.test(prefix) ? 'pipenv' : kind,
    ...(facts.version === undefined ? {} : { version: facts.version }),
    ...(facts.base === undefined ? {} : { base: facts.base }),
    ...(project === undefined ? {} : { project }),
    proof,
    ...(problem === undefined ? {} : { problem }),
    owner: stats === undefined ? {} : ownerOf(stats, machine),
    ...(stats === undefined ? {} : { modifiedAt: timestamp(stats.mtimeMs) }),
  };
}

/** Why the interpreter of an environment cannot start, or undefined. */
function problemOf(prefix: string): string | undefined {
  const names = ['bin/python', 'bin/python3', 'Scripts/python.exe', 'python.exe', 'bin/pypy3'];
  for (const name of names) {
    const path = join(prefix, name);
    const own = fileStats(path);
    if (own === undefined) continue;
    if (!own.isSymbolicLink() || statBehind(path) !== undefined) return undefined;
    return `${name} leads to ${lastLink(path)}, which does not exist`;
  }
  return 'has no interpreter';
}

function lastLink(path: string): string {
  let current = path;
  for (let hop = 0; hop < 8; hop += 1) {
    try {
      const target = readlinkSync(current);
      current = target.startsWith('/') ? target : join(current, '..', target);
    } catch {
      return current;
    }
  }
  return current;
}

/** Tool that made an environment, by where it keeps them. Source: documentation of the tools. */
function kindByPlace(prefix: string): EnvironmentFound['kind'] | undefined {
  const plain = prefix.replaceAll('\\', '/');
  if (/\/pypoetry\/(?:Cache\/)?virtualenvs\//.test(plain)) return 'poetry';
  if (/\/uv\/tools\//.test(plain)) return 'uv-tool';
  if (/\/uv\/(?:cache\/)?environments-v\d+\//.test(plain)) return 'uv-script';
  if (/\/hatch\/env\//.test(plain)) return 'hatch';
  if (/\/pipx\/(?:venvs|shared)/.test(plain)) return 'pipx';
  if (/\/\.tox\//.test(plain)) return 'tox';
  if (/\/\.nox\//.test(plain)) return 'nox';
  if (/\/pre-commit\//.test(plain)) return 'pre-commit';
  if (/\/share\/virtualenvs\//.test(plain)) return 'pipenv';
  if (/\/\.pyenv\/versions\//.test(plain) || /\/pyenv-win\/versions\//.test(plain)) return 'pyenv-virtualenv';
  if (/\/pdm\/venvs\//.test(plain)) return 'pdm';
  if (/\/\.rye\/(?:self|tools)/.test(plain)) return 'rye';
  if (/\/\.virtualenvs\//.test(plain)) return 'virtualenvwrapper';
  if (/\/\.direnv\//.test(plain)) return 'direnv';
  return undefined;
}

function projectByPlace(prefix: string): string | undefined {
  const plain = prefix.replaceAll('\\', '/');
  return /^(.+)\/(?:\.venv|venv|\.tox\/[^/]+|\.nox\/[^/]+|\.pixi\/envs\/[^/]+|\.direnv\/[^/]+)$/.exec(plain)?.[1];
}
