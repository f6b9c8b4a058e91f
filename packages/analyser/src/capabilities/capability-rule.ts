import type { CallFact, Facts } from '../semantics/facts.ts';

/** A capability: a query over the facts of a file. */
export interface CapabilityRule {
  /** Name, such as `network.http`. */
  readonly id: string;
  /** Modules whose import alone shows it; `a.b` also stands for everything below. */
  readonly modules?: readonly string[];
  /** Imported names that show it, as `module.name`. */
  readonly names?: readonly string[];
  /** Patterns of resolved call names that show it. */
  readonly calls?: readonly string[];
  /** Patterns of library attributes that show it when they are set. */
  readonly attributes?: readonly string[];
  /** Further condition on a call that fits. */
  readonly accepts?: (call: CallFact, facts: Facts) => boolean;
}
