import { childOf, type SyntaxNode } from '../parse.ts';
import { makeClass, makeFunction } from './definitions.ts';
import type { Interpreter } from './interpreter.ts';
import type { Run } from './run.ts';
import { PLAIN, type Scope, taintOf, UNKNOWN, Value } from './value.ts';

type Executor = (at: Interpreter, node: SyntaxNode, scope: Scope) => void;

function executeChildren(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  for (const child of node.children) at.execute(child, scope);
}

function note(run: Run, module: string, name: string | undefined, node: SyntaxNode): void {
  if (run.round === 1) run.facts.imports.push({ module, name, node });
}

function executeImport(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  const { run } = at;
  for (const child of node.children) {
    if (child.type === 'aliased_import') {
      const name = childOf(child, 'name');
      const alias = childOf(child, 'alias');
      if (name === undefined || alias === undefined) continue;
      const module = run.textOf(name).replaceAll(/\s/g, '');
      note(run, module, undefined, child);
      scope.names.set(run.textOf(alias), new Value(-3, { ref: module }));
    } else if (child.type === 'dotted_name') {
      const module = run.textOf(child).replaceAll(/\s/g, '');
      note(run, module, undefined, child);
      const first = module.split('.')[0] ?? module;
      scope.names.set(first, new Value(-3, { ref: first }));
    }
  }
}

function executeImportFrom(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  const { run } = at;
  const moduleNode = childOf(node, 'module_name');
  const module = moduleNode === undefined ? '__future__' : run.textOf(moduleNode).replaceAll(/\s/g, '');
  for (const child of node.children) {
    if (child.type === 'wildcard_import') {
      note(run, module, '*', node);
      if (!run.starModules.includes(module)) run.starModules.push(module);
      continue;
    }
    if (child.field !== 'name') continue;
    const nameNode = child.type === 'aliased_import' ? childOf(child, 'name') : child;
    const alias = child.type === 'aliased_import' ? childOf(child, 'alias') : child;
    if (nameNode === undefined || alias === undefined) continue;
    const name = run.textOf(nameNode);
    note(run, module, name, child);
    // A relative import is a file of the same folder: nothing is known of it.
    scope.names.set(
      run.textOf(alias),
      module.startsWith('.') ? new Value(run.idOf(child), { type: '?' }) : new Value(-3, { ref: `${module}.${name}` }),
    );
  }
}

function executeAssignment(at: Interpreter, node: SyntaxNode, scope: Scope): Value {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const typeNode = childOf(node, 'type');
  let value = UNKNOWN;
  if (right !== undefined) {
    value = right.type === 'assignment' ? executeAssignment(at, right, scope) : at.evaluate(right, scope);
  } else if (typeNode !== undefined) value = at.valueOfAnnotation(typeNode, scope);
  if (left !== undefined && (right !== undefined || typeNode !== undefined)) at.bind(left, value, scope);
  return value;
}

function executeAugmented(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  if (left === undefined || right === undefined) return;
  const old = at.evaluate(left, scope);
  const added = at.evaluate(right, scope);
  const taint = [...taintOf(old), ...taintOf(added)];
  const unique = [...new Set(taint)].sort((a, b) => a - b);
  const text =
    old.text !== undefined && added.text !== undefined && old.text.length < 4_000 ? old.text + added.text : undefined;
  at.bind(
    left,
    new Value(at.run.idOf(node), { text, type: old.type ?? added.type, taint: unique, thing: old.thing }),
    scope,
  );
}

function inBranch(at: Interpreter, run: () => void): void {
  at.run.branchDepth += 1;
  try {
    run();
  } finally {
    at.run.branchDepth -= 1;
  }
}

/** `if`, `elif`, `else` and `case`: what they assign joins what was there before. */
function executeBranches(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  for (const child of node.children) {
    if (child.field === 'condition' || child.field === 'subject' || child.field === 'guard') at.evaluate(child, scope);
    else if (child.type === 'comment' || child.type === 'case_pattern') continue;
    else inBranch(at, () => at.execute(child, scope));
  }
}

function executeFor(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const body = childOf(node, 'body');
  const alternative = childOf(node, 'alternative');
  const element = right === undefined ? UNKNOWN : at.elementOf(right, at.evaluate(right, scope));
  if (left !== undefined) at.bind(left, element, scope);
  if (body !== undefined) at.execute(body, scope);
  if (alternative !== undefined) inBranch(at, () => at.execute(alternative, scope));
}

function executeWithItem(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  const valueNode = childOf(node, 'value');
  if (valueNode === undefined) return;
  if (valueNode.type !== 'as_pattern') {
    at.evaluate(valueNode, scope);
    return;
  }
  executeAsPattern(at, valueNode, scope);
}

