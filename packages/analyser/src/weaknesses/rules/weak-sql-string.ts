import { childOf, type SyntaxNode } from '../../parse.ts';
import { literalText, type SourceFacts } from '../source-facts.ts';
import type { OwnRule } from '../weakness-rule.ts';

/** How a statement of SQL begins; anchored, so that it stays linear. */
const SQL =
  /^\s*(?:select\s[^]*?\sfrom\s|insert\s+into\s[^]*?[\s)](?:values[\s(]|select\s)|replace\s+into\s|delete\s+from\s|update\s[^]*?\sset\s|with\s[^]*?\sas\s*\(|merge\s+into\s)/i;
const FILLING = new Set(['format', 'replace', 'format_map']);

/** SQL put together from text. */
export const weakSqlString: OwnRule = {
  id: 'weak-sql-string',
  runs: 'always',
  hints: [
    'select',
    'SELECT',
    'Select',
    'insert',
    'INSERT',
    'Insert',
    'delete',
    'DELETE',
    'Delete',
    'update',
    'UPDATE',
  ].concat(['Update', 'with ', 'WITH ', 'merge', 'MERGE', 'replace', 'REPLACE']),
  misses: 'Statements built line by line in a list, or in a variable that is added to.',
  *find(facts) {
    for (const type of ['string', 'concatenated_string', 'binary_operator']) {
      for (const node of facts.nodes(type)) {
        if (type === 'binary_operator' && facts.operatorOf(node) !== '+') continue;
        if (isPartOfLarger(facts, node)) continue;
        const template = templateOf(facts, node);
        if (!SQL.test(template.text)) continue;
        const filled = filledBy(facts, node);
        if (template.isDynamic || filled !== undefined) yield { ruleId: this.id, node: filled ?? node };
      }
    }
  },
};

/** A piece of an implicit or explicit concatenation is looked at with the whole. */
function isPartOfLarger(facts: SourceFacts, node: SyntaxNode): boolean {
  const parent = facts.parentOf(node);
  if (parent?.type === 'concatenated_string') return true;
  return parent?.type === 'binary_operator' && facts.operatorOf(parent) === '+';
}

/** Literal text with `{}` for what is filled in. Pieces of a sum are collected without recursion: sums can be long. */
function templateOf(facts: SourceFacts, node: SyntaxNode): { text: string; isDynamic: boolean } {
  const pieces: string[] = [];
  let isDynamic = false;
  const open = [node];
  for (let current = open.pop(); current !== undefined; current = open.pop()) {
    const plain = current.type === 'string' ? literalText(facts, current) : undefined;
    if (plain !== undefined) {
      pieces.push(plain.replaceAll('\\n', ' '));
    } else if (current.type === 'string') {
      isDynamic = true;
      for (const part of current.children) {
        if (part.type === 'interpolation') pieces.push('{}');
        else if (part.type === 'string_content') pieces.push(facts.text(part).replaceAll('\\n', ' '));
      }
    } else if (isSum(facts, current) || current.type === 'concatenated_string') {
      open.push(...current.children.toReversed());
    } else if (current.type === 'parenthesized_expression') {
      open.push(...current.children);
    } else if (current.type !== 'comment') {
      pieces.push('{}');
      isDynamic = true;
    }
  }
  return { text: pieces.join(''), isDynamic };
}

function isSum(facts: SourceFacts, node: SyntaxNode): boolean {
  return node.type === 'binary_operator' && facts.operatorOf(node) === '+';
}

/** The expression that fills the text: `text % values`, `text.format(values)`, `text.replace(name, value)`. */
function filledBy(facts: SourceFacts, node: SyntaxNode): SyntaxNode | undefined {
  let inner = node;
  let parent = facts.parentOf(inner);
  while (parent?.type === 'parenthesized_expression') {
    inner = parent;
    parent = facts.parentOf(inner);
  }
  if (parent?.type === 'binary_operator' && facts.operatorOf(parent) === '%') {
    return inner.field === 'left' ? parent : undefined;
  }
  if (parent?.type !== 'attribute') return undefined;
  const call = facts.parentOf(parent);
  return call?.type === 'call' && FILLING.has(facts.text(childOf(parent, 'attribute'))) ? call : undefined;
}
