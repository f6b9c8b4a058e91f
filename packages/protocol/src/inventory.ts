import { z } from 'zod';
import { Timestamp } from './activity.ts';
import { field } from './field.ts';

const COUNT = z.int().nonnegative();
const PATH = field(z.string(), { description: 'Absolute path.', sensitivity: 'internal' });

/** Who owns a file or a process. */
export const OwnerFound = z.object({
  uid: field(z.int().optional(), { description: 'User id.', sensitivity: 'internal' }),
  name: field(z.string().optional(), {
    description: 'Account name, where the machine tells it.',
    sensitivity: 'internal',
  }),
});
export type OwnerFound = z.infer<typeof OwnerFound>;

/** What sort of place a path is. */
export const PlaceClass = z.enum([
  'desktop',
  'documents',
  'downloads',
  'sync-folder',
  'share',
  'removable',
  'repository',
  'temporary',
  'home',
  'system',
  'other',
]);
export type PlaceClass = z.infer<typeof PlaceClass>;

/** Where something lies, in words that people use. */
export const PlaceFound = z.object({
  class: field(PlaceClass, { description: 'Sort of place.', sensitivity: 'public' }),
  label: field(z.string().optional(), {
    description: 'Which one, such as OneDrive (personal) or the name of a repository.',
    sensitivity: 'internal',
  }),
  isPersonalCloud: field(z.boolean().optional(), {
    description: 'Whether a sync folder belongs to a personal account, where its name tells.',
    sensitivity: 'public',
  }),
  hasRemote: field(z.boolean().optional(), {
    description: 'Whether a repository has a remote: without one, this disk holds the only copy.',
    sensitivity: 'public',
  }),
});
export type PlaceFound = z.infer<typeof PlaceFound>;

/** An executable Python. */
export const InterpreterFound = z.object({
  path: PATH,
  aliases: field(z.array(z.string()), {
    description: 'Other names of the same file, sorted.',
    sensitivity: 'internal',
  }),
  kind: field(
    z.enum([
      'system',
      'local',
      'python-org',
      'apple',
      'pep514',
      'install-manager',
      'store',
      'pyenv',
      'asdf',
      'mise',
      'conda',
      'pixi',
      'uv',
      'homebrew',
      'snap',
      'nix',
      'winpython',
      'embedded',
      'environment',
    ]),
    {
      description: 'How it came to the machine; environment: the one inside a virtual environment.',
      sensitivity: 'public',
    },
  ),
  implementation: field(z.enum(['cpython', 'pypy', 'graalpy', 'unknown']), {
    description: 'Which Python.',
    sensitivity: 'public',
  }),
  version: field(z.string().optional(), { description: 'Version as far as files tell it.', sensitivity: 'public' }),
  proof: field(z.string(), { description: 'File that shows it is one.', sensitivity: 'internal' }),
  problem: field(z.string().optional(), { description: 'Why it cannot run.', sensitivity: 'internal' }),
  owner: OwnerFound,
  modifiedAt: field(Timestamp.optional(), { description: 'Last change.', sensitivity: 'internal' }),
});
export type InterpreterFound = z.infer<typeof InterpreterFound>;

/** A set of packages with its interpreter. */
export const EnvironmentFound = z.object({
  prefix: PATH,
  kind: field(
    z.enum([
      'venv',
      'virtualenv',
      'conda',
      'poetry',
      'pipenv',
      'pixi',
      'uv',
      'uv-tool',
      'uv-script',
      'hatch',
      'pipx',
      'tox',
      'nox',
      'pre-commit',
      'virtualenvwrapper',
      'direnv',
      'pyenv-virtualenv',
      'pdm',
      'rye',
      'pixi-global',
      'nix',
    ]),
    { description: 'Which tool made it.', sensitivity: 'public' },
  ),
  version: field(z.string().optional(), { description: 'Python version it was made for.', sensitivity: 'public' }),
  base: field(z.string().optional(), { description: 'Folder of the base interpreter.', sensitivity: 'internal' }),
  project: field(z.string().optional(), {
    description: 'Project it belongs to, where that is written.',
    sensitivity: 'internal',
  }),
  proof: field(z.string(), { description: 'File that shows it is one.', sensitivity: 'internal' }),
  problem: field(z.string().optional(), {
    description: 'Why it cannot run, such as a lost base.',
    sensitivity: 'internal',
  }),
  owner: OwnerFound,
  modifiedAt: field(Timestamp.optional(), { description: 'Last change.', sensitivity: 'internal' }),
});
export type EnvironmentFound = z.infer<typeof EnvironmentFound>;

