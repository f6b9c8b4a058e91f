import type { Confidence, Severity } from '@sentinel/protocol';
import type { SyntaxNode } from '../parse.ts';
import type { SourceFacts } from './source-facts.ts';

/** One sighting of one of our own rules. */
export interface Sighting {
  /** Id in the catalogue. */
  readonly ruleId: string;
  /** Where, in offsets of the source. */
  readonly node: Pick<SyntaxNode, 'start' | 'end'>;
  readonly severity?: Severity;
  readonly confidence?: Confidence;
}

/** A rule of our own over the syntax tree. Pure. */
export interface OwnRule {
  readonly id: string;
  /** `always`: Ruff lacks it or part of it; `without-ruff`: Ruff sees it better where it can read the file. */
  readonly runs: 'always' | 'without-ruff';
  /** One of these stands in any source that the rule could fire on. */
  readonly hints: readonly string[];
  /** What the rule cannot see. */
  readonly misses: string;
  readonly find: (facts: SourceFacts) => Iterable<Sighting>;
}
