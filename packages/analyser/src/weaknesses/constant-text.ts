import { childOf, type SyntaxNode } from '../parse.ts';
import type { SourceFacts } from './source-facts.ts';

/** Deeper expressions are taken as not constant. */
const MAX_DEPTH = 30;
const SCOPES = new Set(['function_definition', 'lambda', 'module']);

/** Whether an expression can only be text that stands in the source, as far as its own function shows. */
export function isConstantText(
  facts: SourceFacts,
  node: SyntaxNode,
  seen: ReadonlySet<string> = new Set(),
  depth = 0,
): boolean {
  if (depth > MAX_DEPTH) return false;
  const again = (child: SyntaxNode | undefined) => child !== undefined && isConstantText(facts, child, seen, depth + 1);
  switch (node.type) {
    case 'string':
      return node.children.every((part) => part.type !== 'interpolation' || again(part.children[0]));
    case 'integer':
    case 'float':
    case 'string_content':
      return true;
    case 'identifier':
      return isConstantName(facts, node, seen, depth);
    case 'parenthesized_expression':
    case 'list_splat':
    case 'dictionary_splat':
    case 'concatenated_string':
    case 'tuple':
    case 'list':
    case 'dictionary':
    case 'expression_list':
      return node.children.every(again);
    case 'pair':
    case 'keyword_argument':
      return again(childOf(node, 'value'));
    case 'binary_operator':
      return again(childOf(node, 'left')) && again(childOf(node, 'right'));
    case 'conditional_expression':
      return again(node.children[0]) && again(node.children[2]);
    case 'call': {
      const callee = childOf(node, 'function');
      if (callee?.type !== 'attribute') return false;
      const method = childOf(callee, 'attribute');
      if (facts.text(method) !== 'format') return false;
      const isPlain = again(childOf(callee, 'object'));
      return isPlain && (childOf(node, 'arguments')?.children ?? []).every(again);
    }
    default:
      return false;
  }
}

/** A name counts when all that its own scope assigned to it before is constant; parameters and outer names never do. */
function isConstantName(facts: SourceFacts, node: SyntaxNode, seen: ReadonlySet<string>, depth: number): boolean {
  const name = facts.text(node);
  if (seen.has(name)) return true;
  const scope = scopeOf(facts, node);
  if (scope === undefined || isParameter(facts, scope, name)) return false;
  const values: (SyntaxNode | undefined)[] = [];
  for (const assignment of [...facts.nodes('assignment'), ...facts.nodes('augmented_assignment')]) {
    if (assignment.start < scope.start || assignment.end > scope.end || assignment.start >= node.start) continue;
    if (scopeOf(facts, assignment)?.id !== scope.id) continue;
    const left = childOf(assignment, 'left');
    const right = childOf(assignment, 'right');
    if (left === undefined || right === undefined) continue;
    if (left.type === 'identifier') {
      if (facts.text(left) === name) values.push(right);
    } else {
      const index = left.children.findIndex((part) => facts.text(part) === name);
      if (index === -1) continue;
      const isSequence = right.type === 'tuple' || right.type === 'expression_list' || right.type === 'list';
      values.push(isSequence ? right.children[index] : undefined);
    }
  }
  const inside = new Set([...seen, name]);
  return (
    values.length > 0 && values.every((value) => value !== undefined && isConstantText(facts, value, inside, depth + 1))
  );
}

function scopeOf(facts: SourceFacts, node: SyntaxNode): SyntaxNode | undefined {
  let current = facts.parentOf(node);
  while (current !== undefined && !SCOPES.has(current.type)) current = facts.parentOf(current);
  return current;
}

function isParameter(facts: SourceFacts, scope: SyntaxNode, name: string): boolean {
  const parameters = childOf(scope, 'parameters')?.children ?? [];
  return parameters.some((parameter) => {
    const first = childOf(parameter, 'name') ?? parameter.children[0] ?? parameter;
    return facts.text(first) === name;
  });
}
