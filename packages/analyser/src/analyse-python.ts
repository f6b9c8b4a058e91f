import type { Capability, DataLabel, Flow, SourcePlace } from '@sentinel/protocol';
import { findCapabilities } from './capabilities/find-capabilities.ts';
import { EXTERNAL_CAPABILITIES } from './capabilities/network.ts';
import { findDataLabels } from './flows/data-labels.ts';
import { findFlows } from './flows/find-flows.ts';
import { libraryKnowledge } from './flows/library-knowledge.ts';
import { lineAt, parsePython, type SyntaxNode, type SyntaxTree } from './parse.ts';
import type { Facts } from './semantics/facts.ts';
import { findHosts } from './semantics/find-hosts.ts';
import { interpret } from './semantics/interpret.ts';

/** What the semantics core says of one text. */
export interface PythonMeaning {
  readonly tree: SyntaxTree;
  readonly facts: Facts;
  readonly language: 'python3' | 'python2';
  /** Top-level modules, sorted; relative imports are left out. */
  readonly imports: string[];
  readonly capabilities: Capability[];
  readonly flows: Flow[];
  readonly dataLabels: DataLabel[];
  readonly hosts: string[];
}

/** Statements and calls that only Python 2 has. */
const PYTHON_2_TYPES = new Set(['print_statement', 'exec_statement']);
const PYTHON_2_MODULES =
  /^(?:urllib2|urlparse|Tkinter|tkMessageBox|ConfigParser|Queue|cPickle|StringIO|httplib|_winreg|HTMLParser|SocketServer|BaseHTTPServer|commands|__builtin__)$/;

function isPython2(tree: SyntaxTree, facts: Facts): boolean {
  if (facts.imports.some((fact) => PYTHON_2_MODULES.test(fact.module))) return true;
  const stack: SyntaxNode[] = [tree.root];
  for (let node = stack.pop(); node !== undefined; node = stack.pop()) {
    if (PYTHON_2_TYPES.has(node.type)) return true;
    // Only statements and what holds them: expressions hold no statement.
    if (!/^(?:module|block|.*_statement|.*_clause|.*_definition|ERROR)$/.test(node.type)) continue;
    for (const child of node.children) stack.push(child);
  }
  return false;
}

/**
 * Capabilities, flows and hosts of a Python text; `loadParser` must have been awaited before.
 *
 * @throws {ParseRefused} when the text is beyond the parser's limits.
 */
export function analysePython(
  text: string,
  places?: (line: number) => SourcePlace,
  tree: SyntaxTree = parsePython(text),
): PythonMeaning {
  const facts = interpret(tree, libraryKnowledge);
  const placeOf = (node: SyntaxNode): SourcePlace => {
    const line = lineAt(tree.lineStarts, node.start);
    return places === undefined ? { line, endLine: line } : places(line);
  };
  const imports = new Set<string>();
  for (const fact of facts.imports) {
    const top = fact.module.split('.')[0];
    if (top !== undefined && top !== '') imports.add(top);
  }
  const { labels, ofSource } = findDataLabels(facts, placeOf);
  return {
    tree,
    facts,
    language: isPython2(tree, facts) ? 'python2' : 'python3',
    imports: [...imports].sort(),
    capabilities: findCapabilities(facts, placeOf),
    flows: findFlows(facts, placeOf, ofSource),
    dataLabels: labels,
    hosts: findHosts(tree, facts),
  };
}

/** Whether any of the capabilities sends data off the machine. */
export function usesExternalNetwork(capabilities: readonly Capability[]): boolean {
  return capabilities.some(({ id }) => EXTERNAL_CAPABILITIES.some((pattern) => pattern.test(id)));
}
