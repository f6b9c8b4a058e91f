import { lineAt, type SyntaxNode, type SyntaxTree } from '../parse.ts';
import type { LibraryKnowledge } from './call-model.ts';
import type { CallFact, ColumnFact, Facts, SinkFact } from './facts.ts';
import { pathKey } from './text-template.ts';
import {
  CLEAN,
  joinTaint,
  newScope,
  newThing,
  type Scope,
  type Taint,
  type Thing,
  UNKNOWN,
  Value,
  type ValueParts,
} from './value.ts';

/** Deepest nesting of expressions and calls that is followed. */
const MAX_DEPTH = 220;

/** Most places that are kept at which data is taken by a name. */
const MAX_COLUMNS = 1_000;

/** State of one interpretation of one text. */
export class Run {
  readonly tree: SyntaxTree;
  readonly knowledge: LibraryKnowledge;
  readonly module: Scope = newScope(undefined);
  readonly facts: Facts = {
    imports: [],
    calls: [],
    attributes: [],
    sources: [],
    sinks: [],
    columns: [],
    unresolvedCalls: 0,
    unresolvedReasons: new Set(),
  };
  /** Modules that were imported with a star. */
  readonly starModules: string[] = [];
  /** What was written to a path, by key of the path. */
  readonly writtenTaint = new Map<string, Taint>();
  /** Number of the round, from 1. */
  round = 1;
  /** Depth of functions evaluated within one another. */
  callDepth = 0;
  /** Number of branches around the statement, within the function. */
  branchDepth = 0;
  /** Number of the chain of calls that leads here; 0 for the module itself. */
  context = 0;
  depth = 0;
  steps = 0;
  readonly maxSteps: number;
  readonly #things = new Map<number, Thing>();
  readonly #sourceIds = new Map<string, number>();
  readonly #sinks = new Map<string, SinkFact>();
  readonly #columns = new Map<number, ColumnFact>();
  readonly #callsSeen = new Map<number, CallFact[]>();
  readonly #contexts = new Map<number, number>();
  readonly #unresolved = new Set<number>();

  constructor(tree: SyntaxTree, knowledge: LibraryKnowledge) {
    this.tree = tree;
    this.knowledge = knowledge;
    this.maxSteps = 40_000 + tree.nodeCount * 24;
  }

  /** Whether the budget of steps or depth is spent. */
  get isSpent(): boolean {
    return this.steps > this.maxSteps;
  }

  /** Goes one level down; false when that is too deep. */
  enter(): boolean {
    this.steps += 1;
    if (this.depth >= MAX_DEPTH) {
      this.facts.unresolvedReasons.add('nesting too deep to follow');
      return false;
    }
    if (this.steps > this.maxSteps) {
      this.facts.unresolvedReasons.add('budget of steps spent');
      return false;
    }
    this.depth += 1;
    return true;
  }

  /** The text of a node. */
  textOf(node: SyntaxNode): string {
    return this.tree.text.slice(node.start, node.end);
  }

  /** Line of a node, from 1. */
  lineOf(node: SyntaxNode): number {
    return lineAt(this.tree.lineStarts, node.start);
  }

  /** Number of what comes into being at a node in this chain of calls. */
  idOf(node: SyntaxNode): number {
    return this.context * (this.tree.nodeCount + 1) + node.id;
  }

  /** A value that comes into being at a node. */
  valueAt(node: SyntaxNode, parts: ValueParts): Value {
    return new Value(this.idOf(node), parts);
  }

  /** The thing that comes into being at a node: the same one in every round. */
  thingAt(node: SyntaxNode): Thing {
    const id = this.idOf(node);
    let thing = this.#things.get(id);
    if (thing === undefined) {
      thing = newThing();
      this.#things.set(id, thing);
    }
    return thing;
  }

  /** Number of the chain of calls that goes on through a call. */
  contextThrough(call: SyntaxNode): number {
    const key = this.idOf(call);
    let context = this.#contexts.get(key);
    if (context === undefined) {
      context = this.#contexts.size + 1;
      this.#contexts.set(key, context);
    }
    return context;
  }

  /** Notes that data enters at a node. */
  source(node: SyntaxNode, kind: string, detail: string | undefined): Taint {
    const key = `${node.id}|${kind}`;
    let id = this.#sourceIds.get(key);
    if (id === undefined) {
      id = this.facts.sources.length;
      this.#sourceIds.set(key, id);
      this.facts.sources.push({ kind, detail, node });
    }
    return [id];
  }

  /** Notes that data leaves at a node. */
  sink(node: SyntaxNode, kind: string, taint: Taint, detail: string | undefined): void {
    if (taint.length === 0) return;
    const key = `${node.id}|${kind}`;
    const known = this.#sinks.get(key);
    if (known === undefined) {
      const fact: SinkFact = { kind, detail, node, taint };
      this.#sinks.set(key, fact);
      this.facts.sinks.push(fact);
    } else {
      known.taint = joinTaint(known.taint, taint);
      known.detail ??= detail;
    }
  }

  /** Notes that a part of some data was taken by its name. */
  column(node: SyntaxNode, key: Value, taint: Taint): void {
    const known = this.#columns.get(node.id);
    if (known !== undefined) {
      known.taint = joinTaint(known.taint, taint);
      return;
    }
    const names = key.text === undefined ? (key.items ?? []).flatMap(({ text }) => text ?? []) : [key.text];
    if (names.length === 0 || this.#columns.size >= MAX_COLUMNS) return;
    const fact: ColumnFact = { names, node, taint };
    this.#columns.set(node.id, fact);
    this.facts.columns.push(fact);
  }

  /** Notes that data was written to a path. */
  write(path: string, taint: Taint): void {
    if (taint.length === 0) return;
    const key = pathKey(path);
    this.writtenTaint.set(key, joinTaint(this.writtenTaint.get(key) ?? CLEAN, taint));
  }

  /** What was written to a path. */
  writtenTo(path: string): Taint {
    return this.writtenTaint.get(pathKey(path)) ?? CLEAN;
  }

  /** Notes a call; the same call under the same name is kept once, with the better known arguments. */
  call(fact: CallFact): void {
    const seen = this.#callsSeen.get(fact.node.id);
    if (seen === undefined) {
      this.#callsSeen.set(fact.node.id, [fact]);
      this.facts.calls.push(fact);
      return;
    }
    for (const other of seen) {
      if (other.name === fact.name && other.args[0]?.text === fact.args[0]?.text) return;
    }
    if (seen.length >= 6) return;
    seen.push(fact);
    this.facts.calls.push(fact);
  }

  /** Counts a call whose callee is not known. */
  unresolvedCall(node: SyntaxNode, reason: string): void {
    if (this.#unresolved.has(node.id)) return;
    this.#unresolved.add(node.id);
    this.facts.unresolvedCalls += 1;
    this.facts.unresolvedReasons.add(reason);
  }

  /** What a name holds. */
  lookup(scope: Scope, name: string): Value | undefined {
    for (let at: Scope | undefined = scope; at !== undefined; at = at.parent) {
      if (at.isClass && at !== scope) continue;
      const value = at.names.get(name);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  /** A value without any knowledge but with an identity. */
  unknownAt(node: SyntaxNode, taint: Taint = CLEAN): Value {
    return taint.length === 0 && node.id < 0 ? UNKNOWN : this.valueAt(node, { taint, type: '?' });
  }
}
