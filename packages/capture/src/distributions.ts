import { closeSync, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import { join } from 'node:path';

/** An installed distribution. */
export interface Distribution {
  /** Normalised name. Source: PEP 503. */
  readonly name: string;
  /** Version as its metadata states it. */
  readonly version: string;
}

interface Installed extends Distribution {
  readonly topLevel: readonly string[];
  readonly metadataFolder: string;
}

interface Folder {
  readonly mtimeMs: number;
  readonly byModule: ReadonlyMap<string, readonly Installed[]>;
}

/** Bytes read of a METADATA file: the headers come first, the description after them may be long. */
const METADATA_HEAD_BYTES = 16 * 1024;
/** Folders kept; the least recently read goes first. */
const MAX_FOLDERS = 64;

/**
 * Which distribution a module belongs to, from the metadata beside it. No interpreter is started.
 *
 * Source: PyPA specification "Recording installed projects" (`*.dist-info`); setuptools' `*.egg-info`.
 */
export class DistributionIndex {
  readonly #folders = new Map<string, Folder>();

  /**
   * @param moduleName - Top-level module name.
   * @param modulePath - File or folder that it was loaded from.
   */
  find(moduleName: string, modulePath: string): Distribution | undefined {
    const root = packagesFolder(moduleName, modulePath);
    if (root === undefined) return undefined;
    const candidates = this.#folder(root)?.byModule.get(moduleName);
    if (candidates === undefined || candidates.length === 0) return undefined;
    const only =
      candidates.length === 1 ? candidates[0] : candidates.find((found) => recordLists(found, root, modulePath));
    return only === undefined ? undefined : { name: only.name, version: only.version };
  }

  #folder(path: string): Folder | undefined {
    try {
      const { mtimeMs } = statSync(path);
      const known = this.#folders.get(path);
      if (known?.mtimeMs === mtimeMs) return known;
      const folder = { mtimeMs, byModule: readFolder(path) };
      this.#folders.delete(path);
      this.#folders.set(path, folder);
      const oldest = this.#folders.size > MAX_FOLDERS ? this.#folders.keys().next().value : undefined;
      if (oldest !== undefined) this.#folders.delete(oldest);
      return folder;
    } catch {
      return undefined;
    }
  }
}

/**
 * Folder that a top-level module was installed into: the `site-packages` or `dist-packages` of its path,
 * else the folder that holds the module itself (`pip install --target`).
 */
export function packagesFolder(moduleName: string, modulePath: string): string | undefined {
  const site = /^(.*[\\/](?:site|dist)-packages)(?:[\\/]|$)/.exec(modulePath);
  if (site?.[1] !== undefined) return site[1];
  const parts = modulePath.split(/[\\/]/);
  for (let i = parts.length - 1; i > 0 && i >= parts.length - 2; i--) {
    const part = parts[i] ?? '';
    if (part === moduleName || part.startsWith(`${moduleName}.`)) return parts.slice(0, i).join('/') || '/';
  }
  return undefined;
}

function readFolder(path: string): Map<string, Installed[]> {
  const byModule = new Map<string, Installed[]>();
  for (const entry of readdirSync(path)) {
    if (!entry.endsWith('.dist-info') && !entry.endsWith('.egg-info') && !entry.endsWith('.egg')) continue;
    const installed = readInstalled(path, entry);
    if (installed === undefined) continue;
    for (const name of installed.topLevel) {
      const found = byModule.get(name);
      if (found === undefined) byModule.set(name, [installed]);
      else found.push(installed);
    }
  }
  return byModule;
}

function readInstalled(folder: string, entry: string): Installed | undefined {
  const path = join(folder, entry);
  const metadataFolder = entry.endsWith('.egg') ? join(path, 'EGG-INFO') : path;
  // A plain `x.egg-info` file is the metadata itself (distutils).
  const metadata = [join(metadataFolder, 'METADATA'), join(metadataFolder, 'PKG-INFO'), path]
    .map((file) => head(file))
    .find((text) => text !== undefined);
  if (metadata === undefined) return undefined;
  const name = header(metadata, 'Name');
  const version = header(metadata, 'Version');
  if (name === undefined || version === undefined) return undefined;
  return { name: normaliseName(name), version, topLevel: topLevelModules(metadataFolder, name), metadataFolder };
}

function topLevelModules(metadataFolder: string, name: string): string[] {
  const listed = read(join(metadataFolder, 'top_level.txt'));
  const record = read(join(metadataFolder, 'RECORD'));
  const modules = new Set<string>();
  for (const line of listed?.split('\n') ?? []) {
    if (line.trim() !== '') modules.add(line.trim());
  }
  for (const line of record?.split('\n') ?? []) {
    const module = moduleOfRecord(line);
    if (module !== undefined) modules.add(module);
  }
  // Metadata without either list: by convention the module has the name of its distribution.
  if (modules.size === 0) modules.add(name.toLowerCase().replaceAll(/[-.]+/g, '_'));
  return [...modules];
}

/** Top-level module of a RECORD line such as `requests/api.py,sha256=…,6449` or `six.py,…`. */
function moduleOfRecord(line: string): string | undefined {
  const path = recordPath(line);
  const slash = path.indexOf('/');
  const first = slash === -1 ? path : path.slice(0, slash);
  if (slash !== -1) {
    const isModule = /\.(py|so|pyd|pyc)$/.test(path) && /^[A-Za-z_]\w*$/.test(first) && first !== '__pycache__';
    return isModule ? first : undefined;
  }
  return /^([A-Za-z_]\w*)(?:\.[\w-]+)*\.(?:py|so|pyd)$/.exec(first)?.[1];
}

function recordPath(line: string): string {
  if (line.startsWith('"')) return line.slice(1, line.indexOf('"', 1));
  const comma = line.indexOf(',');
  return (comma === -1 ? line : line.slice(0, comma)).replaceAll('\\', '/');
}

/** Whether a distribution's own list names the file: decides where several share a namespace. */
function recordLists(found: Installed, root: string, modulePath: string): boolean {
  const relative = modulePath.slice(root.length + 1).replaceAll('\\', '/');
  const record = read(join(found.metadataFolder, 'RECORD'));
  return record?.split('\n').some((line) => recordPath(line) === relative) ?? false;
}

function header(metadata: string, name: string): string | undefined {
  const end = metadata.search(/\r?\n\r?\n/);
  const headers = end === -1 ? metadata : metadata.slice(0, end);
  return new RegExp(`^${name}:[ \\t]*(\\S.*?)\\s*$`, 'im').exec(headers)?.[1];
}

/** Source: PEP 503, normalised names. */
export function normaliseName(name: string): string {
  return name.replaceAll(/[-_.]+/g, '-').toLowerCase();
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return undefined;
  }
}

function head(path: string): string | undefined {
  let handle: number | undefined;
  try {
    handle = openSync(path, 'r');
    const bytes = Buffer.alloc(METADATA_HEAD_BYTES);
    return bytes.toString('utf8', 0, readSync(handle, bytes, 0, bytes.length, 0));
  } catch {
    return undefined;
  } finally {
    if (handle !== undefined) closeSync(handle);
  }
}
