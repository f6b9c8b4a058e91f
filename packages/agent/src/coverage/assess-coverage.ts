import { type CoverageCounts, INELIGIBLE_REASONS, type MissReason } from '@sentinel/protocol';
import { saysOnly } from '../sensing/command-shape.ts';
import type { ObservedStart } from '../sensing/process-sensor.ts';

/** What a probe said of a run's start. */
export interface ReportedStart {
  readonly runId: string;
  readonly pid: number;
  readonly timeMs: number;
}

/** What is known of the interpreters of this computer. */
export interface InterpreterFacts {
  /** How it stands with the program (links followed) and environment of a start. */
  readonly state: (executable: string, environment: string | undefined) => InterpreterState | undefined;
  /** Programs that carry an interpreter, and packed ones. */
  readonly hostKind: (executable: string) => 'embedded' | 'frozen' | undefined;
}

/** How it stands with one interpreter. */
export interface InterpreterState {
  readonly outcome: 'instrumented' | 'read-only' | 'version-unsupported' | 'exempt' | 'other';
  /** When it became so, milliseconds since 1970. */
  readonly sinceMs: number;
}

/** A start with what is known of its end. */
export interface JudgedStart extends ObservedStart {
  readonly endedMs: number | undefined;
}

/** Clocks of probe and kernel are read at different moments. */
const CLOCK_SLACK_MS = 50;
/** No interpreter loads `site` faster: a process that ended sooner stopped before it. */
const SITE_MS = 4;
const OLDEST_MINOR = 8;

/**
 * Brings starts and reports together: by process id, each report with the last start before it.
 * @returns the report of each start, and reports without one.
 */
export function matchReports<T extends ObservedStart>(
  starts: readonly T[],
  reports: readonly ReportedStart[],
): { reportOf: Map<T, ReportedStart>; unobserved: ReportedStart[] } {
  const byPid = Map.groupBy(starts, ({ pid }) => pid);
  const reportOf = new Map<T, ReportedStart>();
  const unobserved: ReportedStart[] = [];
  for (const report of reports.toSorted((a, b) => b.timeMs - a.timeMs)) {
    const start = byPid
      .get(report.pid)
      ?.findLast((each) => each.timeMs <= report.timeMs + CLOCK_SLACK_MS && !reportOf.has(each));
    if (start === undefined) unobserved.push(report);
    else reportOf.set(start, report);
  }
  return { reportOf, unobserved };
}

/** The one reason why a start has no run. */
export function missReason(start: JudgedStart, facts: InterpreterFacts): MissReason {
  const { executable, environment, flags } = start;
  const host = facts.hostKind(executable);
  if (host !== undefined) return host;
  if (start.isElsewhere) return 'container';
  if (flags.some(saysOnly)) return 'ended-before-site';
  if (flags.includes('S')) return 'no-site';
  if (isUnsupported(executable)) return 'version-unsupported';
  const state = facts.state(executable, environment);
  if (state === undefined || state.outcome === 'other') return 'not-instrumented';
  if (state.outcome !== 'instrumented') return state.outcome;
  if (start.timeMs < state.sinceMs) return 'instrumented-after-start';
  if (start.endedMs !== undefined && start.endedMs - start.timeMs < SITE_MS) return 'ended-before-site';
  if (start.isUnread) return 'sensor-degraded';
  return 'unknown';
}

/** Counts of starts by what became of them: a reason, or undefined for one whose probe reported. */
export function countOutcomes(
  outcomes: Iterable<readonly [MissReason | undefined, number]>,
  pending: number,
): CoverageCounts {
  const misses: Partial<Record<MissReason, number>> = {};
  let instrumented = 0;
  let missed = 0;
  let ineligible = 0;
  for (const [reason, count] of outcomes) {
    if (reason === undefined) instrumented += count;
    else {
      misses[reason] = (misses[reason] ?? 0) + count;
      missed += count;
      if (INELIGIBLE_REASONS.includes(reason)) ineligible += count;
    }
  }
  const eligible = instrumented + missed - ineligible;
  return {
    observed: instrumented + missed,
    eligible,
    instrumented,
    pending,
    ...(eligible === 0 ? {} : { coverage: instrumented / eligible }),
    misses,
  };
}

/** By the name of the program, where that tells: another implementation, or a version before 3.8. */
function isUnsupported(executable: string): boolean {
  const name = executable.slice(executable.lastIndexOf('/') + 1);
  const [, major, minor] = /^python(\d+)(?:\.(\d+))?/.exec(name) ?? [];
  if (major === undefined) return !name.startsWith('python');
  return Number(major) < 3 || (Number(major) === 3 && minor !== undefined && Number(minor) < OLDEST_MINOR);
}
