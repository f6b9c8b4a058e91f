import { childOf, type SyntaxNode } from '../parse.ts';
import { evaluateCall } from './calls.ts';
import { memberName } from './dotted-name.ts';
import type { Interpreter } from './interpreter.ts';
import { BUILTINS } from './python-names.ts';
import { decodeEscapes, readLiteral } from './string-literal.ts';
import { cutText, formatPercent, joinPath, textOrHole } from './text-template.ts';
import {
  BY_NEARNESS,
  CLEAN,
  joinTaint,
  joinValues,
  newScope,
  PLAIN,
  type Scope,
  type Taint,
  taintOf,
  UNKNOWN,
  Value,
  weakened,
} from './value.ts';

type Evaluator = (at: Interpreter, node: SyntaxNode, scope: Scope) => Value;

/** Joins the values of all children. */
function joinChildren(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  let taint: Taint = CLEAN;
  for (const child of node.children) taint = joinTaint(taint, taintOf(at.evaluate(child, scope)));
  return at.run.unknownAt(node, taint);
}

/** Evaluates the children for their effects; the result carries nothing. */
function dropChildren(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  for (const child of node.children) at.evaluate(child, scope);
  return PLAIN;
}

function evaluateIdentifier(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  const { run } = at;
  const name = run.textOf(node);
  const held = run.lookup(scope, name);
  if (held !== undefined) return held;
  if (BUILTINS.has(name)) return new Value(-3, { ref: name });
  const star = at.starModuleOf(name);
  if (star !== undefined) return new Value(-3, { ref: `${star}.${name}` });
  return new Value(run.idOf(node), { type: '?' });
}

/** A member of a value: attribute, or key that is a constant. */
export function memberOf(at: Interpreter, node: SyntaxNode, object: Value, name: string): Value {
  const { run } = at;
  const field = object.thing?.fields.get(name);
  if (field !== undefined) return field;
  if (object.local?.kind === 'class') {
    const method = at.findMember(object.local, name);
    if (method?.local?.kind === 'function') {
      if (method.local.isProperty) return at.callLocal(method.local, node, [object], new Map());
      return new Value(method.id, { local: method.local, self: object });
    }
    if (method !== undefined) return method;
    if (object.local.baseName !== undefined) {
      return new Value(run.idOf(node), {
        type: memberName(object.local.baseName, name),
        taint: object.taint,
        thing: object.thing,
      });
    }
  }
  if (object.ref !== undefined) {
    const ref = memberName(object.ref, name);
    const model = run.knowledge.modelOf(`${ref}.@`);
    if (model?.source !== undefined)
      return run.valueAt(node, { type: ref, taint: run.source(node, model.source, undefined) });
    return new Value(run.idOf(node), { ref });
  }
  if (object.text !== undefined && object.type === 'pathlib.Path') return pathMember(at, node, object, name);
  const type = memberName(object.type ?? (object.text === undefined ? '?' : 'str'), name);
  // A member of an object of the file that was never set: all that the object holds may be in it.
  let taint = object.local?.kind === 'class' ? weakened(taintOf(object), BY_NEARNESS) : taintOf(object);
  const model = run.knowledge.modelOf(`${type}.@`);
  if (model?.source !== undefined) taint = joinTaint(taint, run.source(node, model.source, undefined));
  return new Value(run.idOf(node), { type, taint, thing: object.thing, self: object });
}

function pathMember(at: Interpreter, node: SyntaxNode, path: Value, name: string): Value {
  const text = (path.text ?? '').replaceAll('\\', '/');
  const last = text.slice(text.lastIndexOf('/') + 1);
  const { taint } = path;
  if (name === 'parent') {
    const above = text.includes('/') ? text.slice(0, text.lastIndexOf('/')) : '.';
    return at.run.valueAt(node, { text: above, type: 'pathlib.Path', taint });
  }
  if (name === 'name') return at.run.valueAt(node, { text: last, taint });
  if (name === 'stem') return at.run.valueAt(node, { text: last.replace(/\.[^.]{0,12}$/, ''), taint });
  return at.run.valueAt(node, { type: memberName('pathlib.Path', name), taint, self: path });
}

function evaluateAttribute(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  const objectNode = childOf(node, 'object');
  const nameNode = childOf(node, 'attribute');
  if (objectNode === undefined || nameNode === undefined) return UNKNOWN;
  return memberOf(at, node, at.evaluate(objectNode, scope), at.run.textOf(nameNode));
}

