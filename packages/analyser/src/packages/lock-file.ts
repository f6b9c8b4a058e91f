import type { PackageUse } from '@sentinel/protocol';
import { parse } from 'smol-toml';
import { normaliseName } from '../advisories/distribution-name.ts';

/** Files that pin versions, by name. */
export function isLockFile(name: string): boolean {
  return /^(?:poetry\.lock|uv\.lock|pdm\.lock|Pipfile\.lock|pylock(?:\.[^.]+)?\.toml)$/.test(name);
}

/**
 * Packages of a lock file with their exact versions.
 *
 * Source: PEP 751 for pylock.toml; the tools' own pages for the others.
 *
 * @param name Name of the file without folder.
 * @throws when the file is neither TOML nor JSON, as its name says.
 */
export function readLockFile(name: string, text: string): PackageUse[] {
  if (name === 'Pipfile.lock') return readPipfile(JSON.parse(text));
  const document: Record<string, unknown> = parse(text);
  const list = name.startsWith('pylock') ? document['packages'] : document['package'];
  if (!Array.isArray(list)) return [];
  return list.flatMap((entry: unknown): PackageUse[] => {
    if (!isTable(entry) || typeof entry['name'] !== 'string' || isOwnProject(entry['source'])) return [];
    return [use(entry['name'], entry['version'])];
  });
}

function readPipfile(document: unknown): PackageUse[] {
  if (!isTable(document)) return [];
  return Object.entries(document).flatMap(([section, entries]) => {
    if (section === '_meta' || !isTable(entries)) return [];
    return Object.entries(entries).map(([name, entry]) => {
      const version = isTable(entry) ? entry['version'] : undefined;
      return use(name, typeof version === 'string' ? version.replace(/^={2,3}/, '') : undefined);
    });
  });
}

/** The project itself stands in its own lock file of uv. */
function isOwnProject(source: unknown): boolean {
  return isTable(source) && ['virtual', 'editable', 'directory'].some((kind) => typeof source[kind] === 'string');
}

function use(name: string, version: unknown): PackageUse {
  return {
    distribution: normaliseName(name),
    ...(typeof version === 'string' ? { version } : {}),
    ground: 'lock-file',
  };
}

function isTable(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
