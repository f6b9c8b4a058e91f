/**
 * Prints how many activities the rules judge in a second, over history made from the recorded runs.
 *
 *     node packages/detector/bench/replay.ts [--json] [--seconds N] [--as-recorded]
 *
 * A recorded run is trimmed to a few activities; it is filled up to the size of a run of the demo with what the other runs did,
 * unless `--as-recorded` is given. One thread. Every run gets all rules, its recorded context, a baseline of earlier runs, labels, calendar and lists.
 */
import { join } from 'node:path';
import type { ObservedActivity } from '@sentinel/protocol';
import { JudgeContext, judgeRun, makeBaseline, runRules, summariseRun } from '../src/index.ts';
import { readProofs } from '../src/testing/recorded-proof.ts';

/** What ordinary runs consist of. */
const ORDINARY = new Set([
  'module.import',
  'file.open',
  'http.request',
  'net.connect',
  'dns.resolve',
  'db.query',
  'document.use',
]);
const secondsAt = process.argv.indexOf('--seconds');
const seconds = secondsAt < 0 ? 5 : Number(process.argv[secondsAt + 1]);
const folder = (name: string) => join(import.meta.dirname, '../src', name);
const cases = [...readProofs(folder('rules')).values(), ...readProofs(folder('scenarios')).values()].flatMap(
  (proof) => proof.cases,
);
const history = cases.map(({ run, activities }) => summariseRun(run, activities));
const baseline = makeBaseline(history.slice(0, 30));
const runs = cases.map(({ run, activities, context }) => ({
  run,
  activities,
  context: JudgeContext.parse({
    ...context,
    baseline: context.baseline ?? baseline,
    calendar: context.calendar ?? { timeZone: 'Europe/Berlin', holidays: ['2026-12-25'] },
    labels: [
      ...(context.labels ?? []),
      ...Array.from({ length: 20 }, (_, at) => ({
        kind: 'path' as const,
        match: `**/place ${at}/**`,
        labels: ['personal'],
      })),
      ...Array.from({ length: 20 }, (_, at) => ({
        kind: 'table' as const,
        match: `table_${at}`,
        labels: ['customer'],
      })),
    ],
  }),
}));

const isAsRecorded = process.argv.includes('--as-recorded');
/** Activities of a run of the demo, imports of the standard library included: 19 to 60. */
const RUN_SIZE = 45;
if (!isAsRecorded) for (const [at, run] of runs.entries()) run.activities = filled(run.activities, at);

/** A run with what other recorded runs did besides, as long as those of the demo. */
function filled(own: readonly ObservedActivity[], seed: number): ObservedActivity[] {
  const others = cases.flatMap(({ activities }) => activities).filter(({ type }) => ORDINARY.has(type));
  const added = Array.from({ length: Math.max(0, RUN_SIZE - own.length) }, (_, at) => {
    const one = others[(seed * 7919 + at * 104_729) % others.length] ?? own[0];
    if (one === undefined) throw new Error('nothing was recorded');
    return { ...one, firstSeen: own[0]?.firstSeen ?? one.firstSeen, lastSeen: own[0]?.lastSeen ?? one.lastSeen };
  });
  return [...own, ...added].map((activity, at) => ({ ...activity, id: at + 1 }));
}

let judged = 0;
let found = 0;
let rounds = 0;
for (const one of runs) judgeRun(one.run, one.activities, one.context);
const cpuBefore = process.cpuUsage();
const started = performance.now();
while (performance.now() - started < seconds * 1000) {
  for (const { run, activities, context } of runs) {
    found += judgeRun(run, activities, context).findings.length;
    judged += activities.length;
    rounds += 1;
  }
}
const elapsed = (performance.now() - started) / 1000;
const cpu = process.cpuUsage(cpuBefore);
const cpuSeconds = (cpu.user + cpu.system) / 1e6;
const result = {
  rules: runRules.length,
  recordedRuns: runs.length,
  runsJudged: rounds,
  activitiesJudged: judged,
  findings: found,
  seconds: Number(elapsed.toFixed(2)),
  activitiesPerSecond: Math.round(judged / elapsed),
  runsPerSecond: Math.round(rounds / elapsed),
  cpuSeconds: Number(cpuSeconds.toFixed(2)),
  activitiesPerCpuSecond: Math.round(judged / cpuSeconds),
};
process.stdout.write(
  process.argv.includes('--json')
    ? `${JSON.stringify(result)}\n`
    : `${Object.entries(result)
        .map(([name, value]) => `${name.padEnd(20)} ${value.toLocaleString('en-US')}`)
        .join('\n')}\n`,
);
