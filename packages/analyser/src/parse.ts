import { createRequire } from 'node:module';
import { Language, Parser, type Tree, type TreeCursor } from 'web-tree-sitter';
import { threadMs } from './thread-time.ts';

/** A node of the syntax tree: named nodes only, plain data, independent of the parser's memory. */
export interface SyntaxNode {
  /** Number of the node within its tree, from 0, in document order. */
  readonly id: number;
  /** Name in tree-sitter-python's grammar, such as `call`. */
  readonly type: string;
  /** Field of the parent that holds it, such as `function`; empty without one. */
  readonly field: string;
  /** Offsets in UTF-16 units of the parsed text. */
  readonly start: number;
  readonly end: number;
  readonly children: SyntaxNode[];
}

/** A parsed text. */
export interface SyntaxTree {
  readonly text: string;
  readonly root: SyntaxNode;
  readonly nodeCount: number;
  /** Most named nodes that stand within one another. */
  readonly depth: number;
  /** Offset of the first unit of each line. */
  readonly lineStarts: readonly number[];
  /** Whether a part of the text fits no rule of the grammar. */
  readonly hasErrors: boolean;
}

/** What the parser is allowed to spend on one text. */
export interface ParseLimits {
  /** Longest text, in UTF-16 units. */
  readonly maxUnits: number;
  /** Longest processor time, in milliseconds. */
  readonly timeMs: number;
  /** Largest tree, in named nodes. */
  readonly maxNodes: number;
}

/** Limits for one text: far beyond scripts that people write by hand. */
export const PARSE_LIMITS: ParseLimits = { maxUnits: 400_000, timeMs: 700, maxNodes: 250_000 };

/** Memory of the parser, in pages of 64 KiB: what it starts with, and what it may grow to. */
const MEMORY_PAGES = { initial: 512, maximum: 1_280 };
/** Texts from this length on are stopped when their time is over; asking for the time costs shorter ones more. */
const TIMED_UNITS = 50_000;

/** Why a text has no tree. */
export class ParseRefused extends Error {
  override readonly name = 'ParseRefused';
}

const require = createRequire(import.meta.url);

interface Engine {
  readonly parser: Parser;
  readonly typeNames: readonly string[];
  readonly fieldNames: readonly string[];
  readonly isNamed: readonly boolean[];
  readonly isLeaf: readonly boolean[];
  readonly stringType: ReadonlySet<number>;
}

let engine: Engine | undefined;
let memory: WebAssembly.Memory | undefined;
let isBroken = false;

/** State of the parser: a broken one must not be used again, and only a new thread gets another. */
export function parserState(): { readonly memoryBytes: number; readonly isBroken: boolean } {
  return { memoryBytes: memory?.buffer.byteLength ?? 0, isBroken };
}

/** Node types that never have children of interest. */
const LEAVES = new Set([
  'identifier',
  'integer',
  'float',
  'true',
  'false',
  'none',
  'comment',
  'string_content',
  'string_start',
  'string_end',
  'escape_sequence',
  'pass_statement',
  'break_statement',
  'continue_statement',
  'ellipsis',
  'wildcard_import',
  'import_prefix',
]);

async function loadEngine(): Promise<Engine> {
  memory = new WebAssembly.Memory(MEMORY_PAGES);
  await Parser.init({
    locateFile: () => require.resolve('web-tree-sitter/web-tree-sitter.wasm'),
    wasmMemory: memory,
    // A trap is thrown; the engine would also print it.
    printErr: () => undefined,
  });
  const language = await Language.load(require.resolve('tree-sitter-python/tree-sitter-python.wasm'));
  const parser = new Parser();
  parser.setLanguage(language);
  const typeNames: string[] = [];
  const isNamed: boolean[] = [];
  const isLeaf: boolean[] = [];
  const stringType = new Set<number>();
  for (let typeId = 0; typeId < language.nodeTypeCount; typeId += 1) {
    const name = language.nodeTypeForId(typeId) ?? '';
    typeNames.push(name);
    isNamed.push(language.nodeTypeIsNamed(typeId));
    isLeaf.push(LEAVES.has(name));
    if (name === 'string' && language.nodeTypeIsNamed(typeId)) stringType.add(typeId);
  }
  return { parser, typeNames, fieldNames: language.fields.map((name) => name ?? ''), isNamed, isLeaf, stringType };
}

