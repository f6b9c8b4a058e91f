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
  check(source: string): readonly { code: string | null; start_location: RuffPlace; end_location: RuffPlace }[];
}
interface RuffModule {
  readonly Workspace: new (settings: object, positionEncoding: number) => RuffWorkspace;
}

/**
 * Largest source given to Ruff, in UTF-16 units. A finding costs about 12 µs and 250,000 of them fill 5 MB, so this
 * keeps the worst case below a second.
 */
const MAX_SOURCE_LENGTH = 1_000_000;

/** Longest line given to Ruff: its time grows with the square of it. Data in a literal does not count. */
const MAX_LINE_LENGTH = 50_000;
const LITERAL_DATA = /[A-Za-z0-9+/=]{4000,}/g;

const UTF16 = 1;
const SPECIFIER = '@astral-sh/ruff-wasm-nodejs';
const require = createRequire(import.meta.url);
let workspace: RuffWorkspace | undefined;

/**
 * Runs Ruff's security rules (S, with preview) over a source.
 *
 * @throws when the source is too large, or nested so deeply that the engine ran out of stack. The engine is made
 * anew for the next source.
 */
export function runRuff(source: string): RuffResult {
  if (source.length > MAX_SOURCE_LENGTH) throw new RangeError('the source is too large for the rule engine');
  const shortened = withoutLongLines(source);
  workspace ??= loadWorkspace();
  let diagnostics: ReturnType<RuffWorkspace['check']>;
  try {
    diagnostics = workspace.check(shortened);
  } catch (error) {
    discardEngine();
    throw error;
  }
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
  const { Workspace } = require(SPECIFIER) as RuffModule;
  return new Workspace(
    { preview: true, lint: { select: ['S'], preview: true, 'explicit-preview-rules': false } },
    UTF16,
  );
}

/** The engine keeps one instance per loaded module; after a trap its memory is not to be trusted. */
function discardEngine(): void {
  workspace = undefined;
  delete require.cache[require.resolve(SPECIFIER)];
}