function executeAsPattern(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  const alias = childOf(node, 'alias');
  const inner = node.children.find((child) => child.field !== 'alias' && child.type !== 'comment');
  const value = inner === undefined ? UNKNOWN : at.evaluate(inner, scope);
  if (alias !== undefined) at.bind(alias, value.ref === undefined ? value : PLAIN, scope);
}

function executeExcept(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  for (const child of node.children) {
    if (child.type === 'as_pattern') executeAsPattern(at, child, scope);
    else if (child.type === 'block') inBranch(at, () => at.execute(child, scope));
    else if (child.type !== 'comment') at.evaluate(child, scope);
  }
}

function executeReturn(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  for (const child of node.children) if (child.type !== 'comment') at.addResult(at.evaluate(child, scope));
}

function executeOuter(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  for (const child of node.children) if (child.type === 'identifier') scope.outer.add(at.run.textOf(child));
}

function evaluateChildren(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  for (const child of node.children) if (child.type !== 'comment') at.evaluate(child, scope);
}

function executeDecorated(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  const decorators: string[] = [];
  for (const child of node.children) {
    if (child.type !== 'decorator') continue;
    for (const inner of child.children) {
      decorators.push(at.run.textOf(inner));
      at.evaluate(inner, scope);
    }
  }
  const definition = childOf(node, 'definition');
  if (definition === undefined) return;
  if (definition.type === 'class_definition') makeClass(at, definition, scope);
  else makeFunction(at, definition, scope, at.classOf(scope), decorators);
}

/** A region that fits no rule: what is recognisable in it is executed in order. */
function executeError(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  at.run.facts.unresolvedReasons.add('part of the text does not parse');
  for (const child of node.children) {
    if (at.isStatement(child)) at.execute(child, scope);
    else at.evaluate(child, scope);
  }
}

function executeExec(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  const code = childOf(node, 'code');
  const value = code === undefined ? UNKNOWN : at.evaluate(code, scope);
  at.run.call({ name: 'exec', node, args: [value], keywords: new Map() });
}

const EXECUTORS: Readonly<Record<string, Executor>> = {
  module: executeChildren,
  block: executeChildren,
  ERROR: executeError,
  import_statement: executeImport,
  import_from_statement: executeImportFrom,
  future_import_statement: (at, node) => note(at.run, '__future__', undefined, node),
  assignment: executeAssignment,
  augmented_assignment: executeAugmented,
  if_statement: executeBranches,
  elif_clause: executeBranches,
  else_clause: executeChildren,
  match_statement: executeBranches,
  case_clause: executeBranches,
  for_statement: executeFor,
  while_statement: (at, node, scope) => {
    for (const child of node.children) {
      if (child.field === 'condition') at.evaluate(child, scope);
      else at.execute(child, scope);
    }
  },
  with_statement: executeChildren,
  with_clause: executeChildren,
  with_item: executeWithItem,
  as_pattern: executeAsPattern,
  try_statement: executeChildren,
  finally_clause: executeChildren,
  except_clause: executeExcept,
  except_group_clause: executeExcept,
  function_definition: (at, node, scope) => {
    makeFunction(at, node, scope, at.classOf(scope), []);
  },
  class_definition: makeClass,
  decorated_definition: executeDecorated,
  return_statement: executeReturn,
  raise_statement: evaluateChildren,
  assert_statement: evaluateChildren,
  delete_statement: evaluateChildren,
  print_statement: evaluateChildren,
  exec_statement: executeExec,
  global_statement: executeOuter,
  nonlocal_statement: executeOuter,
  pass_statement: () => {},
  break_statement: () => {},
  continue_statement: () => {},
  type_alias_statement: () => {},
  comment: () => {},
};

/** Whether a node is executed rather than evaluated. */
export function isStatementType(type: string): boolean {
  return EXECUTORS[type] !== undefined;
}

/** Executes one statement. */
export function executeStatement(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  const { run } = at;
  if (!run.enter()) return;
  try {
    const executor = EXECUTORS[node.type];
    if (executor !== undefined) executor(at, node, scope);
    else if (node.type === 'expression_statement') executeChildrenOfExpression(at, node, scope);
    else at.evaluate(node, scope);
  } finally {
    run.depth -= 1;
  }
}

function executeChildrenOfExpression(at: Interpreter, node: SyntaxNode, scope: Scope): void {
  for (const child of node.children) {
    if (child.type === 'assignment' || child.type === 'augmented_assignment') at.execute(child, scope);
    else if (child.type !== 'comment') at.evaluate(child, scope);
  }
}