/** Loads the parser once; afterwards `parsePython` works without waiting. */
export async function loadParser(): Promise<void> {
  engine ??= await loadEngine();
}

/** Offsets at which lines begin. */
export function findLineStarts(text: string): number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Line (from 1) of an offset. */
export function lineAt(lineStarts: readonly number[], offset: number): number {
  let low = 0;
  let high = lineStarts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((lineStarts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low + 1;
}

/** Whether a literal's prefix makes it a template: only those have expressions inside. */
function isTemplate(text: string, start: number): boolean {
  for (let at = start; at < start + 3; at += 1) {
    const unit = text.charCodeAt(at) | 32;
    if (unit === 102 || unit === 116) return true; // f, t
    if (unit !== 114 && unit !== 98 && unit !== 117) return false; // r, b, u
  }
  return false;
}

interface Built {
  readonly root: SyntaxNode;
  readonly nodeCount: number;
  readonly depth: number;
}

function build(cursor: TreeCursor, text: string, engine: Engine, limits: ParseLimits): Built {
  let nodeCount = 0;
  let depth = 0;
  const top: SyntaxNode = { id: -1, type: '', field: '', start: 0, end: 0, children: [] };
  const stack: SyntaxNode[] = [];
  let parent = top;
  for (;;) {
    const typeId = cursor.nodeTypeId;
    // Type 65535 is tree-sitter's own ERROR node.
    if (typeId === 65_535 || engine.isNamed[typeId] === true) {
      const start = cursor.startIndex;
      const node: SyntaxNode = {
        id: nodeCount,
        type: typeId === 65_535 ? 'ERROR' : (engine.typeNames[typeId] ?? ''),
        field: engine.fieldNames[cursor.currentFieldId] ?? '',
        start,
        end: cursor.endIndex,
        children: [],
      };
      nodeCount += 1;
      if (nodeCount > limits.maxNodes) throw new ParseRefused(`more than ${limits.maxNodes} syntax nodes`);
      parent.children.push(node);
      const isLeaf = engine.isLeaf[typeId] === true || (engine.stringType.has(typeId) && !isTemplate(text, start));
      if (!isLeaf && cursor.gotoFirstChild()) {
        stack.push(parent);
        if (stack.length > depth) depth = stack.length;
        parent = node;
        continue;
      }
    }
    while (!cursor.gotoNextSibling()) {
      const above = stack.pop();
      if (above === undefined || !cursor.gotoParent()) return { root: top.children[0] ?? top, nodeCount, depth };
      parent = above;
    }
  }
}

/**
 * The syntax tree of a Python text; `loadParser` must have been awaited before. Line ends must be LF.
 *
 * @throws {ParseRefused} when the text is beyond the limits.
 */
export function parsePython(text: string, limits: ParseLimits = PARSE_LIMITS): SyntaxTree {
  if (engine === undefined) throw new Error('loadParser has not been awaited');
  if (isBroken) throw new ParseRefused('the parser broke over an earlier source');
  if (text.length > limits.maxUnits) throw new ParseRefused(`longer than ${limits.maxUnits} units`);
  try {
    return parseWithin(text, engine, limits);
  } catch (error) {
    // Only a trap of the engine or the end of its stack or memory leaves it in a state of its own.
    if (!(error instanceof ParseRefused)) isBroken = true;
    throw error;
  }
}

function parseWithin(text: string, engine: Engine, limits: ParseLimits): SyntaxTree {
  const { parser } = engine;
  const deadline = threadMs() + limits.timeMs;
  let tree: Tree | null;
  if (text.length < TIMED_UNITS) {
    tree = parser.parse(text);
  } else {
    tree = parser.parse(text, null, { progressCallback: () => threadMs() > deadline });
  }
  if (tree === null) {
    parser.reset();
    throw new ParseRefused(`not parsed within ${limits.timeMs} ms`);
  }
  try {
    const cursor = tree.walk();
    try {
      const built = build(cursor, text, engine, limits);
      return { text, ...built, lineStarts: findLineStarts(text), hasErrors: tree.rootNode.hasError };
    } finally {
      cursor.delete();
    }
  } finally {
    tree.delete();
  }
}

/** The first child in a field. */
export function childOf(node: SyntaxNode, field: string): SyntaxNode | undefined {
  for (const child of node.children) if (child.field === field) return child;
  return undefined;
}