function evaluateSubscript(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  const { run } = at;
  const objectNode = childOf(node, 'value');
  const object = objectNode === undefined ? UNKNOWN : at.evaluate(objectNode, scope);
  const keys = node.children.filter((child) => child.field === 'subscript').map((child) => at.evaluate(child, scope));
  const key = keys[0];
  if (key !== undefined && (key.text !== undefined || key.items !== undefined)) run.column(node, key, taintOf(object));
  if (key?.text !== undefined) {
    const field = object.thing?.fields.get(key.text);
    if (field !== undefined) return field;
  }
  if (object.ref === 'os.environ' && key !== undefined) {
    return run.valueAt(node, { taint: at.environmentTaint(node, key.text) });
  }
  if (object.ref === 'sys.argv') return run.valueAt(node, { type: 'sys.argv' });
  const keyNode = node.children.find((child) => child.field === 'subscript');
  if (object.items !== undefined && keyNode?.type === 'integer') {
    const item = object.items[Number(run.textOf(keyNode))];
    if (item !== undefined) return item;
  }
  if (object.ref !== undefined) return new Value(run.idOf(node), { type: object.ref, taint: object.taint });
  return new Value(run.idOf(node), { type: object.type ?? '?', taint: taintOf(object), thing: object.thing });
}

function evaluateString(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  const { run } = at;
  if (node.children.length === 0) return run.valueAt(node, { text: cutText(readLiteral(run.textOf(node))) });
  let text = '';
  let taint: Taint = CLEAN;
  for (const part of node.children) {
    if (part.type === 'string_content') {
      text += decodeEscapes(run.textOf(part).replaceAll('{{', '{').replaceAll('}}', '}'));
    } else if (part.type === 'interpolation') {
      const inner = childOf(part, 'expression');
      const value = inner === undefined ? UNKNOWN : at.evaluate(inner, scope);
      text += textOrHole(value);
      taint = joinTaint(taint, taintOf(value));
    }
  }
  return run.valueAt(node, { text: cutText(text), taint });
}

function evaluateConcatenated(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  let text = '';
  let taint: Taint = CLEAN;
  for (const child of node.children) {
    if (child.type !== 'string') continue;
    const value = at.evaluate(child, scope);
    text += textOrHole(value);
    taint = joinTaint(taint, value.taint);
  }
  return at.run.valueAt(node, { text: cutText(text), taint });
}

function operatorOf(at: Interpreter, left: SyntaxNode, right: SyntaxNode): string {
  const between = at.run.tree.text.slice(left.end, right.start);
  return between.length > 40 ? (/[-+*/%@&|^<>]+/.exec(between)?.[0] ?? '') : between.trim();
}

/** Chains such as `a + b + c` lean to the left: walked down without recursion. */
function evaluateBinary(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  const chain: SyntaxNode[] = [];
  let first: SyntaxNode = node;
  while (first.type === 'binary_operator') {
    chain.push(first);
    const left = childOf(first, 'left');
    if (left === undefined) break;
    first = left;
  }
  let value = first.type === 'binary_operator' ? UNKNOWN : at.evaluate(first, scope);
  for (const step of chain.reverse()) {
    const left = childOf(step, 'left');
    const right = childOf(step, 'right');
    if (left === undefined || right === undefined) continue;
    value = combine(at, step, operatorOf(at, left, right), value, at.evaluate(right, scope));
    at.run.steps += 1;
  }
  return value;
}

function combine(at: Interpreter, node: SyntaxNode, operator: string, left: Value, right: Value): Value {
  const { run } = at;
  const taint = joinTaint(taintOf(left), taintOf(right));
  if (operator === '/' && (left.type === 'pathlib.Path' || right.type === 'pathlib.Path')) {
    return run.valueAt(node, {
      text: joinPath([textOrHole(left), textOrHole(right)]),
      type: 'pathlib.Path',
      taint,
    });
  }
  if (operator === '+' && left.items === undefined && (left.text !== undefined || right.text !== undefined)) {
    return run.valueAt(node, { text: cutText(textOrHole(left) + textOrHole(right)), taint });
  }
  if (operator === '+' && left.items !== undefined && right.items !== undefined) {
    return run.valueAt(node, { items: [...left.items, ...right.items].slice(0, 200), taint });
  }
  if (operator === '%' && left.text !== undefined) {
    return run.valueAt(node, { text: formatPercent(left.text, right.items ?? [right]), taint });
  }
  if (left.type === 'plain' && right.type === 'plain') return PLAIN;
  return new Value(run.idOf(node), { type: left.type ?? right.type ?? '?', taint, thing: left.thing });
}

/** Lists, tuples and sets: a thing that grows, with what is known of its items. */
function evaluateSequence(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  const items: Value[] = [];
  for (const child of node.children) {
    if (child.type === 'comment') continue;
    const value = at.evaluate(child, scope);
    if (items.length < 200) items.push(value);
  }
  return at.run.valueAt(node, {
    items,
    type: node.type === 'list' ? 'list' : 'tuple',
    thing: node.type === 'list' || node.type === 'set' ? at.run.thingAt(node) : undefined,
  });
}

function withoutCredential(at: Interpreter, key: string, value: Value): Value {
  const taint = at.withoutCredentials(key, value.taint);
  return taint.length === value.taint.length ? value : value.changed({ taint });
}

