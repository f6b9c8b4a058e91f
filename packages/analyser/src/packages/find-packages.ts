import type { PackageUse } from '@sentinel/protocol';
import { normaliseName } from '../advisories/distribution-name.ts';
import { childOf, lineAt, parsePython, type SyntaxNode, type SyntaxTree } from '../parse.ts';
import { isNamespace, mappedDistribution } from './import-map.ts';
import { isLockFile, readLockFile } from './lock-file.ts';
import { findNotebookInstalls } from './notebook-installs.ts';
import { findPipCalls } from './pip-calls.ts';
import { readRequirementsFile } from './requirements-file.ts';
import { readScriptHeader } from './script-header.ts';
import { findShellInstalls } from './shell-installs.ts';
import { isStandardLibrary } from './standard-library.ts';

/** Names that people give to modules of their own; an import of one says nothing of a distribution. */
const OWN_NAMES = new Set(
  `agents api app apps base common config configs const constants core data database db functions gui helper helpers lib
  local local_settings log logger main model models module modules my_utils repository routes schemas script scripts service
  services settings shared src test tests tools ui util utils views`.split(/\s+/),
);

/** A source and what is known around it. */
export interface PackageQuestion {
  readonly source: string;
  /** Path or name; a requirements file, lock file or shell script is told by it. */
  readonly path: string;
  /** The tree of a Python source, where the caller has it already. */
  readonly tree?: SyntaxTree;
  /** Top-level modules that lie beside the script or in its project. */
  readonly localModules?: ReadonlySet<string>;
  /** Minor release of Python 3 that runs it, where known. */
  readonly pythonMinor?: number;
}

/**
 * Distributions that a source needs, in the order of its lines. `loadParser` must have been awaited before.
 *
 * Imports are resolved in this order: standard library, local modules, the map of modules with other names, the module's
 * own name. Never throws on content: a lock file that cannot be read yields nothing.
 */
export function findPackages(question: PackageQuestion): PackageUse[] {
  const name = question.path.replace(/^.*[\\/]/, '');
  if (isLockFile(name)) return attempt(() => readLockFile(name, question.source));
  if (/^(?:.*[-_.])?(?:requirements|constraints)(?:[-_.].*)?\.(?:txt|in|pip)$/i.test(name)) {
    return readRequirementsFile(question.source);
  }
  if (/\.(?:sh|bash|zsh|bat|cmd|ps1)$|^Dockerfile|\.dockerfile$/i.test(name)) return findShellInstalls(question.source);
  return attempt(() => findInPython(question));
}

function findInPython(question: PackageQuestion): PackageUse[] {
  const { source } = question;
  const tree = question.tree ?? parsePython(source);
  return [
    ...readScriptHeader(source),
    ...findImports(question, tree),
    ...findPipCalls(tree),
    ...findNotebookInstalls(source),
  ];
}

function findImports(question: PackageQuestion, tree: SyntaxTree): PackageUse[] {
  const uses = new Map<string, PackageUse>();
  for (const { module, node } of importedModules(tree)) {
    const top = module.split('.', 1)[0] ?? '';
    if (top === '' || isStandardLibrary(top, question.pythonMinor)) continue;
    if (OWN_NAMES.has(top) || question.localModules?.has(top) === true) continue;
    const distribution = mappedDistribution(module) ?? (isNamespace(top) ? undefined : normaliseName(top));
    if (distribution === undefined || uses.has(`${top} ${distribution}`)) continue;
    const line = lineAt(tree.lineStarts, node.start);
    const endLine = lineAt(tree.lineStarts, Math.max(node.start, node.end - 1));
    uses.set(`${top} ${distribution}`, { importName: top, distribution, ground: 'import', place: { line, endLine } });
  }
  return [...uses.values()];
}

/** Dotted names that are imported; a name out of a module is tried with it, for namespaces. */
function* importedModules(tree: SyntaxTree): Generator<{ module: string; node: SyntaxNode }> {
  const textOf = (node: SyntaxNode | undefined) =>
    node === undefined ? '' : tree.text.slice(node.start, node.end).replace(/\s+/g, '');
  const nameOf = (node: SyntaxNode) => textOf(node.type === 'aliased_import' ? childOf(node, 'name') : node);
  const open = [tree.root];
  for (let node = open.pop(); node !== undefined; node = open.pop()) {
    if (node.type === 'import_statement') {
      for (const child of node.children) if (child.field === 'name') yield { module: nameOf(child), node };
    } else if (node.type === 'import_from_statement') {
      const module = childOf(node, 'module_name');
      if (module === undefined || module.type === 'relative_import') continue;
      const names = node.children.filter(({ field }) => field === 'name');
      if (names.length === 0) yield { module: textOf(module), node };
      for (const name of names) yield { module: `${textOf(module)}.${nameOf(name)}`, node };
    } else {
      for (let index = node.children.length - 1; index >= 0; index -= 1) {
        const child = node.children[index];
        if (child !== undefined) open.push(child);
      }
    }
  }
}

function attempt(find: () => PackageUse[]): PackageUse[] {
  try {
    return find();
  } catch {
    return [];
  }
}
