import type { JudgeContext } from '@sentinel/detector';
import type { PackageVerdict, ScriptFacts, Severity, StoredRun } from '@sentinel/protocol';

/** A file as the store knows it, for judging what reads it. */
export interface TrialFile {
  readonly path: string;
  readonly labels: string[];
  readonly familyId: string;
  readonly runId: string;
  readonly madeAt: number;
  readonly seenAt: number;
  readonly isGone: boolean;
}

/** A run with what is known of it besides its activities. */
export interface TrialRun {
  readonly run: StoredRun;
  readonly familyId: string;
  /** Key of the context that its department has. */
  readonly context: string;
  readonly script: JudgeContext['script'];
}

/** What a thread is told before runs that need it come; all of it stays with the thread. */
export interface TrialKnowledge {
  readonly contexts: ReadonlyMap<string, JudgeContext>;
  readonly facts: ReadonlyMap<string, Pick<ScriptFacts, 'analysis' | 'secretUses'>>;
  readonly verdicts: readonly PackageVerdict[];
  /** By endpoint. */
  readonly files: ReadonlyMap<string, readonly TrialFile[]>;
  /** Labels of files that were looked into, by endpoint and path. */
  readonly samples: ReadonlyMap<string, Readonly<Record<string, string[]>>>;
  /** Summaries of earlier runs by family, oldest first, each with its run's id and start. */
  readonly summaries: ReadonlyMap<string, readonly TrialSummary[]>;
}

/** A judged run as later runs of its family are compared with it. */
export interface TrialSummary {
  readonly runId: string;
  readonly startedMs: number;
  /** RunSummary as JSON. */
  readonly summary: string;
}

/** Runs for a thread to judge, and their activities as the engine wrote them. */
export interface TrialPortion {
  readonly knowledge: TrialKnowledge;
  /** In the order of time. */
  readonly runs: readonly TrialRun[];
  readonly lines: Uint8Array;
}

/** What a thread found. */
export interface TrialFindings {
  readonly activities: number;
  /** Rules that failed. */
  readonly failures: number;
  readonly found: readonly {
    readonly runId: string;
    readonly fingerprint: string;
    readonly ruleId: string;
    readonly severity: Severity;
  }[];
}

/** SQL for one line of an activity: its columns in the order in which `trial-worker.ts` reads them. */
export const TRIAL_LINE = `tuple(run_id, id, type, attributes, activity.count, bytes_in, bytes_out, activity.rows, errors, first_seen, last_seen, decision) AS a`;
