import type { Finding, ObservedActivity, Run } from '@sentinel/protocol';
import type { Approval, JudgeContext } from './context/judge-context.ts';
import { findingId, fingerprintOf } from './fingerprint.ts';
import type { Match, RunRule } from './rule.ts';
import { runRules } from './rules.generated.ts';
import { RunView } from './run/run-view.ts';
import { type DataTouch, touchedData } from './run/touched-data.ts';

/** What rules say of a run. */
export interface Judgement {
  /** The worst first. */
  readonly findings: readonly Finding[];
  /** Findings that somebody accepted; never silently dropped. */
  readonly approved: readonly { readonly finding: Finding; readonly approval: Approval }[];
  /** Labels of the files that the run wrote, for the context of later runs. */
  readonly fileLabels: Readonly<Record<string, readonly string[]>>;
  /** Where its data came from and where it went, most rows and bytes first. */
  readonly touched: readonly DataTouch[];
  /** Rules that failed, with the reason: a gap must be seen. */
  readonly failures: readonly string[];
}

const SEVERITIES = ['critical', 'high', 'medium', 'low'];

/** Judges one run. Pure: the same run and context give the same findings, with the same ids. */
export function judgeRun(
  run: Run,
  activities: readonly ObservedActivity[],
  context: JudgeContext,
  rules: readonly RunRule[] = runRules,
): Judgement {
  const view = new RunView(run, activities, context);
  const seenAt = run.endedAt ?? lastSight(run, activities);
  const findings: Finding[] = [];
  const approved: { finding: Finding; approval: Approval }[] = [];
  const failures: string[] = [];
  for (const rule of rules) {
    let matches: readonly Match[];
    try {
      matches = rule.find(view);
    } catch (error) {
      failures.push(`${rule.id}: ${error instanceof Error ? error.message : String(error)}`);
      continue;
    }
    const seen = new Set<string>();
    for (const match of matches) {
      const finding = findingOf(rule, match, view, seenAt);
      if (seen.has(finding.fingerprint)) continue;
      seen.add(finding.fingerprint);
      const approval = context.approvals.find(
        (one) =>
          one.ruleId === rule.id &&
          (one.fingerprint ?? finding.fingerprint) === finding.fingerprint &&
          seenAt.slice(0, 10) <= one.until,
      );
      if (approval === undefined) findings.push(finding);
      else approved.push({ finding, approval });
    }
  }
  findings.sort((a, b) => SEVERITIES.indexOf(a.severity) - SEVERITIES.indexOf(b.severity));
  return {
    findings,
    approved,
    fileLabels: Object.fromEntries(view.copies.map(({ path, labels }) => [path, labels])),
    touched: touchedData(view),
    failures,
  };
}

function findingOf(rule: RunRule, match: Match, view: RunView, seenAt: string): Finding {
  const { run, context } = view;
  const fingerprint = fingerprintOf(rule.id, run, context.script.family, match.subject);
  return {
    id: findingId(run.id, fingerprint, Date.parse(seenAt)),
    ruleId: rule.id,
    fingerprint,
    title: match.sentence,
    severity: match.severity ?? rule.severity,
    confidence: match.confidence ?? rule.confidence,
    techniques: [...rule.techniques],
    controls: [...rule.controls],
    evidence: [...match.evidence],
    seenAt,
  };
}

function lastSight(run: Run, activities: readonly ObservedActivity[]): string {
  return activities.reduce((last, { lastSeen }) => (lastSeen > last ? lastSeen : last), run.startedAt);
}
