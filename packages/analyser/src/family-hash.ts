import { createHash } from 'node:crypto';
import { loadParser, parsePython, type SyntaxNode } from './parse.ts';

/** Raised when the normal form changes: a new one never regroups old scripts silently. */
const VERSION = 'f1';

/** Nodes whose operator stands between their children. */
const WITH_OPERATOR = new Set([
  'binary_operator',
  'boolean_operator',
  'comparison_operator',
  'unary_operator',
  'not_operator',
  'augmented_assignment',
]);
/** Literals that hold values: a path, a host, a limit. True, False and None are logic and stay. */
const VALUES: Readonly<Record<string, string>> = {
  string: 'value',
  concatenated_string: 'value',
  integer: 'value',
  float: 'value',
};
/** Collections whose length says nothing when all they hold is values. */
const COLLECTIONS = new Set(['list', 'tuple', 'set', 'dictionary', 'pair']);

/**
 * Hash of a script's normalised syntax: the same for copies that differ in comments, docstrings, layout, and the values of
 * literals alone. Undefined for a text without statements.
 *
 * @throws {ParseRefused} when the text is beyond the parser's limits.
 */
export async function familyHash(text: string): Promise<string | undefined> {
  await loadParser();
  const plain = text
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
    .replace(/^\uFEFF/, '');
  const { root } = parsePython(plain);
  const parts: string[] = [];
  writeNode(root, plain, parts);
  // The module's own brackets alone: nothing that does anything.
  if (parts.length <= 2) return undefined;
  return `${VERSION}:${createHash('sha256').update(parts.join(' ')).digest('hex').slice(0, 32)}`;
}

function writeNode(node: SyntaxNode, text: string, parts: string[]): void {
  if (node.type === 'comment' || isDocstring(node)) return;
  const value = valueOf(node, text);
  if (value !== undefined) {
    parts.push(value);
    return;
  }
  if (node.type === 'identifier') {
    parts.push(text.slice(node.start, node.end));
    return;
  }
  parts.push(node.field === '' ? `(${node.type}` : `(${node.field}:${node.type}`);
  const hasOperator = WITH_OPERATOR.has(node.type);
  let at = node.start;
  for (const child of node.children) {
    if (hasOperator) writeOperator(text.slice(at, child.start), parts);
    writeNode(child, text, parts);
    at = child.end;
  }
  parts.push(')');
}

/** What stands for a literal; undefined for anything else. */
function valueOf(node: SyntaxNode, text: string): string | undefined {
  const children = node.children.filter(({ type }) => type !== 'comment');
  const word = VALUES[node.type];
  // A template's expressions are logic.
  if (word !== undefined) return isTemplate(node) ? undefined : word;
  if (node.type === 'unary_operator' && children.length === 1 && /^[-+~]/.test(text.slice(node.start, node.start + 1)))
    return children[0] === undefined || valueOf(children[0], text) === undefined ? undefined : 'value';
  if (node.type === 'parenthesized_expression' && children.length === 1 && children[0] !== undefined)
    return valueOf(children[0], text);
  if (
    COLLECTIONS.has(node.type) &&
    children.length > 0 &&
    children.every((child) => valueOf(child, text) !== undefined)
  )
    return node.type === 'pair' ? 'value' : `(${node.type} values)`;
  return undefined;
}

function isTemplate(node: SyntaxNode): boolean {
  if (node.type === 'interpolation') return true;
  return node.children.some(isTemplate);
}

function isDocstring(node: SyntaxNode): boolean {
  if (node.type !== 'expression_statement' || node.children.length !== 1) return false;
  const only = node.children[0];
  return only !== undefined && only.type in VALUES && !isTemplate(only);
}

function writeOperator(between: string, parts: string[]): void {
  const operator = between
    .replaceAll(/#[^\n]*/g, '')
    .replaceAll(/[\s()\\]+/g, ' ')
    .trim();
  if (operator !== '') parts.push(operator);
}
