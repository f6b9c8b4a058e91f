import type { Confidence, Severity } from '@sentinel/protocol';
import type { SyntaxNode } from '../parse.ts';
import type { SourceFacts } from './source-facts.ts';

/** What people read about a weakness, whichever engine saw it. */
export interface WeaknessText {
  readonly id: string;
  /** Test of bandit that means the same, for scoring against its labels. */
  readonly bandit: string;
  /** Rule of Ruff that sees it; absent where only our own rules do. */
  readonly ruff?: string;
  readonly title: string;
  readonly severity: Severity;
  readonly confidence: Confidence;
  /** CWE number. Source: MITRE CWE. */
  readonly cwe: number;
  readonly advice: string;
  readonly references: readonly string[];
}

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