/** An installed distribution. */
export const PackageInstalled = z.object({
  distribution: field(z.string(), {
    description: 'Distribution, normalised.',
    sensitivity: 'public',
    source: 'PEP 503',
  }),
  version: field(z.string().optional(), { description: 'Version.', sensitivity: 'public', source: 'PEP 440' }),
  site: field(z.string(), { description: 'Folder it is installed in.', sensitivity: 'internal' }),
  installer: field(z.string().optional(), {
    description: 'Tool that installed it, such as pip, uv, conda or debian.',
    sensitivity: 'public',
    source: 'Recording installed projects, INSTALLER',
  }),
  origin: field(z.string().optional(), {
    description: 'Direct address it came from, without credentials.',
    sensitivity: 'internal',
    source: 'PEP 610',
  }),
  isEditable: field(z.boolean().optional(), { description: 'Whether it is a link to sources.', sensitivity: 'public' }),
});
export type PackageInstalled = z.infer<typeof PackageInstalled>;

const SourceFound = z.object({
  path: PATH,
  sizeBytes: field(COUNT, { description: 'Size.', sensitivity: 'public', unit: 'By' }),
  sha256: field(z.string().optional(), {
    description: 'SHA-256 of the bytes, unless it was not read.',
    sensitivity: 'public',
  }),
  lines: field(COUNT.optional(), { description: 'Lines, unless it was not read.', sensitivity: 'public' }),
  owner: OwnerFound,
  place: PlaceFound,
  createdAt: field(Timestamp.optional(), {
    description: 'Creation, where the file system keeps it.',
    sensitivity: 'internal',
  }),
  modifiedAt: field(Timestamp, { description: 'Last change.', sensitivity: 'internal' }),
  notRead: field(z.enum(['placeholder', 'too-large', 'no-permission', 'failed']).optional(), {
    description: 'Why only its metadata is known.',
    sensitivity: 'public',
  }),
});

/** Python source that people wrote, not a library. */
export const ScriptFound = SourceFound.extend({
  ground: field(z.enum(['extension', 'shebang', 'archive']), {
    description: 'How it was recognised.',
    sensitivity: 'public',
  }),
  role: field(z.enum(['script', 'module', 'test']), {
    description: 'script: made to be run; module: part of a package; test: a test of something.',
    sensitivity: 'public',
  }),
});
export type ScriptFound = z.infer<typeof ScriptFound>;

/** A notebook that people wrote. */
export const NotebookFound = SourceFound.extend({
  codeCells: field(COUNT.optional(), { description: 'Cells of code.', sensitivity: 'public' }),
  kernel: field(z.string().optional(), { description: 'Kernel it asks for.', sensitivity: 'internal' }),
});
export type NotebookFound = z.infer<typeof NotebookFound>;

/** A command line that starts Python, by its shape: no argument values. */
export const PythonCommand = z.object({
  program: field(z.string(), { description: 'Program as written.', sensitivity: 'internal' }),
  script: field(z.string().optional(), {
    description: 'Script, absolute where that can be told.',
    sensitivity: 'internal',
  }),
  module: field(z.string().optional(), { description: 'Module behind -m.', sensitivity: 'internal' }),
  isInline: field(z.boolean(), {
    description: 'Whether the code stands in the command itself (-c).',
    sensitivity: 'public',
  }),
  argumentCount: field(COUNT, { description: 'Arguments to the script.', sensitivity: 'public' }),
});
export type PythonCommand = z.infer<typeof PythonCommand>;

/** Something that starts Python by the clock or at sign-in. */
export const ScheduleFound = z.object({
  source: field(z.string(), { description: 'File that holds it.', sensitivity: 'internal' }),
  line: field(z.int().positive().optional(), { description: 'Line in it.', sensitivity: 'public' }),
  kind: field(
    z.enum([
      'cron',
      'anacron',
      'at',
      'systemd-timer',
      'systemd-service',
      'launchd',
      'windows-task',
      'run-key',
      'autostart',
    ]),
    { description: 'What starts it.', sensitivity: 'public' },
  ),
  name: field(z.string().optional(), { description: 'Name of the unit or task.', sensitivity: 'internal' }),
  when: field(z.string(), { description: 'When, as written.', sensitivity: 'public' }),
  user: field(z.string().optional(), { description: 'Account it runs under.', sensitivity: 'internal' }),
  isEnabled: field(z.boolean().optional(), {
    description: 'Whether it is active, where files tell.',
    sensitivity: 'public',
  }),
  command: PythonCommand,
});
export type ScheduleFound = z.infer<typeof ScheduleFound>;

/** A batch file, shell script or link that starts Python. */
export const LauncherFound = z.object({
  path: PATH,
  kind: field(z.enum(['batch', 'powershell', 'shell', 'desktop-entry', 'shortcut', 'vbscript']), {
    description: 'What it is.',
    sensitivity: 'public',
  }),
  commands: field(z.array(PythonCommand), { description: 'What it starts.', sensitivity: 'internal' }),
  owner: OwnerFound,
  place: PlaceFound,
  modifiedAt: field(Timestamp, { description: 'Last change.', sensitivity: 'internal' }),
});
export type LauncherFound = z.infer<typeof LauncherFound>;

/** A kernel that Jupyter offers. */
export const KernelFound = z.object({
  path: PATH,
  name: field(z.string(), { description: 'Name that people see.', sensitivity: 'internal' }),
  interpreter: field(z.string(), { description: 'Program it starts.', sensitivity: 'internal' }),
});
export type KernelFound = z.infer<typeof KernelFound>;

