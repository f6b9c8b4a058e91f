import { childOf, type SyntaxNode } from '../parse.ts';
import { memberName } from './dotted-name.ts';
import type { Interpreter } from './interpreter.ts';
import { textOrHole } from './text-template.ts';
import { joinTaint, joinValues, type Scope, taintOf, Value } from './value.ts';

/** Fields of SAP's dialogs that name the file of an export. Source: SAP GUI Scripting API, recorded scripts. */
const SAP_EXPORT = /(?:ctxt|txt)[^'"]{0,40}(?:DY_PATH|DY_FILENAME|DY_FILE|FILENAME|FILE_PATH|P_FILE)/i;

function assignName(at: Interpreter, name: string, value: Value, scope: Scope): void {
  let target = scope;
  if (scope.outer.has(name)) {
    target = at.run.module;
    for (let above = scope.parent; above !== undefined; above = above.parent) {
      if (above.names.has(name)) target = above;
    }
  }
  const earlier = target.names.get(name);
  const isCertain = at.run.branchDepth === 0 && target === scope;
  target.names.set(name, isCertain || earlier === undefined ? value : joinValues(earlier, value));
}

function assignAttribute(at: Interpreter, target: SyntaxNode, value: Value, scope: Scope): void {
  const { run } = at;
  const objectNode = childOf(target, 'object');
  const nameNode = childOf(target, 'attribute');
  if (objectNode === undefined || nameNode === undefined) return;
  const object = at.evaluate(objectNode, scope);
  const name = run.textOf(nameNode);
  const type = object.local?.kind === 'class' ? undefined : (object.type ?? object.ref);
  if (type !== undefined) {
    const full = memberName(type, name);
    run.facts.attributes.push({ name: full, node: target });
    noteAttribute(at, target, full, object, value);
  }
  if (object.thing === undefined) return;
  const isOfFile = object.local?.kind === 'class' || type === undefined || type.startsWith('argparse');
  if (isOfFile) {
    const earlier = object.thing.fields.get(name);
    object.thing.fields.set(name, earlier === undefined ? value : joinValues(earlier, value));
  } else object.thing.taint = joinTaint(object.thing.taint, taintOf(value));
}

/** Setting a property of a library's object may send data: a field of SAP, a cell, the text of a mail. */
function noteAttribute(at: Interpreter, target: SyntaxNode, full: string, object: Value, value: Value): void {
  const { run } = at;
  const objectNode = childOf(target, 'object');
  if (
    objectNode !== undefined &&
    full.toLowerCase().endsWith('findbyid.text') &&
    SAP_EXPORT.test(run.textOf(objectNode))
  ) {
    const taint = joinTaint(taintOf(object), run.source(target, 'gui.sap', undefined));
    run.write(textOrHole(value), taint);
    run.sink(target, 'files.write', taint, value.text);
    return;
  }
  const model = run.knowledge.attributeModelOf(full);
  if (model === undefined) return;
  if (model.sink !== undefined) run.sink(target, model.sink, taintOf(value), object.text);
}

function assignSubscript(at: Interpreter, target: SyntaxNode, value: Value, scope: Scope): void {
  const objectNode = childOf(target, 'value');
  if (objectNode === undefined) return;
  const object = at.evaluate(objectNode, scope);
  const keyNode = childOf(target, 'subscript');
  const key = keyNode === undefined ? undefined : at.evaluate(keyNode, scope);
  const type = object.type ?? object.ref;
  if (type !== undefined && type !== 'dict' && type !== 'list') {
    at.run.facts.attributes.push({ name: memberName(type, '[]'), node: target });
    const model = at.run.knowledge.attributeModelOf(memberName(type, '[]'));
    if (model?.sink !== undefined) at.run.sink(target, model.sink, taintOf(value), undefined);
  }
  if (object.thing === undefined) return;
  if (type === 'dict' && key?.text !== undefined && object.thing.fields.size < 400) {
    const earlier = object.thing.fields.get(key.text);
    object.thing.fields.set(key.text, earlier === undefined ? value : joinValues(earlier, value));
    return;
  }
  object.thing.taint = joinTaint(object.thing.taint, taintOf(value));
}

/** Gives a value to a name, an attribute, a subscript or each part of a pattern. */
export function bindTarget(at: Interpreter, target: SyntaxNode, value: Value, scope: Scope): void {
  switch (target.type) {
    case 'identifier':
      assignName(at, at.run.textOf(target), value, scope);
      return;
    case 'attribute':
      assignAttribute(at, target, value, scope);
      return;
    case 'subscript':
      assignSubscript(at, target, value, scope);
      return;
    case 'pattern_list':
    case 'tuple_pattern':
    case 'list_pattern':
    case 'tuple':
    case 'list':
    case 'expression_list': {
      const parts = target.children.filter((child) => child.type !== 'comment');
      parts.forEach((part, position) => {
        bindTarget(
          at,
          part,
          value.items?.length === parts.length ? (value.items[position] ?? value) : partOf(at, part, value),
          scope,
        );
      });
      return;
    }
    default:
      // as_pattern_target, list_splat_pattern, parenthesized_expression and their like hold the target within.
      for (const child of target.children) bindTarget(at, child, value, scope);
  }
}

function partOf(at: Interpreter, node: SyntaxNode, value: Value): Value {
  return new Value(at.run.idOf(node), { type: value.type, taint: taintOf(value), thing: value.thing });
}
