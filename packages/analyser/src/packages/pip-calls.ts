import type { PackageUse } from '@sentinel/protocol';
import { lineAt, type SyntaxNode, type SyntaxTree } from '../parse.ts';
import { literalText, SourceFacts } from '../weaknesses/source-facts.ts';
import { installedBy, splitWords } from './pip-arguments.ts';

/** Calls whose argument becomes a command. */
const RUNNERS = new Set(
  `system popen run call check_call check_output Popen getoutput getstatusoutput main spawn startfile
  create_subprocess_shell create_subprocess_exec execvp execv execlp execl spawnl spawnlp run_command shell execute`.split(
    /\s+/,
  ),
);

/** Packages that the code installs by calling pip. */
export function findPipCalls(tree: SyntaxTree): PackageUse[] {
  if (!/install|\badd\b/.test(tree.text)) return [];
  const facts = new SourceFacts(tree);
  const uses: PackageUse[] = [];
  for (const { method, positional, keywords, node } of facts.calls) {
    if (!RUNNERS.has(method)) continue;
    const separate = positional.map((argument) => literalText(facts, argument));
    const candidates = [positional[0], keywords.get('args'), keywords.get('cmd')].flatMap((argument) =>
      argument === undefined ? [] : [wordsOf(facts, argument)],
    );
    // Words as arguments of their own: os.execvp("pip", "pip", "install", "name").
    if (separate.length > 1 && separate.some((word) => word === 'install'))
      candidates.push(separate.map((word) => word ?? '-'));
    const [found] = candidates
      .map((words) => (method === 'main' && words[0] === 'install' ? ['pip', ...words] : words))
      .map(installedBy)
      .filter((requirements) => requirements.length > 0);
    const line = lineAt(tree.lineStarts, node.start);
    const endLine = lineAt(tree.lineStarts, Math.max(node.start, node.end - 1));
    for (const requirement of found ?? []) uses.push({ ...requirement, ground: 'pip-call', place: { line, endLine } });
  }
  return uses;
}

/** Words of a command given as text or as a list; a part that is not constant is a word that names nothing. */
function wordsOf(facts: SourceFacts, node: SyntaxNode): string[] {
  if (node.type === 'list' || node.type === 'tuple') {
    return node.children.filter(({ type }) => type !== 'comment').map((child) => literalText(facts, child) ?? '-');
  }
  if (node.type === 'call') {
    // "pip install x".split()
    const callee = node.children[0];
    const object = callee?.type === 'attribute' ? callee.children[0] : undefined;
    return object === undefined ? [] : splitWords(literalText(facts, object) ?? '');
  }
  if (node.type === 'string' && literalText(facts, node) === undefined) {
    // An f-string: what is filled in names nothing.
    const parts = node.children.map((part) =>
      part.type === 'interpolation' ? '-' : part.type === 'string_content' ? facts.text(part) : '',
    );
    return splitWords(parts.join(''));
  }
  if (node.type === 'binary_operator') {
    // sys.executable + " -m pip install x"
    return node.children.flatMap((child) => splitWords(literalText(facts, child) ?? '-'));
  }
  return splitWords(literalText(facts, node) ?? '');
}
