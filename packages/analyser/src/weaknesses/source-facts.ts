import { childOf, type SyntaxNode, type SyntaxTree } from '../parse.ts';

/** A call, with the name of what is called as far as imports tell. */
export interface CallFact {
  /** Dotted name with import aliases resolved; empty where it is not a plain name. */
  readonly name: string;
  /** Last part of the name: the method. */
  readonly method: string;
  readonly node: SyntaxNode;
  readonly positional: readonly SyntaxNode[];
  readonly keywords: ReadonlyMap<string, SyntaxNode>;
  /** Whether `*args` or `**kwargs` hide some of the arguments. */
  readonly hasHidden: boolean;
}

/** Names deeper than this are not resolved: chained calls can be thousands of links long. */
const MAX_CHAIN = 12;

/** What the rules ask of one source. Everything is computed once, when it is first asked for. */
export class SourceFacts {
  readonly tree: SyntaxTree;
  readonly #byType = new Map<string, SyntaxNode[]>();
  readonly #parents: (SyntaxNode | undefined)[] = [];
  #aliases: Map<string, string> | undefined;
  #calls: readonly CallFact[] | undefined;

  constructor(tree: SyntaxTree) {
    this.tree = tree;
    const open = [tree.root];
    for (let node = open.pop(); node !== undefined; node = open.pop()) {
      const same = this.#byType.get(node.type);
      if (same === undefined) this.#byType.set(node.type, [node]);
      else same.push(node);
      for (let index = node.children.length - 1; index >= 0; index -= 1) {
        const child = node.children[index];
        if (child === undefined) continue;
        this.#parents[child.id] = node;
        open.push(child);
      }
    }
  }

  get source(): string {
    return this.tree.text;
  }

  /** All nodes of a type, in the order of the source. */
  nodes(type: string): readonly SyntaxNode[] {
    return this.#byType.get(type) ?? [];
  }

  parentOf(node: SyntaxNode): SyntaxNode | undefined {
    return this.#parents[node.id];
  }

  /** Text of a node; empty for none. */
  text(node: SyntaxNode | undefined): string {
    return node === undefined ? '' : this.tree.text.slice(node.start, node.end);
  }

  /** Operator of a binary operation: the grammar gives it no node of its own. */
  operatorOf(node: SyntaxNode): string {
    const left = childOf(node, 'left');
    const right = childOf(node, 'right');
    if (left === undefined || right === undefined) return '';
    return this.tree.text.slice(left.end, Math.min(right.start, left.end + 200)).replace(/[\s\\)(]/g, '');
  }

  /** All calls, in the order of the source. */
  get calls(): readonly CallFact[] {
    this.#calls ??= this.nodes('call').map((node) => this.#callOf(node));
    return this.#calls;
  }

  /** Dotted name of an expression, import aliases resolved; empty where it is not a plain name. */
  nameOf(node: SyntaxNode | undefined): string {
    const parts: string[] = [];
    let current = node;
    for (let depth = 0; current !== undefined && depth < MAX_CHAIN; depth += 1) {
      if (current.type === 'identifier') {
        const written = this.text(current);
        parts.push(this.aliases.get(written) ?? written);
        return parts.reverse().join('.');
      }
      if (current.type === 'attribute') {
        parts.push(this.text(childOf(current, 'attribute')));
        current = childOf(current, 'object');
      } else if (current.type === 'call') {
        parts.push('()');
        current = childOf(current, 'function');
      } else {
        return '';
      }
    }
    return '';
  }

  /** What each imported name stands for. */
  get aliases(): ReadonlyMap<string, string> {
    if (this.#aliases === undefined) {
      this.#aliases = new Map();
      for (const node of this.nodes('import_statement')) this.#addImport(node, this.#aliases);
      for (const node of this.nodes('import_from_statement')) this.#addFrom(node, this.#aliases);
    }
    return this.#aliases;
  }

  /** Whether a module, or a part of it, is imported. */
  imports(module: string): boolean {
    for (const target of this.aliases.values()) if (target === module || target.startsWith(`${module}.`)) return true;
    return false;
  }

  #callOf(node: SyntaxNode): CallFact {
    const callee = childOf(node, 'function');
    const name = this.nameOf(callee);
    const method =
      callee?.type === 'attribute' ? this.text(childOf(callee, 'attribute')) : name.slice(name.lastIndexOf('.') + 1);
    const positional: SyntaxNode[] = [];
    const keywords = new Map<string, SyntaxNode>();
    let hasHidden = false;
    for (const argument of childOf(node, 'arguments')?.children ?? []) {
      if (argument.type === 'comment') continue;
      if (argument.type === 'keyword_argument') {
        const value = childOf(argument, 'value');
        if (value !== undefined) keywords.set(this.text(childOf(argument, 'name')), value);
      } else if (argument.type === 'list_splat' || argument.type === 'dictionary_splat') {
        hasHidden = true;
      } else {
        positional.push(argument);
      }
    }
    return { name, method, node, positional, keywords, hasHidden };
  }

  #addImport(node: SyntaxNode, aliases: Map<string, string>): void {
    for (const child of node.children) {
      if (child.type === 'aliased_import') {
        aliases.set(this.text(childOf(child, 'alias')), this.text(childOf(child, 'name')));
      } else if (child.type === 'dotted_name') {
        const top = this.text(child).split('.', 1)[0] ?? '';
        aliases.set(top, top);
      }
    }
  }

  #addFrom(node: SyntaxNode, aliases: Map<string, string>): void {
    const prefix = this.text(childOf(node, 'module_name'));
    for (const child of node.children) {
      if (child.field !== 'name') continue;
      const isAliased = child.type === 'aliased_import';
      const name = this.text(isAliased ? childOf(child, 'name') : child);
      aliases.set(isAliased ? this.text(childOf(child, 'alias')) : name, `${prefix}.${name}`);
    }
  }
}

/** Text inside a plain string literal, escapes as written; undefined for anything else, also for filled f-strings. */
export function literalText(facts: SourceFacts, node: SyntaxNode | undefined): string | undefined {
  let inner = node;
  while (inner?.type === 'parenthesized_expression') inner = inner.children.find(({ type }) => type !== 'comment');
  if (inner === undefined) return undefined;
  if (inner.type === 'string') return plainText(facts, inner);
  if (inner.type !== 'concatenated_string') return undefined;
  const parts = inner.children.filter(({ type }) => type !== 'comment').map((part) => plainText(facts, part));
  return parts.includes(undefined) ? undefined : parts.join('');
}

function plainText(facts: SourceFacts, node: SyntaxNode): string | undefined {
  if (node.type !== 'string' || node.children.some(({ type }) => type === 'interpolation')) return undefined;
  const text = facts.text(node);
  const start = /^[A-Za-z]{0,3}("""|'''|"|')/.exec(text);
  const quote = start?.[1];
  if (start === null || quote === undefined) return undefined;
  const end = text.endsWith(quote) && text.length >= start[0].length + quote.length ? -quote.length : undefined;
  return text.slice(start[0].length, end);
}