/** A program with a Python packed inside. */
export const FrozenFound = z.object({
  path: PATH,
  kind: field(z.enum(['pyinstaller', 'library-zip', 'nuitka']), {
    description: 'What packed it.',
    sensitivity: 'public',
  }),
  version: field(z.string().optional(), { description: 'Python inside.', sensitivity: 'public' }),
  sizeBytes: field(COUNT, { description: 'Size.', sensitivity: 'public', unit: 'By' }),
  owner: OwnerFound,
  place: PlaceFound,
  modifiedAt: field(Timestamp, { description: 'Last change.', sensitivity: 'internal' }),
});
export type FrozenFound = z.infer<typeof FrozenFound>;

/** A setting that names a Python: of an editor, of an Excel add-in, of another system inside this one. */
export const ReferenceFound = z.object({
  path: PATH,
  kind: field(z.enum(['vscode', 'idea', 'xlwings', 'pyxll', 'excel-startup', 'wsl']), {
    description:
      'Whose setting it is; excel-startup: an add-in that Excel loads by itself; wsl: a Linux inside Windows.',
    sensitivity: 'public',
  }),
  name: field(z.string().optional(), {
    description: 'Name of the add-in, the distribution or the setting.',
    sensitivity: 'internal',
  }),
  interpreter: field(z.string().optional(), { description: 'Interpreter as written.', sensitivity: 'internal' }),
  modules: field(z.array(z.string()).optional(), {
    description: 'Modules that the add-in loads.',
    sensitivity: 'internal',
  }),
  problem: field(z.string().optional(), {
    description: 'Why it leads nowhere, where files tell.',
    sensitivity: 'internal',
  }),
});
export type ReferenceFound = z.infer<typeof ReferenceFound>;

/** A Python that was running. */
export const PythonProcess = z.object({
  pid: field(z.int().positive(), { description: 'Process id.', sensitivity: 'public' }),
  parentPid: field(COUNT.optional(), { description: 'Parent process id.', sensitivity: 'public' }),
  executable: field(z.string(), { description: 'Executable file.', sensitivity: 'internal' }),
  command: PythonCommand.optional(),
  cwd: field(z.string().optional(), { description: 'Working folder.', sensitivity: 'internal' }),
  owner: OwnerFound,
  startedAt: field(Timestamp.optional(), { description: 'Start.', sensitivity: 'internal' }),
  isEmbedded: field(z.boolean(), {
    description: 'Whether Python runs as a library inside another program.',
    sensitivity: 'public',
  }),
});
export type PythonProcess = z.infer<typeof PythonProcess>;

/** A folder or file that was left out, and why. */
export const LeftOut = z.object({
  path: PATH,
  reason: field(z.enum(['network', 'other-device', 'pseudo', 'same-device', 'container', 'no-permission', 'failed']), {
    description: 'Why.',
    sensitivity: 'public',
  }),
});
export type LeftOut = z.infer<typeof LeftOut>;

/** What a scan covered; every total stands beside it. */
export const ScanCoverage = z.object({
  folders: field(COUNT, { description: 'Folders read.', sensitivity: 'public' }),
  entries: field(COUNT, { description: 'Names seen in them.', sensitivity: 'public' }),
  reusedFolders: field(COUNT, {
    description: 'Folders unchanged since the state that was given.',
    sensitivity: 'public',
  }),
  librarySources: field(COUNT, {
    description: 'Python sources that are libraries or parts of programs, not listed.',
    sensitivity: 'public',
  }),
  prunedFolders: field(COUNT, {
    description: 'Folders not entered: caches, repository internals, installed libraries.',
    sensitivity: 'public',
  }),
  placeholders: field(COUNT, { description: 'Files that lie in a cloud only; not read.', sensitivity: 'public' }),
  leftOut: field(z.array(LeftOut), { description: 'What was left out, the first thousand.', sensitivity: 'internal' }),
  leftOutCount: field(COUNT, { description: 'All that was left out.', sensitivity: 'public' }),
  isComplete: field(z.boolean(), { description: 'Whether the walk came to its end.', sensitivity: 'public' }),
  notes: field(z.array(z.string()), { description: 'What else a reader must know.', sensitivity: 'public' }),
});
export type ScanCoverage = z.infer<typeof ScanCoverage>;

/** All that was found on a computer. */
export const Inventory = z.object({
  interpreters: z.array(InterpreterFound),
  environments: z.array(EnvironmentFound),
  packages: z.array(PackageInstalled),
  scripts: z.array(ScriptFound),
  notebooks: z.array(NotebookFound),
  schedules: z.array(ScheduleFound),
  launchers: z.array(LauncherFound),
  kernels: z.array(KernelFound),
  frozen: z.array(FrozenFound),
  references: z.array(ReferenceFound).default([]),
  processes: z.array(PythonProcess),
});
export type Inventory = z.infer<typeof Inventory>;
