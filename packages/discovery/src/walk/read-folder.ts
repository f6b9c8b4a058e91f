import { type Dirent, readdirSync } from 'node:fs';
import { join, sep } from 'node:path';
import type { LeftOut, PackageInstalled, PlaceFound, ScriptFound } from '@sentinel/protocol';
import { hasLibraryName, readEmbedded } from '../classify/embedded.ts';
import {
  condaPackages,
  ENVIRONMENT_FOLDERS,
  readCondaEnvironment,
  readOldVirtualEnvironment,
  readVirtualEnvironment,
  sitePackagesFolders,
} from '../classify/environment.ts';
import {
  fileStats,
  isPlaceholder,
  ownerOf,
  readHead,
  readSmallText,
  readTail,
  timesOf,
} from '../classify/file-facts.ts';
import { FROZEN_TAIL_BYTES, MIN_FROZEN_BYTES, packedBeside, pyinstallerVersion } from '../classify/frozen.ts';
import { hasInterpreterName, isExecutableImage, readInterpreter } from '../classify/interpreter.ts';
import { parseKernel } from '../classify/kernel.ts';
import { LAUNCHER_KINDS, readLauncher } from '../classify/launcher.ts';
import { installedPackages, normaliseDistribution } from '../classify/packages.ts';
import { placeOf, withoutRoot } from '../classify/place.ts';
import { hasReferenceName, readReference } from '../classify/reference.ts';
import { isEntryPoint, isZip, readNotebook, readSource, roleOf, shebangKind } from '../classify/source.ts';
import type { MachineFacts } from '../machine-facts.ts';
import { addFind, type FolderFinds, type FolderReading, type FolderTask, type RepositoryFacts } from './folder-task.ts';
import { isContainerStore, isPruned, isSystemPath, startsLibrary, startsSystem } from './pruning.ts';
import { withoutTouches } from './touch-log.ts';

/** What an ending means; a name without an entry is nothing of ours. */
const ENDINGS = new Map<string, 'source' | 'notebook' | 'archive' | 'launcher' | 'program' | 'setting'>([
  ['.py', 'source'],
  ['.pyw', 'source'],
  ['.pyx', 'source'],
  ['.xonsh', 'source'],
  ['.ipynb', 'notebook'],
  ['.pyz', 'archive'],
  ['.exe', 'program'],
  ...['.json', '.xml', '.conf', '.cfg', '.xlam', '.xla', '.xll'].map((ending): [string, 'setting'] => [
    ending,
    'setting',
  ]),
  ...Object.keys(LAUNCHER_KINDS).map((ending): [string, 'launcher'] => [ending, 'launcher']),
]);
const head = Buffer.alloc(128);
const tail = Buffer.alloc(FROZEN_TAIL_BYTES);

/** Reads one folder: what it holds, and which of its subfolders to go on with. */
export function readFolder(task: FolderTask, machine: MachineFacts): FolderReading {
  let entries: Dirent[];
  try {
    entries = readdirSync(task.path, { withFileTypes: true });
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    // A folder that went away meanwhile is no gap.
    const leftOut: LeftOut[] =
      code === 'ENOENT' || code === 'ENOTDIR'
        ? []
        : [{ path: task.path, reason: code === 'EACCES' || code === 'EPERM' ? 'no-permission' : 'failed' }];
    return { entries: 0, subfolders: [], finds: undefined, librarySources: 0, placeholders: 0, pruned: 0, leftOut };
  }
  return new FolderReader(task, machine, entries).read();
}

/** Folder that is being read; lives as long as one call. */
class FolderReader {
  readonly #task: FolderTask;
  readonly #machine: MachineFacts;
  readonly #entries: readonly Dirent[];
  readonly #finds: FolderFinds = {};
  readonly #subfolders: { path: string; isLibrary: boolean }[] = [];
  readonly #leftOut: LeftOut[] = [];
  #repository: RepositoryFacts | undefined;
  #place: PlaceFound | undefined;
  #hasFinds = false;
  #librarySources = 0;
  #placeholders = 0;
  #pruned = 0;
  /** Whether sources of this folder belong to an interpreter, environment or application. */
  #isLibrary: boolean;
  #isInPackage = false;

