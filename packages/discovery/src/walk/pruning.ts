/** Folders that are never entered: caches and internals without anything that people wrote or run from there. */
const PRUNED_NAMES = new Set([
  '__pycache__',
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  '.mypy_cache',
  '.ruff_cache',
  '.pytest_cache',
  '.ipynb_checkpoints',
  '.gradle',
  '.m2',
  '.npm',
  '.yarn',
  '.pnpm-store',
  '.terraform',
  '$Recycle.Bin',
  'System Volume Information',
  '.Spotlight-V100',
  '.fseventsd',
  'lost+found',
]); // prettier-ignore

/** Ends of paths that are never entered: package caches. Source: documentation of the tools. */
const PRUNED_ENDS = [
  '/.cache/pip',
  '/pip/cache',
  '/Library/Caches/pip',
  '/.cargo/registry',
  '/go/pkg/mod',
  '/.rustup/toolchains',
  '/uv/archive-v0',
  '/uv/builds-v0',
  '/uv/sdists-v9',
  '/pypoetry/cache',
  '/pypoetry/Cache/cache',
  '/pypoetry/artifacts',
  '/.cache/ms-playwright',
  '/.cache/node',
  '/.cache/yarn',
  '/.cache/go-build',
  '/.cache/huggingface',
]; // prettier-ignore
const PRUNED_END_NAMES = lastNames(PRUNED_ENDS);

/** Folder names under which everything belongs to an application, a library or a tool. */
const LIBRARY_NAMES = new Set([
  'third_party',
  'third-party',
  '_vendor',
  'vendor',
  'vendored',
  'bower_components',
  '.pyenv',
  '.asdf',
  '.vscode',
  '.vscode-server',
  '.cursor',
  '.cursor-server',
  '.cargo',
  '.rustup',
  '.nvm',
  '.cache',
  '.oh-my-zsh',
  '.tox',
  '.nox',
  'AppData',
  '.eggs',
  '.conda',
]); // prettier-ignore

/** Where pip unpacks and builds. Source: pip, names of its temporary folders. */
const PIP_WORK =
  /^pip-(?:build-env|build|download|ephem-wheel-cache|install|metadata|modern-metadata|req-build|req-tracker|unpack|wheel)-/;

/** Ends of paths under which everything belongs to a tool. */
const LIBRARY_ENDS = [
  '/Library/Caches',
  '/share/uv',
  '/share/mise',
  '/share/pipx',
  '/share/hatch',
  '/share/virtualenv',
  '/Library/Application Support',
];
const LIBRARY_END_NAMES = lastNames(LIBRARY_ENDS);

/** Folders of the system and its package manager. Source: Filesystem Hierarchy Standard 3.0; vendors' documentation. */
const SYSTEM_ROOTS = [
  '/usr/bin',
  '/usr/sbin',
  '/usr/lib',
  '/usr/lib32',
  '/usr/lib64',
  '/usr/libexec',
  '/usr/share',
  '/usr/include',
  '/usr/src',
  '/bin',
  '/sbin',
  '/lib',
  '/lib32',
  '/lib64',
  '/boot',
  '/snap',
  '/nix',
  '/var/lib',
  '/var/cache',
  '/System',
  '/Library',
  '/Applications',
  '/private/var/db',
  '/usr/local/lib',
  '/usr/local/share',
  '/usr/local/Cellar',
  '/opt/homebrew',
  '/home/linuxbrew',
]; // prettier-ignore
const SYSTEM_ROOTS_WINDOWS = ['/Windows', '/Program Files', '/Program Files (x86)', '/ProgramData'];
const ALL_SYSTEM_ROOTS = [...SYSTEM_ROOTS, ...SYSTEM_ROOTS_WINDOWS];
const SYSTEM_ROOT_NAMES = new Set(ALL_SYSTEM_ROOTS);

/** Images of containers: another machine's files, scanned from inside that machine. */
const CONTAINER_STORES = [
  '/var/lib/docker',
  '/var/lib/containerd',
  '/var/lib/containers/storage',
  '/var/lib/kubelet/pods',
];

/** Whether a folder is never entered. */
export function isPruned(name: string, path: string): boolean {
  if (PRUNED_NAMES.has(name)) return true;
  return PRUNED_END_NAMES.has(name) && PRUNED_ENDS.some((end) => plainPath(path).endsWith(end));
}

/** Whether everything from this folder on belongs to a tool or a library. */
export function startsLibrary(name: string, path: string): boolean {
  if (LIBRARY_NAMES.has(name) || PIP_WORK.test(name)) return true;
  return LIBRARY_END_NAMES.has(name) && LIBRARY_ENDS.some((end) => plainPath(path).endsWith(end));
}

/** Whether a path of the machine is where the system's own folders begin. */
export function startsSystem(path: string): boolean {
  return SYSTEM_ROOT_NAMES.has(withoutDrive(path)) || /^\/etc\/python[\d.]+$/.test(path);
}

/** Whether a path of the machine, without the system root in front, belongs to the system. */
export function isSystemPath(path: string): boolean {
  const plain = withoutDrive(path);
  return ALL_SYSTEM_ROOTS.some((root) => plain === root || plain.startsWith(`${root}/`));
}

/** Whether a path holds images of containers. */
export function isContainerStore(path: string): boolean {
  return CONTAINER_STORES.includes(path);
}

/** Path with forward slashes. */
export function plainPath(path: string): string {
  return path.includes('\\') ? path.replaceAll('\\', '/') : path;
}

function withoutDrive(path: string): string {
  return plainPath(path).replace(/^[A-Za-z]:/, '');
}

function lastNames(paths: readonly string[]): Set<string> {
  return new Set(paths.map((path) => path.slice(path.lastIndexOf('/') + 1)));
}