function evaluateDictionary(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  const thing = at.run.thingAt(node);
  for (const child of node.children) {
    if (child.type === 'pair') {
      const keyNode = childOf(child, 'key');
      const valueNode = childOf(child, 'value');
      const key = keyNode === undefined ? UNKNOWN : at.evaluate(keyNode, scope);
      const value = valueNode === undefined ? UNKNOWN : at.evaluate(valueNode, scope);
      if (key.text !== undefined && thing.fields.size < 400)
        thing.fields.set(key.text, withoutCredential(at, key.text, value));
      else thing.taint = joinTaint(thing.taint, joinTaint(taintOf(key), taintOf(value)));
    } else if (child.type !== 'comment') {
      thing.taint = joinTaint(thing.taint, taintOf(at.evaluate(child, scope)));
    }
  }
  return at.run.valueAt(node, { type: 'dict', thing });
}

/** Comprehensions: the clauses bind names in a scope of their own, then the body is evaluated. */
function evaluateComprehension(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  const inner = newScope(scope);
  let body: SyntaxNode | undefined;
  for (const child of node.children) {
    if (child.field === 'body') body = child;
    else if (child.type === 'for_in_clause') {
      const rights = child.children.filter((part) => part.field === 'right');
      const left = childOf(child, 'left');
      for (const right of rights) {
        const element = at.elementOf(right, at.evaluate(right, inner));
        if (left !== undefined) at.bind(left, element, inner);
      }
    } else at.evaluate(child, inner);
  }
  if (body === undefined) return UNKNOWN;
  const value = at.evaluate(body, inner);
  return at.run.valueAt(node, { type: 'list', taint: taintOf(value), items: [value], thing: undefined });
}

function evaluateConditional(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  const [first, condition, second] = node.children.filter((child) => child.type !== 'comment');
  if (condition !== undefined) at.evaluate(condition, scope);
  const a = first === undefined ? UNKNOWN : at.evaluate(first, scope);
  const b = second === undefined ? UNKNOWN : at.evaluate(second, scope);
  return joinValues(b, a);
}

function evaluateBoolean(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const a = left === undefined ? UNKNOWN : at.evaluate(left, scope);
  const b = right === undefined ? UNKNOWN : at.evaluate(right, scope);
  return a.text === undefined && a.type === '?' ? joinValues(a, b) : joinValues(b, a);
}

function evaluateNamed(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  const name = childOf(node, 'name');
  const valueNode = childOf(node, 'value');
  const value = valueNode === undefined ? UNKNOWN : at.evaluate(valueNode, scope);
  if (name !== undefined) at.bind(name, value, scope);
  return value;
}

function evaluateYield(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  for (const child of node.children) at.addResult(at.evaluate(child, scope));
  return at.run.unknownAt(node);
}

function evaluateLast(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  let value = UNKNOWN;
  for (const child of node.children) if (child.type !== 'comment') value = at.evaluate(child, scope);
  return value;
}

const EVALUATORS: Readonly<Record<string, Evaluator>> = {
  identifier: evaluateIdentifier,
  attribute: evaluateAttribute,
  subscript: evaluateSubscript,
  call: evaluateCall,
  string: evaluateString,
  concatenated_string: evaluateConcatenated,
  binary_operator: evaluateBinary,
  list: evaluateSequence,
  tuple: evaluateSequence,
  set: evaluateSequence,
  expression_list: evaluateSequence,
  pattern_list: evaluateSequence,
  dictionary: evaluateDictionary,
  list_comprehension: evaluateComprehension,
  set_comprehension: evaluateComprehension,
  dictionary_comprehension: evaluateComprehension,
  generator_expression: evaluateComprehension,
  conditional_expression: evaluateConditional,
  boolean_operator: evaluateBoolean,
  named_expression: evaluateNamed,
  parenthesized_expression: evaluateLast,
  await: evaluateLast,
  list_splat: evaluateLast,
  dictionary_splat: evaluateLast,
  expression_statement: evaluateLast,
  comparison_operator: dropChildren,
  not_operator: dropChildren,
  yield: evaluateYield,
  lambda: (at, node, scope) => at.makeFunction(node, scope, undefined),
  comment: () => PLAIN,
  integer: () => PLAIN,
  float: () => PLAIN,
  true: () => PLAIN,
  false: () => PLAIN,
  none: () => PLAIN,
  type: () => PLAIN,
};

/** What an expression is worth; its calls are noted on the way. */
export function evaluateExpression(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  const { run } = at;
  if (!run.enter()) return UNKNOWN;
  try {
    const evaluator = EVALUATORS[node.type];
    if (evaluator !== undefined) return evaluator(at, node, scope);
    if (at.isStatement(node)) {
      at.execute(node, scope);
      return UNKNOWN;
    }
    return joinChildren(at, node, scope);
  } finally {
    run.depth -= 1;
  }
}