  constructor(task: FolderTask, machine: MachineFacts, entries: readonly Dirent[]) {
    this.#task = task;
    this.#machine = machine;
    this.#entries = entries;
    this.#isLibrary = task.isLibrary;
    this.#repository = task.repository;
  }

  read(): FolderReading {
    const { path } = this.#task;
    const name = path.slice(path.lastIndexOf(sep) + 1);
    const marks = this.#marks();
    if (name === 'site-packages' || name === 'dist-packages') this.#readSite();
    else if (marks.has('pyvenv.cfg')) this.#readEnvironment();
    else if (marks.has('conda-meta')) this.#readConda();
    else if (marks.has('os.py') && marks.has('site.py') && marks.has('abc.py')) this.#readStandardLibrary();
    else this.#readOrdinary(marks);
    const weight = this.#subfolders.length === 0 ? 0 : this.#task.weight / this.#subfolders.length;
    const repository = this.#repository;
    return {
      entries: this.#entries.length,
      subfolders: this.#subfolders.map((subfolder) => ({
        ...subfolder,
        weight,
        ...(repository === undefined ? {} : { repository }),
      })),
      finds: this.#hasFinds ? this.#finds : undefined,
      librarySources: this.#librarySources,
      placeholders: this.#placeholders,
      pruned: this.#pruned,
      leftOut: this.#leftOut,
    };
  }

  /** Names that change what a folder is. */
  #marks(): Set<string> {
    const marks = new Set<string>();
    for (const { name } of this.#entries) {
      switch (name) {
        case 'pyvenv.cfg':
        case 'conda-meta':
        case 'os.py':
        case 'site.py':
        case 'abc.py':
        case '__init__.py':
        case '.git':
        case 'activate':
        case 'activate_this.py':
        case 'python.exe':
        case 'kernel.json':
          marks.add(name);
          break;
        default:
      }
    }
    return marks;
  }

  #add<K extends keyof FolderFinds>(kind: K, find: NonNullable<FolderFinds[K]>[number]): void {
    addFind(this.#finds, kind, find);
    this.#hasFinds = true;
  }

  #readSite(): void {
    const isSystem =
      isSystemPath(withoutRoot(this.#task.path, this.#machine.systemRoot)) && this.#task.path.endsWith('dist-packages');
    const names = this.#entries.map(({ name }) => name);
    // Installers replace the record of a distribution as a whole, which shows in this folder's own time.
    const packages = withoutTouches(() => installedPackages(this.#task.path, names, isSystem));
    for (const found of packages) this.#add('packages', found);
    this.#skipSubfolders();
  }

  #readStandardLibrary(): void {
    for (const entry of this.#entries) {
      if (entry.isDirectory() && (entry.name === 'site-packages' || entry.name === 'dist-packages'))
        this.#subfolders.push({ path: join(this.#task.path, entry.name), isLibrary: true });
      else if (entry.name.endsWith('.py')) this.#librarySources += 1;
    }
    this.#pruned += 1;
  }

  #readEnvironment(): void {
    const { path } = this.#task;
    this.#add('environments', readVirtualEnvironment(path, this.#machine));
    for (const site of sitePackagesFolders(path)) this.#subfolders.push({ path: site, isLibrary: true });
    // People keep their own scripts inside an environment's folder more often than its makers meant.
    for (const entry of this.#entries) {
      if (!entry.isDirectory()) this.#readFile(entry);
      else if (ENVIRONMENT_FOLDERS.has(entry.name)) this.#pruned += 1;
      else this.#enter(entry.name);
    }
  }

  #readConda(): void {
    const { path } = this.#task;
    const found = readCondaEnvironment(path, this.#machine);
    this.#add('environments', found);
    for (const { name, version } of condaPackages(path)) {
      const fromConda: PackageInstalled = {
        distribution: normaliseDistribution(name),
        version,
        site: path,
        installer: 'conda',
      };
      this.#add('packages', fromConda);
    }
    for (const bin of [join(path, 'bin'), path]) {
      for (const name of bin === path ? ['python.exe'] : ['python3', 'python']) {
        const interpreter = readInterpreter(bin, name, this.#machine);
        if (interpreter === undefined) continue;
        const version = found.version ?? interpreter.version;
        const kind = found.kind === 'pixi' ? 'pixi' : 'conda';
        this.#add('interpreters', { ...interpreter, kind, ...(version === undefined ? {} : { version }) });
      }
    }
    for (const site of sitePackagesFolders(path)) this.#subfolders.push({ path: site, isLibrary: true });
    for (const entry of this.#entries) {
      if (entry.isDirectory() && entry.name === 'envs')
        this.#subfolders.push({ path: join(path, 'envs'), isLibrary: false });
    }
    this.#pruned += 1;
  }

  #readOrdinary(marks: Set<string>): void {
    const { path } = this.#task;
    this.#isInPackage = marks.has('__init__.py');
    if (marks.has('.git')) this.#repository = { root: path, hasRemote: hasRemote(path) };
    if (marks.has('activate') && /[\\/](?:bin|Scripts)$/.test(path) && this.#hasInterpreter()) {
      this.#add('environments', readOldVirtualEnvironment(join(path, '..'), join(path, 'activate'), this.#machine));
      this.#isLibrary = true;
    } else if (/[\\/]bin$/.test(path) && this.#hasInterpreter()) this.#isLibrary = true;
    if (marks.has('python.exe') && this.#entries.some(({ name }) => name === 'Lib' || name === 'DLLs'))
      this.#isLibrary = true;
    if (marks.has('kernel.json')) {
      const file = join(path, 'kernel.json');
      const kernel = parseKernel(file, readSmallText(file) ?? '');
      if (kernel !== undefined) this.#add('kernels', kernel);
    }
    for (const entry of this.#entries) {
      if (entry.isDirectory()) this.#enter(entry.name);
      else this.#readFile(entry);
    }
  }

  #hasInterpreter(): boolean {
    return this.#entries.some(({ name }) => hasInterpreterName(name));
  }

  #skipSubfolders(): void {
    this.#pruned += this.#entries.reduce((sum, entry) => sum + (entry.isDirectory() ? 1 : 0), 0);
  }

  #enter(name: string): void {
    const path = join(this.#task.path, name);
    const reason = this.#machine.leftOut.get(path);
    if (reason !== undefined) {
      if (reason !== 'pseudo') this.#leftOut.push({ path, reason });
      return;
    }
    if (isPruned(name, path)) {
      this.#pruned += 1;
      return;
    }
    const inside = withoutRoot(path, this.#machine.systemRoot);
    if (isContainerStore(inside)) {
      this.#leftOut.push({ path, reason: 'container' });
      return;
    }
    // Interpreters and environments are looked for everywhere; only people's own files are not.
    // A root that was asked for counts as people's own wherever it lies: only entering makes a library.
    const isLibrary = this.#isLibrary || startsLibrary(name, path) || startsSystem(inside);
    this.#subfolders.push({ path, isLibrary });
  }

  #readFile(entry: Dirent): void {
    const { name } = entry;
    const initial = name.charCodeAt(0);
    // p and g: the names of interpreters.
    if ((initial === 0x70 || initial === 0x67) && hasInterpreterName(name)) {
      const interpreter = readInterpreter(this.#task.path, name, this.#machine);
      if (interpreter !== undefined) this.#add('interpreters', interpreter);
      return;
    }
    if (!entry.isFile()) return;
    if ((initial === 0x70 || initial === 0x6c) && hasLibraryName(name)) {
      const embedded = readEmbedded(this.#task.path, name, this.#machine);
      if (embedded !== undefined) this.#add('interpreters', embedded);
      return;
    }
    const dot = name.lastIndexOf('.');
    if (dot <= 0) {
      if (!this.#isLibrary) this.#readWithoutEnding(name);
      return;
    }
    const kind = ENDINGS.get(name.slice(dot).toLowerCase());
    if (kind === 'setting' && hasReferenceName(name)) {
      const reference = readReference(this.#task.path, name);
      if (reference !== undefined) this.#add('references', reference);
      return;
    }
    if (kind === undefined || kind === 'setting') return;
    if (this.#isLibrary) {
      if (kind === 'source') this.#librarySources += 1;
      return;
    }
    this.#readOwn(name, kind, name.slice(dot).toLowerCase());
  }

  #readOwn(name: string, kind: 'source' | 'notebook' | 'archive' | 'launcher' | 'program', ending: string): void {
    const path = join(this.#task.path, name);
    const stats = fileStats(path);
    if (stats === undefined) return;
    if (isPlaceholder(stats)) this.#placeholders += 1;
    switch (kind) {
      case 'source': {
        const { facts, bytes } = readSource(path, stats, this.#placeHere(), this.#machine);
        this.#add('scripts', { ...facts, ground: 'extension', role: this.#role(name, bytes) });
        return;
      }
      case 'archive':
        this.#add('scripts', {
          ...readSource(path, stats, this.#placeHere(), this.#machine).facts,
          ground: 'archive',
          role: 'script',
        });
        return;
      case 'notebook':
        this.#add('notebooks', readNotebook(this.#task.path, name, stats, this.#placeHere(), this.#machine));
        return;
      case 'launcher': {
        const launcherKind = LAUNCHER_KINDS[ending];
        const commands = launcherKind === undefined ? [] : readLauncher(path, stats, launcherKind);
        if (launcherKind === undefined || commands.length === 0) return;
        const { modifiedAt } = timesOf(stats);
        this.#add('launchers', {
          path,
          kind: launcherKind,
          commands,
          owner: ownerOf(stats, this.#machine),
          place: this.#placeHere(),
          modifiedAt,
        });
        return;
      }
      case 'program':
        this.#readProgram(path, stats.size);
        return;
      default:
        kind satisfies never;
    }
  }

  /** A name without an ending: its first line tells what it is. */
  #readWithoutEnding(name: string): void {
    const path = join(this.#task.path, name);
    const stats = fileStats(path);
    if (stats === undefined || stats.size < 8) return;
    if (isPlaceholder(stats)) {
      this.#placeholders += 1;
      return;
    }
    const length = readHead(path, head);
    if (length < 8) return;
    const start = head.subarray(0, length);
    if (isExecutableImage(start)) {
      this.#readProgram(path, stats.size);
      return;
    }
    if (shebangKind(start) === undefined) return;
    const { facts, bytes } = readSource(path, stats, this.#placeHere(), this.#machine);
    if (bytes !== undefined && isEntryPoint(bytes)) {
      this.#librarySources += 1;
      return;
    }
    const isArchive = bytes !== undefined && isZip(bytes);
    this.#add('scripts', { ...facts, ground: isArchive ? 'archive' : 'shebang', role: 'script' });
  }

  #readProgram(path: string, sizeBytes: number): void {
    if (sizeBytes < MIN_FROZEN_BYTES) return;
    const stats = fileStats(path);
    if (stats === undefined || isPlaceholder(stats)) return;
    const length = readTail(path, sizeBytes, tail);
    const frozen = pyinstallerVersion(tail.subarray(0, length));
    const kind = frozen === undefined ? packedBeside(this.#task.path, this.#entries) : 'pyinstaller';
    if (kind === undefined) return;
    this.#add('frozen', {
      path,
      kind,
      ...(frozen?.version === undefined ? {} : { version: frozen.version }),
      sizeBytes,
      owner: ownerOf(stats, this.#machine),
      place: this.#placeHere(),
      modifiedAt: timesOf(stats).modifiedAt,
    });
  }

  #role(name: string, bytes: Buffer | undefined): ScriptFound['role'] {
    const isInTests = /[\\/]tests?(?:[\\/]|$)/.test(this.#task.path);
    return roleOf(name, this.#isInPackage, isInTests, bytes ?? Buffer.alloc(0));
  }

  #placeHere(): PlaceFound {
    this.#place ??= placeOf(this.#task.path, this.#machine, this.#repository);
    return this.#place;
  }
}

/** Whether a repository knows another place for its history. */
function hasRemote(root: string): boolean {
  return /^\s*\[remote /m.test(readSmallText(join(root, '.git', 'config')) ?? '');
}
