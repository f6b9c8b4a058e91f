import { childOf, type SyntaxNode } from '../parse.ts';
import { callBuiltIn } from './built-in-calls.ts';
import { COM_FACTORIES, comTypeOf } from './com-prog-ids.ts';
import { memberName } from './dotted-name.ts';
import type { CallFact } from './facts.ts';
import type { Interpreter } from './interpreter.ts';
import { applyModel, isKnownCall, passesFile } from './library-calls.ts';
import { CLEANING_BUILTINS, MUTATORS, SHAPING_METHODS, TESTING_METHODS } from './python-names.ts';
import {
  CLEAN,
  joinTaint,
  PLAIN,
  type Scope,
  type Taint,
  THROUGH_UNKNOWN,
  taintOf,
  UNKNOWN,
  Value,
  weakened,
} from './value.ts';

/** A call with its parts evaluated. */
interface EvaluatedCall extends CallFact {
  readonly callee: Value;
  readonly receiver: Value | undefined;
  readonly method: string;
}

function evaluateArguments(at: Interpreter, node: SyntaxNode, scope: Scope): [Value[], Map<string, Value>] {
  const args: Value[] = [];
  const keywords = new Map<string, Value>();
  const list = childOf(node, 'arguments');
  if (list === undefined) return [args, keywords];
  if (list.type === 'generator_expression') return [[at.evaluate(list, scope)], keywords];
  for (const child of list.children) {
    if (child.type === 'comment') continue;
    if (child.type === 'keyword_argument') {
      const name = childOf(child, 'name');
      const value = childOf(child, 'value');
      if (name !== undefined && value !== undefined) keywords.set(at.run.textOf(name), at.evaluate(value, scope));
    } else if (child.type === 'dictionary_splat') {
      const value = at.evaluate(child, scope);
      if (value.thing === undefined) keywords.set('**', value);
      else for (const [name, field] of value.thing.fields) keywords.set(name, field);
    } else if (child.type === 'list_splat') {
      const value = at.evaluate(child, scope);
      if (value.items === undefined) args.push(value);
      else args.push(...value.items);
    } else if (args.length < 200) args.push(at.evaluate(child, scope));
    else args[199] = at.evaluate(child, scope);
  }
  return [args, keywords];
}

/** Dotted name of what is called. */
function nameOf(callee: Value): string {
  if (callee.ref !== undefined) return callee.ref;
  if (callee.local !== undefined) return `<local>.${callee.local.name}`;
  return callee.type ?? '?';
}

/** `x.method(...)` where `x` is an object: its receiver stays at hand. */
function evaluateCallee(at: Interpreter, node: SyntaxNode, scope: Scope): [Value, Value | undefined, string] {
  if (node.type !== 'attribute') {
    return [at.evaluate(node, scope), undefined, node.type === 'identifier' ? at.run.textOf(node) : ''];
  }
  const objectNode = childOf(node, 'object');
  const nameNode = childOf(node, 'attribute');
  if (objectNode === undefined || nameNode === undefined) return [UNKNOWN, undefined, ''];
  const object = at.evaluate(objectNode, scope);
  const method = at.run.textOf(nameNode);
  const isSuper = object.type === 'super';
  if (object.local !== undefined || object.ref !== undefined || isSuper || object.thing?.fields.has(method) === true) {
    const isModule = object.ref !== undefined;
    return [at.memberOf(node, object, method), isModule ? undefined : object, method];
  }
  const type = memberName(object.type ?? (object.text === undefined ? '?' : 'str'), method);
  return [new Value(at.run.idOf(node), { type }), object, method];
}

/** Functions that run another function: position of the function, and where its arguments are. */
const RUNNERS: Readonly<Record<string, number>> = {
  map: 0,
  filter: 0,
  submit: 0,
  run_in_executor: 1,
  to_thread: 0,
  apply_async: 0,
  imap: 0,
  starmap: 0,
  apply: 0,
  do: 0,
  call_later: 1,
  after: 1,
  partial: 0,
};

/** What a function of the file returns that a library runs with the other arguments; undefined without one. */
function runPassedFunctions(at: Interpreter, call: EvaluatedCall): Taint | undefined {
  const target = call.keywords.get('target');
  const passed = call.keywords.get('args');
  if (target?.local?.kind === 'function') {
    at.callLocal(target.local, call.node, bound(target, passed?.items ?? []), new Map());
  }
  const position = RUNNERS[call.method];
  if (position === undefined) return undefined;
  const callee = call.args[position];
  if (callee?.local?.kind === 'function') {
    let rest = call.args.slice(position + 1);
    if (call.method === 'map' || call.method === 'imap' || call.method === 'filter') {
      rest = rest.map((value) => at.elementOf(call.node, value));
    } else if (call.method === 'apply_async' || call.method === 'apply') rest = [...(rest[0]?.items ?? [])];
    return taintOf(at.callLocal(callee.local, call.node, bound(callee, rest), call.keywords));
  }
  return undefined;
}

