/**
 * Worker thread that judges stored runs for a trial. It gets portions, each with the activities of its runs as the
 * engine wrote them, and gives back what the rules find; it is started by `try-rules.ts` and speaks its messages only.
 */
import { parentPort } from 'node:worker_threads';
import { type JudgeContext, judgeRun, makeBaseline, type RunSummary } from '@sentinel/detector';
import type { ObservedActivity, PackageVerdict } from '@sentinel/protocol';
import { type ActivityRecord, toActivity } from '../store/activity.ts';
import { DAY_MS } from '../store/store-time.ts';
import { importedDistributions, openedPaths } from './judged-facts.ts';
import type { TrialFile, TrialFindings, TrialKnowledge, TrialPortion, TrialRun } from './trial-protocol.ts';

type Line = readonly [
  string,
  number,
  string,
  Record<string, string>,
  number,
  number,
  number,
  number,
  number,
  string,
  string,
  string,
];

/** Runs that a comparison looks back on, as when runs are judged. */
const BASELINE_RUNS = 50;
const EMPTY: readonly never[] = [];

const port = parentPort;
if (port === null) throw new Error('trial-worker.ts runs in a worker thread only');

const contexts = new Map<string, JudgeContext>();
const facts = new Map<string, NonNullable<ReturnType<TrialKnowledge['facts']['get']>>>();
const verdicts = new Map<string, PackageVerdict[]>();
const files = new Map<string, Map<string, TrialFile>>();
const labels = new Map<string, Map<string, readonly string[]>>();
const samples = new Map<string, Readonly<Record<string, string[]>>>();
const summaries = new Map<string, { runId: string; startedMs: number; summary: RunSummary }[]>();

port.on('message', (portion: TrialPortion) => {
  learn(portion.knowledge);
  port.postMessage(judge(portion));
});

function learn(knowledge: TrialKnowledge): void {
  for (const [key, context] of knowledge.contexts) contexts.set(key, context);
  for (const [sha256, known] of knowledge.facts) facts.set(sha256, known);
  for (const verdict of knowledge.verdicts)
    verdicts.set(verdict.distribution, [...(verdicts.get(verdict.distribution) ?? EMPTY), verdict]);
  for (const [endpointId, known] of knowledge.files) {
    files.set(endpointId, new Map(known.map((file) => [file.path, file])));
    labels.set(endpointId, new Map(known.map((file) => [file.path, file.labels])));
  }
  for (const [endpointId, known] of knowledge.samples) samples.set(endpointId, known);
  for (const [family, known] of knowledge.summaries) {
    const before = summaries.get(family) ?? [];
    before.push(...known.map((one) => ({ ...one, summary: JSON.parse(one.summary) as RunSummary })));
    summaries.set(family, before);
  }
}

function judge({ runs, lines }: TrialPortion): TrialFindings {
  const activities = read(lines);
  const found: TrialFindings['found'][number][] = [];
  let failures = 0;
  let judged = 0;
  for (const one of runs) {
    const own = activities.get(one.run.id) ?? [];
    judged += own.length;
    const judgement = judgeRun(one.run, own, contextOf(one, own));
    failures += judgement.failures.length;
    const endpointLabels = labels.get(one.run.endpointId);
    for (const [path, given] of Object.entries(judgement.fileLabels)) endpointLabels?.set(path, given);
    for (const { fingerprint, ruleId, severity } of judgement.findings)
      found.push({ runId: one.run.id, fingerprint, ruleId, severity });
  }
  return { activities: judged, failures, found };
}

/** Activities by run, each run's in the order of first sight. */
function read(lines: Uint8Array): Map<string, ObservedActivity[]> {
  const byRun = new Map<string, ObservedActivity[]>();
  const text = Buffer.from(lines.buffer, lines.byteOffset, lines.byteLength).toString('utf8');
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf('\n', start);
    const line = text.slice(start, end < 0 ? text.length : end);
    start = end < 0 ? text.length : end + 1;
    const { a } = JSON.parse(line) as { a: Line };
    const activity = toActivity(recordOf(a));
    const known = byRun.get(activity.runId);
    if (known === undefined) byRun.set(activity.runId, [activity]);
    else known.push(activity);
  }
  for (const own of byRun.values()) own.sort((one, other) => one.id - other.id);
  return byRun;
}

function recordOf(line: Line): ActivityRecord {
  const [run_id, id, type, attributes, count, bytes_in, bytes_out, rows, errors, first_seen, last_seen, decision] =
    line;
  return {
    run_id,
    id,
    revision: 0,
    type,
    attributes,
    unmapped: '',
    count,
    bytes_in,
    bytes_out,
    rows,
    errors,
    first_seen,
    last_seen,
    decision,
  };
}

function contextOf({ run, familyId, context, script }: TrialRun, own: readonly ObservedActivity[]): JudgeContext {
  const base = contexts.get(context);
  if (base === undefined) throw new Error('the context of a department was not told');
  const known = run.script.sha256 === undefined ? undefined : facts.get(run.script.sha256);
  const paths = openedPaths(own);
  const names = importedDistributions(own);
  const baseline = baselineOf(familyId, run.id, Date.parse(run.startedAt));
  return {
    ...base,
    script,
    fileLabels: pick(paths, (path) => labels.get(run.endpointId)?.get(path)),
    sampledLabels: pick(paths, (path) => samples.get(run.endpointId)?.[path]),
    leftFiles: run.status === 'ended' ? leftFiles(run.endpointId, familyId, run) : [],
    packageVerdicts: [
      ...[...names].flatMap((name) => verdicts.get(name) ?? []),
      ...(known?.analysis.verdicts ?? []).filter(({ distribution }) => names.has(distribution)),
    ],
    ...(known === undefined ? {} : { analysis: known.analysis, secretUses: known.secretUses }),
    ...(baseline.length === 0 ? {} : { baseline: makeBaseline(baseline) }),
  };
}

function pick(paths: readonly string[], of: (path: string) => readonly string[] | undefined): Record<string, string[]> {
  const found: Record<string, string[]> = {};
  for (const path of paths) {
    const given = of(path);
    if (given !== undefined && given.length > 0) found[path] = [...given];
  }
  return found;
}

function leftFiles(endpointId: string, familyId: string, run: { id: string; startedAt: string }) {
  const startedMs = Date.parse(run.startedAt);
  return [...(files.get(endpointId)?.values() ?? EMPTY)]
    .filter(
      (file) =>
        file.familyId === familyId &&
        !file.isGone &&
        file.seenAt > file.madeAt &&
        (file.madeAt < startedMs || file.runId === run.id),
    )
    .slice(0, 1000)
    .map(({ path, labels: given, madeAt, seenAt }) => ({
      path,
      labels: given,
      ageDays: Math.floor((seenAt - madeAt) / DAY_MS),
    }));
}

/** The latest summaries of a family before a run, the newest first. */
function baselineOf(familyId: string, runId: string, startedMs: number): RunSummary[] {
  const known = summaries.get(familyId) ?? EMPTY;
  const found: RunSummary[] = [];
  for (let at = known.length - 1; at >= 0 && found.length < BASELINE_RUNS; at--) {
    const one = known[at];
    if (one !== undefined && one.startedMs < startedMs && one.runId !== runId) found.push(one.summary);
  }
  return found;
}
