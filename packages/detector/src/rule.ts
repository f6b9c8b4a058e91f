import type { Confidence, Evidence, Severity } from '@sentinel/protocol';
import type { RunView } from './run/run-view.ts';

/** One occurrence of what a rule looks for. */
export interface Match {
  /**
   * What it is about, stable over runs: a host, a table, a folder. It becomes part of the fingerprint, so nothing that
   * changes from run to run may stand in it; numbers and random names are folded.
   */
  readonly subject: string;
  /** One plain sentence that a manager understands, without any value. */
  readonly sentence: string;
  readonly evidence: readonly Evidence[];
  /** Where it differs from the rule's own. */
  readonly severity?: Severity;
  /** Where it differs from the rule's own. */
  readonly confidence?: Confidence;
}

/** A rule over one run: pure, reads its input, imports no other rule. */
export interface RunRule {
  /** What was seen, such as `database-direct-write`; the file's name. */
  readonly id: string;
  readonly title: string;
  /** How bad it is if true, unless a match says otherwise. */
  readonly severity: Severity;
  /** How sure a match is, unless it says otherwise. */
  readonly confidence: Confidence;
  /** ATT&CK and ATLAS ids. */
  readonly techniques: readonly string[];
  /** Controls it serves, such as ISO27001:A.8.12. */
  readonly controls: readonly string[];
  /** What it cannot see. */
  readonly misses: string;
  readonly references: readonly string[];
  readonly find: (view: RunView) => readonly Match[];
}

/** A rule with its types checked. */
export function defineRule(rule: RunRule): RunRule {
  return rule;
}
