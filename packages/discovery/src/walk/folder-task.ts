import type {
  EnvironmentFound,
  FrozenFound,
  InterpreterFound,
  KernelFound,
  LauncherFound,
  LeftOut,
  NotebookFound,
  PackageInstalled,
  ReferenceFound,
  ScriptFound,
} from '@sentinel/protocol';

/** Repository that a folder lies in. */
export interface RepositoryFacts {
  readonly root: string;
  readonly hasRemote: boolean;
}

/** A folder to read, with what its ancestors tell about it. */
export interface FolderTask {
  readonly path: string;
  /** Share of the whole walk, 0 to 1: a folder hands its share on to its subfolders in equal parts. */
  readonly weight: number;
  /** Whether what lies here belongs to a system, an application or a library rather than to people. */
  readonly isLibrary: boolean;
  readonly repository?: RepositoryFacts;
}

/** An interpreter as one folder shows it; names of the same file are merged later. */
export interface InterpreterSeen extends InterpreterFound {
  /** Device and inode of the file behind all links. */
  readonly fileKey: string;
  /** Path of the file behind all links. */
  readonly realPath: string;
}

/** What one folder holds. Kinds without a find are absent. */
export interface FolderFinds {
  interpreters?: InterpreterSeen[];
  environments?: EnvironmentFound[];
  packages?: PackageInstalled[];
  scripts?: ScriptFound[];
  notebooks?: NotebookFound[];
  launchers?: LauncherFound[];
  kernels?: KernelFound[];
  frozen?: FrozenFound[];
  references?: ReferenceFound[];
}

/** Outcome of reading one folder. */
export interface FolderReading {
  readonly entries: number;
  readonly subfolders: FolderTask[];
  readonly finds: FolderFinds | undefined;
  readonly librarySources: number;
  readonly placeholders: number;
  readonly pruned: number;
  readonly leftOut: LeftOut[];
}

/** Adds a find, making its list on first use. */
export function addFind<K extends keyof FolderFinds>(
  finds: FolderFinds,
  kind: K,
  find: NonNullable<FolderFinds[K]>[number],
): void {
  const list = (finds[kind] ??= [] as NonNullable<FolderFinds[K]>) as unknown[];
  list.push(find);
}
