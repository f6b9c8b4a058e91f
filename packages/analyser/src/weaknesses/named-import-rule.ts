import { childOf, type SyntaxNode } from '../parse.ts';
import { literalText, type SourceFacts } from './source-facts.ts';
import type { OwnRule, Sighting } from './weakness-rule.ts';

const IMPORTERS = new Set(['__import__', 'importlib.import_module', 'importlib.__import__']);

/** A rule that fires where one of the modules, or a part of it, is imported, also by a call with a constant name. */
export function namedImportRule(rule: Pick<OwnRule, 'id' | 'hints'>, modules: readonly string[]): OwnRule {
  const isWanted = (name: string) => modules.some((module) => name === module || name.startsWith(`${module}.`));
  return {
    ...rule,
    runs: 'always',
    misses: 'Modules whose name is put together at run time.',
    *find(facts): Iterable<Sighting> {
      for (const node of facts.nodes('import_statement')) {
        if (node.children.some((child) => isWanted(moduleOf(facts, child)))) {
          yield { ruleId: rule.id, node };
        }
      }
      for (const node of facts.nodes('import_from_statement')) {
        const prefix = facts.text(childOf(node, 'module_name'));
        const names = node.children.filter(({ field }) => field === 'name').map((name) => moduleOf(facts, name));
        if (isWanted(prefix) || names.some((name) => isWanted(`${prefix}.${name}`))) yield { ruleId: rule.id, node };
      }
      for (const call of facts.calls) {
        if (!IMPORTERS.has(call.name)) continue;
        const name = literalText(facts, call.positional[0] ?? call.keywords.get('name'));
        if (name !== undefined && isWanted(name)) yield { ruleId: rule.id, node: call.node };
      }
    },
  };
}

function moduleOf(facts: SourceFacts, node: SyntaxNode): string {
  return facts.text(node.type === 'aliased_import' ? childOf(node, 'name') : node);
}
