import { lineAt, type SyntaxTree } from '../parse.ts';
import type { SourceFacts } from './source-facts.ts';

/** Tests that a comment on a line switches off; undefined: all. */
export type Suppressions = ReadonlyMap<number, ReadonlySet<string> | undefined>;

const NO_SECURITY = /#\s*nosec\b:?([^#]*)/i;
const TEST_ID = /\bB\d{3}\b/g;

/**
 * Lines that carry a `# nosec` comment, with the tests it names.
 *
 * Source: https://bandit.readthedocs.io/en/latest/config.html#suppressing-individual-lines
 */
export function findSuppressions(facts: SourceFacts, tree: SyntaxTree): Suppressions {
  const found = new Map<number, ReadonlySet<string> | undefined>();
  if (!/nosec/i.test(tree.text)) return found;
  for (const comment of facts.nodes('comment')) {
    const match = NO_SECURITY.exec(facts.text(comment));
    if (match === null) continue;
    const tests = new Set(match[1]?.match(TEST_ID) ?? []);
    found.set(lineAt(tree.lineStarts, comment.start), tests.size === 0 ? undefined : tests);
  }
  return found;
}

/** Whether one of the lines says that this test does not count there. */
export function isSuppressed(suppressions: Suppressions, test: string, line: number, endLine: number): boolean {
  if (suppressions.size === 0) return false;
  for (let at = line; at <= endLine; at += 1) {
    if (!suppressions.has(at)) continue;
    const tests = suppressions.get(at);
    if (tests === undefined || tests.has(test)) return true;
  }
  return false;
}
