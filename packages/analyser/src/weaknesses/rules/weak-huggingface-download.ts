import type { SyntaxNode } from '../../parse.ts';
import { type CallFact, literalText, type SourceFacts } from '../source-facts.ts';
import type { OwnRule } from '../weakness-rule.ts';

/** Functions by name and keyword of the repository. Source: the vendors' API pages. */
const FUNCTIONS = new Set([
  'datasets.load_dataset',
  'datasets.load.load_dataset',
  'huggingface_hub.hf_hub_download',
  'huggingface_hub.snapshot_download',
]);
const LIBRARIES: readonly string[] = [
  'transformers',
  'diffusers',
  'datasets',
  'huggingface_hub',
  'sentence_transformers',
];
const COMMIT = /^[0-9a-f]{7,64}$/i;
const LOCAL = /^(?:[./~\\]|[A-Za-z]:[\\/])/;

/** A model or data set downloaded without a pinned revision. */
export const weakHuggingfaceDownload: OwnRule = {
  id: 'weak-huggingface-download',
  runs: 'always',
  hints: ['from_pretrained', 'load_dataset', 'hf_hub_download', 'snapshot_download'],
  misses: 'Revisions that reach the call through a variable: they are taken as pinned.',
  *find(facts) {
    for (const call of facts.calls) {
      if (!isDownload(call, facts)) continue;
      const origin =
        call.positional[0] ?? call.keywords.get('repo_id') ?? call.keywords.get('pretrained_model_name_or_path');
      if (isLocal(facts, origin) || isPinned(facts, call)) continue;
      yield { ruleId: this.id, node: call.node };
    }
  },
};

function isDownload(call: CallFact, facts: SourceFacts): boolean {
  if (FUNCTIONS.has(call.name)) return true;
  return call.method === 'from_pretrained' && LIBRARIES.some((library) => facts.imports(library));
}

function isLocal(facts: SourceFacts, origin: SyntaxNode | undefined): boolean {
  const text = literalText(facts, origin);
  return text !== undefined && LOCAL.test(text);
}

function isPinned(facts: SourceFacts, call: CallFact): boolean {
  if (call.hasHidden) return true;
  const revision = call.keywords.get('revision') ?? call.keywords.get('commit_id');
  if (revision === undefined) return false;
  const text = literalText(facts, revision);
  return text === undefined ? facts.text(revision) !== 'None' : COMMIT.test(text);
}