function bound(callee: Value, args: readonly Value[]): Value[] {
  return callee.self === undefined ? [...args] : [callee.self, ...args];
}

function construct(at: Interpreter, call: EvaluatedCall): Value {
  const { local } = call.callee;
  if (local?.kind !== 'class') return UNKNOWN;
  const init = at.findMember(local, '__init__');
  if (init?.local?.kind === 'function') {
    at.callLocal(init.local, call.node, [local.self, ...call.args], call.keywords);
  } else {
    for (const [name, value] of call.keywords) {
      if (local.self.thing !== undefined) local.self.thing.fields.set(name, value);
    }
    const names = [...local.scope.names.keys()];
    call.args.forEach((value, position) => {
      const name = names[position];
      if (name !== undefined) local.self.thing?.fields.set(name, value);
    });
  }
  return local.self;
}

/** What a call is worth; notes the call. */
export function evaluateCall(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  const { run } = at;
  const functionNode = childOf(node, 'function');
  if (functionNode === undefined) return UNKNOWN;
  const [callee, receiver, method] = evaluateCallee(at, functionNode, scope);
  const [args, keywords] = evaluateArguments(at, node, scope);
  const name = nameOf(callee);
  const call: EvaluatedCall = { name, node, args, keywords, callee, receiver, method: method || lastOf(name) };
  if (callee.local?.kind === 'class') return construct(at, call);
  if (callee.local?.kind === 'function') {
    return at.callLocal(callee.local, node, bound(callee, args), keywords);
  }
  run.call({ name, node, args, keywords });
  if (name.startsWith('?')) {
    run.unresolvedCall(node, name === '?' ? 'callee is a computed value' : 'receiver of a method is not known');
  }
  const known = callBuiltIn(at, call, scope);
  if (known !== undefined) return known;
  if (COM_FACTORIES.has(name)) {
    const type = comTypeOf((args[0] ?? keywords.get('Class') ?? keywords.get('progid') ?? UNKNOWN).text);
    run.call({ name: type, node, args, keywords });
    return run.valueAt(node, { type, thing: run.thingAt(node) });
  }
  return callLibrary(at, call);
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}

function callLibrary(at: Interpreter, call: EvaluatedCall): Value {
  const { run } = at;
  const { name, node, args, keywords, receiver, method } = call;
  const ran = runPassedFunctions(at, call);
  if (ran !== undefined) return run.valueAt(node, { type: name.startsWith('?') ? '?' : name, taint: ran });
  let argTaint: Taint = CLEAN;
  for (const value of args) argTaint = joinTaint(argTaint, taintOf(value));
  for (const [key, value] of keywords) argTaint = joinTaint(argTaint, at.withoutCredentials(key, taintOf(value)));
  const receiverTaint = receiver === undefined ? CLEAN : taintOf(receiver);
  if (CLEANING_BUILTINS.has(name)) return PLAIN;
  passesFile(at, call, joinTaint(argTaint, receiverTaint));
  const model = run.knowledge.modelOf(name);
  if (model !== undefined) return applyModel(at, call, model, argTaint, receiverTaint);
  if (receiver?.thing !== undefined && MUTATORS.has(method)) {
    receiver.thing.taint = joinTaint(receiver.thing.taint, argTaint);
    const file = receiver.thing.file ?? receiver.thing.inner?.file;
    if (file?.isWritten === true) {
      run.write(file.path, argTaint);
      run.sink(node, 'files.write', argTaint, file.path);
    }
  }
  if (receiver !== undefined && TESTING_METHODS.has(method)) return run.valueAt(node, { type: resultType(name) });
  const isShaped = receiver !== undefined && SHAPING_METHODS.has(method);
  // What a call that is not known returns holds what it was given: likely, not sure.
  const taint = isShaped
    ? receiverTaint
    : isKnownCall(at, name)
      ? joinTaint(argTaint, receiverTaint)
      : weakened(joinTaint(argTaint, receiverTaint), THROUGH_UNKNOWN);
  const inner = args[0]?.thing;
  const thing = name.startsWith('?') ? undefined : run.thingAt(node);
  if (thing !== undefined && inner !== undefined && receiver === undefined) thing.inner = inner;
  return run.valueAt(node, { type: resultType(name), taint, thing });
}

/** Built-in types keep their names; everything else is named after the call that made it. */
function resultType(name: string): string {
  return name === 'str' || name === 'format' || name === 'repr' ? 'str' : name;
}
