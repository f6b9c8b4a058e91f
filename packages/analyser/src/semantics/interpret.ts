import { childOf, type SyntaxNode, type SyntaxTree } from '../parse.ts';
import { bindTarget } from './bind.ts';
import type { LibraryKnowledge } from './call-model.ts';
import { makeFunction } from './definitions.ts';
import { evaluateExpression, memberOf } from './expressions.ts';
import type { Facts } from './facts.ts';
import type { Interpreter } from './interpreter.ts';
import { Run } from './run.ts';
import { starModuleOf } from './star-imports.ts';
import { executeStatement, isStatementType } from './statements.ts';
import {
  CLEAN,
  joinTaint,
  joinValues,
  type LocalClass,
  type LocalFunction,
  newScope,
  PLAIN,
  type Scope,
  sourceOf,
  type Taint,
  taintOf,
  UNKNOWN,
  Value,
  withTaint,
} from './value.ts';

/** Deepest chain of the file's own calls that is followed with its own arguments. */
const MAX_CALL_DEPTH = 8;

/** Rounds over the file: the second sees attributes, globals and written files that the first found late. */
const ROUNDS = 2;

const CREDENTIAL_NAME = /key|token|secret|pass|pwd|credential|auth/i;

const SECRET_NAME = /pass(?:word|wd|phrase)?|secret|token|api_?key|credential|private_?key/i;

class FileInterpreter implements Interpreter {
  readonly run: Run;
  readonly #functions: LocalFunction[] = [];
  readonly #classes = new Map<Scope, LocalClass>();
  readonly #results: Value[][] = [];

  constructor(tree: SyntaxTree, knowledge: LibraryKnowledge) {
    this.run = new Run(tree, knowledge);
  }

  interpretFile(): Facts {
    const { run } = this;
    for (run.round = 1; run.round <= ROUNDS && !run.isSpent; run.round += 1) {
      run.branchDepth = 0;
      this.execute(run.tree.root, run.module);
      // Functions that nothing of the file called; the list grows while bodies define further ones.
      for (let at = 0; at < this.#functions.length && !run.isSpent; at += 1) {
        const local = this.#functions[at];
        if (local !== undefined && local.round < run.round) {
          this.callLocal(
            local,
            local.node,
            local.owner === undefined || local.isStatic ? [] : [local.owner.self],
            new Map(),
          );
        }
      }
      // Without data that enters and without classes, a second look finds nothing new.
      if (run.facts.sources.length === 0 && this.#classes.size === 0) break;
    }
    return run.facts;
  }

  evaluate(node: SyntaxNode, scope: Scope): Value {
    return evaluateExpression(this, node, scope);
  }

  execute(node: SyntaxNode, scope: Scope): void {
    executeStatement(this, node, scope);
  }

  isStatement(node: SyntaxNode): boolean {
    return isStatementType(node.type);
  }

  bind(target: SyntaxNode, value: Value, scope: Scope): void {
    bindTarget(this, target, value, scope);
  }

  memberOf(node: SyntaxNode, object: Value, name: string): Value {
    return memberOf(this, node, object, name);
  }

  elementOf(node: SyntaxNode, value: Value): Value {
    if (value.items !== undefined && value.items.length > 0) {
      let joined = value.items[0] ?? UNKNOWN;
      for (const item of value.items.slice(1)) joined = joinValues(joined, item);
      const own = joinTaint(value.taint, value.thing?.taint ?? CLEAN);
      // An item out of several is none of them for sure: it has no known text.
      if (value.items.length > 1 && joined.text !== undefined) {
        joined = joined.changed({ id: this.run.idOf(node) + 0.5, text: undefined });
      }
      return withTaint(joined, own);
    }
    const model = this.run.knowledge.modelOf(`${value.type ?? '?'}.[]`);
    let taint = taintOf(value);
    if (model?.source !== undefined) taint = joinTaint(taint, this.run.source(node, model.source, undefined));
    return new Value(this.run.idOf(node) + 0.5, {
      type: value.text === undefined ? (value.type ?? '?') : value.type,
      taint,
      thing: value.type === 'io.File' ? undefined : value.thing,
      text: value.type === 'pathlib.Path' ? `\uE000${this.run.idOf(node)}e\uE001` : undefined,
    });
  }

  findMember(owner: LocalClass, name: string): Value | undefined {
    const own = owner.scope.names.get(name);
    if (own !== undefined) return own;
    for (const base of owner.bases) {
      const found = base === owner ? undefined : this.findMember(base, name);
      if (found !== undefined) return found;
    }
    return undefined;
  }

  callLocal(
    callee: LocalFunction,
    call: SyntaxNode,
    args: readonly Value[],
    keywords: ReadonlyMap<string, Value>,
  ): Value {
    const { run } = this;
    let passed: Taint = CLEAN;
    for (const value of args) if (value.local === undefined) passed = joinTaint(passed, taintOf(value));
    for (const value of keywords.values()) passed = joinTaint(passed, taintOf(value));
    if (callee.isActive || run.callDepth >= MAX_CALL_DEPTH || callee.body === undefined) {
      return run.unknownAt(call, passed);
    }
    const { context, branchDepth } = run;
    callee.round = run.round;
    callee.isActive = true;
    run.callDepth += 1;
    run.context = run.contextThrough(call);
    run.branchDepth = 0;
    const scope = newScope(callee.scope);
    const results: Value[] = [];
    this.#results.push(results);
    try {
      this.#bindParameters(callee, scope, args, keywords);
      if (callee.body.type === 'block') this.execute(callee.body, scope);
      else results.push(this.evaluate(callee.body, scope));
    } finally {
      this.#results.pop();
      run.branchDepth = branchDepth;
      run.context = context;
      run.callDepth -= 1;
      callee.isActive = false;
    }
    let value = results[0];
    for (const result of results.slice(1)) value = joinValues(value ?? UNKNOWN, result);
    return value ?? PLAIN;
  }

  #bindParameters(
    callee: LocalFunction,
    scope: Scope,
    args: readonly Value[],
    keywords: ReadonlyMap<string, Value>,
  ): void {
    const { run } = this;
    const isMethod = callee.owner !== undefined && !callee.isStatic;
    let position = 0;
    for (const parameter of childOf(callee.node, 'parameters')?.children ?? []) {
      if (parameter.type === 'comment' || parameter.type.endsWith('_separator')) continue;
      const nameNode =
        parameter.type === 'identifier' ? parameter : (childOf(parameter, 'name') ?? parameter.children[0]);
      if (nameNode === undefined) continue;
      const isRest = parameter.type === 'list_splat_pattern' || nameNode.type === 'list_splat_pattern';
      const isKeywords = parameter.type === 'dictionary_splat_pattern' || nameNode.type === 'dictionary_splat_pattern';
      const name = run.textOf(nameNode).replaceAll('*', '');
      const given = keywords.get(name) ?? (isRest || isKeywords ? undefined : args[position]);
      if (isRest) {
        scope.names.set(name, run.valueAt(nameNode, { items: args.slice(position), type: 'tuple' }));
        position = args.length;
        continue;
      }
      if (isKeywords) {
        const thing = run.thingAt(nameNode);
        for (const [key, value] of keywords) thing.fields.set(key, value);
        scope.names.set(name, run.valueAt(nameNode, { type: 'dict', thing }));
        continue;
      }
      const value = given ?? (isMethod && position === 0 ? callee.owner?.self : undefined);
      position += 1;
      if (nameNode.type === 'tuple_pattern') {
        this.bind(nameNode, value ?? run.unknownAt(nameNode), scope);
        continue;
      }
      scope.names.set(name, value ?? this.#defaultOf(parameter, nameNode, callee));
    }
  }

  #defaultOf(parameter: SyntaxNode, nameNode: SyntaxNode, callee: LocalFunction): Value {
    const typeNode = childOf(parameter, 'type');
    const valueNode = childOf(parameter, 'value');
    const typed = typeNode === undefined ? undefined : this.valueOfAnnotation(typeNode, callee.scope);
    if (typed?.type !== undefined && typed.type !== '?') return typed;
    if (valueNode === undefined) return this.run.valueAt(nameNode, { type: '?' });
    const value = this.evaluate(valueNode, callee.scope);
    return value === PLAIN || value.text === '' ? this.run.valueAt(nameNode, { type: '?' }) : value;
  }

