import { createRequire } from 'node:module';

/** A rule of Ruff that fired, in lines from 1 and UTF-16 columns from 0. */
export interface RuffSighting {
  /** Name of the rule, such as exec-builtin. */
  readonly rule: string;
  readonly line: number;
  readonly endLine: number;
  readonly column: number;
}

/** What Ruff says of a source; its rules are silent where the source does not parse. */
export interface RuffResult {
  readonly sightings: readonly RuffSighting[];
  /** Lines of syntax errors, ascending. */
  readonly syntaxErrorLines: readonly number[];
}

interface RuffPlace {
  readonly row: number;
  readonly column: number;
}
interface RuffWorkspace {
  /** Forgets the instance's memory without freeing it. */
  __destroy_into_raw(): number;
  check(source: string): readonly { code: string | null; start_location: RuffPlace; end_location: RuffPlace }[];
}
interface RuffModule {
  readonly Workspace: new (settings: object, positionEncoding: number) => RuffWorkspace;
}

/**
 * Largest source given to Ruff, in UTF-16 units. A finding costs about 12 µs and 250,000 of them fill 5 MB, so this
 * keeps the worst case below a second.
 */
const MAX_SOURCE_LENGTH = 400_000;

/**
 * Deepest syntax tree given to Ruff. Its stack lasts for 3,200 links of the worst kind (calls on calls), which are 6,400
 * nodes deep; beyond that it traps, which costs a new engine.
 */
const MAX_DEPTH = 2_000;

/** Longest line given to Ruff: its time grows with the square of it. Data in a literal does not count. */
const MAX_LINE_LENGTH = 50_000;
const LITERAL_DATA = /[A-Za-z0-9+/=]{4000,}/g;

const UTF16 = 1;
const SPECIFIER = '@astral-sh/ruff-wasm-nodejs';
const require = createRequire(import.meta.url);
let workspace: RuffWorkspace | undefined;
let memory: WebAssembly.Memory | undefined;

/** Memory beyond which the engine is made anew: it never gives any back. */
const MAX_MEMORY_BYTES = 64 * 1024 * 1024;

/** Bytes that the engine holds. */
export function ruffMemoryBytes(): number {
  return memory?.buffer.byteLength ?? 0;
}

/**
 * Runs Ruff's security rules (S, with preview) over a source.
 *
 * @param depth Depth of its syntax tree, where that is known.
 * @throws when the source is too large, or nested so deeply that the engine ran out of stack. The engine is made
 * anew for the next source.
 */
export function runRuff(source: string, depth = 0): RuffResult {
  if (depth > MAX_DEPTH) throw new RangeError('the source is nested too deeply for the rule engine');
  const shortened = withoutLongLines(source);
  if (shortened.length > MAX_SOURCE_LENGTH) throw new RangeError('the source is too large for the rule engine');
  workspace ??= loadWorkspace();
  let diagnostics: ReturnType<RuffWorkspace['check']>;
  try {
    diagnostics = workspace.check(shortened);
  } catch (error) {
    discardEngine();
    throw error;
  }
  if (ruffMemoryBytes() > MAX_MEMORY_BYTES) discardEngine();
  const sightings: RuffSighting[] = [];
  const syntaxErrorLines: number[] = [];
  for (const { code, start_location: start, end_location: end } of diagnostics) {
    if (code === null || code === 'invalid-syntax') {
      syntaxErrorLines.push(start.row);
    } else {
      // An end in column 1 is the end of the line before.
      const endLine = end.column === 1 && end.row > start.row ? end.row - 1 : end.row;
      sightings.push({ rule: code, line: start.row, endLine, column: start.column - 1 });
    }
  }
  return { sightings, syntaxErrorLines: syntaxErrorLines.sort((a, b) => a - b) };
}

/** The source with data in literals cut short where lines are too long; columns behind the data move. */
function withoutLongLines(source: string): string {
  if (isShort(source)) return source;
  const shortened = source.replace(LITERAL_DATA, 'data');
  if (!isShort(shortened)) throw new RangeError('a line is too long for the rule engine');
  return shortened;
}

function isShort(source: string): boolean {
  for (let start = 0; start <= source.length; ) {
    const end = source.indexOf('\n', start);
    const lineEnd = end === -1 ? source.length : end;
    if (lineEnd - start > MAX_LINE_LENGTH) return false;
    start = lineEnd + 1;
  }
  return true;
}

function loadWorkspace(): RuffWorkspace {
  const { Workspace } = loadModule();
  return new Workspace(
    { preview: true, lint: { select: ['S'], preview: true, 'explicit-preview-rules': false } },
    UTF16,
  );
}

/** The module keeps its instance to itself: it is seen while it is made, so that its memory can be measured. */
function loadModule(): RuffModule {
  const { Instance } = WebAssembly;
  WebAssembly.Instance = class extends Instance {
    constructor(module: WebAssembly.Module, imports?: WebAssembly.Imports) {
      super(module, imports);
      if (this.exports['memory'] instanceof WebAssembly.Memory) memory = this.exports['memory'];
    }
  };
  try {
    return require(SPECIFIER) as RuffModule;
  } finally {
    WebAssembly.Instance = Instance;
  }
}

/**
 * The engine keeps one instance per loaded module; after a trap its memory is not to be trusted. The workspace is cut
 * off from it first: when it is collected, its finaliser would call into the broken instance, where nothing catches.
 */
function discardEngine(): void {
  workspace?.__destroy_into_raw();
  workspace = undefined;
  memory = undefined;
  delete require.cache[require.resolve(SPECIFIER)];
}
