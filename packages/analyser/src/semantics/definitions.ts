import { childOf, type SyntaxNode } from '../parse.ts';
import type { Interpreter } from './interpreter.ts';
import { type LocalClass, type LocalFunction, newScope, type Scope, UNKNOWN, Value } from './value.ts';

/** Makes a function of the file and binds its name; its body is evaluated when it is called, or at the end. */
export function makeFunction(
  at: Interpreter,
  node: SyntaxNode,
  scope: Scope,
  owner: LocalClass | undefined,
  decorators: readonly string[],
): Value {
  const { run } = at;
  const nameNode = childOf(node, 'name');
  const name = nameNode === undefined ? '<lambda>' : run.textOf(nameNode);
  const known = nameNode === undefined ? undefined : scope.names.get(name);
  // The same definition in a later round, or seen again through another call, keeps its identity.
  if (known?.local?.kind === 'function' && known.local.node === node && known.local.scope === scope) return known;
  const local: LocalFunction = {
    kind: 'function',
    name,
    node,
    body: childOf(node, 'body'),
    scope,
    owner,
    isStatic: decorators.includes('staticmethod'),
    isProperty: decorators.some((text) => text === 'property' || text.endsWith('cached_property')),
    round: 0,
    isActive: false,
  };
  const value = run.valueAt(node, { local });
  if (nameNode !== undefined) scope.names.set(name, value);
  at.noteFunction(local);
  return value;
}

/** Makes a class of the file, binds its name and executes its body. */
export function makeClass(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  const { run } = at;
  const nameNode = childOf(node, 'name');
  const name = nameNode === undefined ? '<class>' : run.textOf(nameNode);
  const bases: LocalClass[] = [];
  let baseName: string | undefined;
  for (const child of childOf(node, 'superclasses')?.children ?? []) {
    if (child.type === 'keyword_argument' || child.type === 'comment') continue;
    const base = at.evaluate(child, scope);
    if (base.local?.kind === 'class') {
      bases.push(base.local);
      baseName ??= base.local.baseName;
    } else if (base.ref !== undefined && base.ref !== 'object') baseName ??= base.ref;
  }
  const known = scope.names.get(name);
  let local: LocalClass;
  if (known?.local?.kind === 'class' && known.local.scope.parent === scope) local = known.local;
  else {
    const thing = run.thingAt(node);
    for (const base of bases) for (const [key, value] of base.self.thing?.fields ?? []) thing.fields.set(key, value);
    const inner = newScope(scope, true);
    const made: { -readonly [K in keyof LocalClass]: LocalClass[K] } = {
      kind: 'class',
      name,
      scope: inner,
      baseName,
      bases,
      self: UNKNOWN,
    };
    made.self = new Value(run.idOf(node), { local: made, thing });
    local = made;
    scope.names.set(name, new Value(run.idOf(node), { local, thing }));
    at.noteClass(local);
  }
  const body = childOf(node, 'body');
  if (body === undefined) return;
  const depth = run.branchDepth;
  run.branchDepth = 0;
  at.execute(body, local.scope);
  run.branchDepth = depth;
}