  valueOfAnnotation(node: SyntaxNode, scope: Scope): Value {
    const inner = node.type === 'type' ? node.children[0] : node;
    if (inner === undefined) return UNKNOWN;
    if (inner.type === 'generic_type' || inner.type === 'subscript') {
      const last = inner.children.at(-1);
      const argument = last?.type === 'type_parameter' ? last.children[0] : last;
      const outer = this.run.textOf(inner.children[0] ?? inner);
      if (/^(?:typing\.)?(?:Optional|Annotated|Union)$/.test(outer) && argument !== undefined) {
        return this.valueOfAnnotation(argument, scope);
      }
      return this.run.valueAt(node, { type: '?' });
    }
    if (inner.type === 'binary_operator' || inner.type === 'union_type') {
      const first = inner.children[0];
      return first === undefined ? UNKNOWN : this.valueOfAnnotation(first, scope);
    }
    if (inner.type !== 'identifier' && inner.type !== 'attribute' && inner.type !== 'member_type') {
      return this.run.valueAt(node, { type: '?' });
    }
    const named = this.evaluate(inner, scope);
    if (named.local?.kind === 'class') return named.local.self;
    if (named.ref?.includes('.') === true && !named.ref.startsWith('typing.')) {
      if (named.ref === 'pathlib.Path') return this.run.valueAt(node, { type: '?' });
      return this.run.valueAt(node, { type: named.ref, thing: this.run.thingAt(node) });
    }
    return this.run.valueAt(node, { type: '?' });
  }

  classOf(scope: Scope): LocalClass | undefined {
    return this.#classes.get(scope);
  }

  makeFunction(node: SyntaxNode, scope: Scope, owner: LocalClass | undefined): Value {
    return makeFunction(this, node, scope, owner, []);
  }

  noteFunction(local: LocalFunction): void {
    if (this.#functions.length < 20_000) this.#functions.push(local);
  }

  noteClass(local: LocalClass): void {
    this.#classes.set(local.scope, local);
  }

  addResult(value: Value): void {
    this.#results.at(-1)?.push(value);
  }

  starModuleOf(name: string): string | undefined {
    return starModuleOf(this.run.starModules, name);
  }

  withoutCredentials(name: string, taint: Taint): Taint {
    if (taint.length === 0 || !CREDENTIAL_NAME.test(name)) return taint;
    return taint.filter((id) => !(this.run.facts.sources[sourceOf(id)]?.kind ?? '').endsWith('secret'));
  }

  environmentTaint(node: SyntaxNode, name: string | undefined): Taint {
    if (name === undefined || !SECRET_NAME.test(name)) return CLEAN;
    return this.run.source(node, 'secret', name);
  }
}

/** All facts of a parsed text. Never throws for any tree; what it could not follow stands in the facts. */
export function interpret(tree: SyntaxTree, knowledge: LibraryKnowledge): Facts {
  return new FileInterpreter(tree, knowledge).interpretFile();
}
