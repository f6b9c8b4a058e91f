import { availableParallelism } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { RuleTrial, StoredRun } from '@sentinel/protocol';
import { LeftPeople } from '../leavers/living-owner.ts';
import type { Services } from '../services.ts';
import { type RunRecord, runSelection, toStoredRun } from '../store/run.ts';
import { findScriptFacts } from '../store/script-facts.ts';
import { DAY_MS, storeTime } from '../store/store-time.ts';
import { CompanyView } from './company-view.ts';
import { zonesOf } from './endpoint-zones.ts';
import { scriptOf } from './judge-runs.ts';
import { standingAtStart } from './standing-at-start.ts';
import { TRIAL_LINE, type TrialFindings, type TrialPortion, type TrialRun } from './trial-protocol.ts';
import { TrialReader } from './trial-reader.ts';

type Stores = Pick<Services, 'control' | 'events'>;

/** Runs judged together; a stretch of time that has more is taken whole. */
const PORTION_RUNS = 4_000;
const STRETCH_SECONDS = 600;
const MAX_ROWS = 5_000_000;
const TIMEOUT_MS = 120_000;
/** A run that goes on longer than this after the last one began is judged by what it did until then. */
const MARGIN_MS = DAY_MS;
const MAX_THREADS = 4;

/** What rules found in a stretch, while a trial goes on. */
interface Tally {
  readonly rules: Map<
    string,
    { ruleId: string; severity: RuleTrial['rules'][number]['severity']; runs: Set<string>; fresh: number }
  >;
  gone: number;
  activities: number;
  failures: number;
}

/**
 * What today's rules, labels, hours and lists would find in stored runs, beside what was found in them. Nothing is
 * written. Runs of one computer are judged by one thread in the order of time, so that labels of files go from run
 * to run; runs are compared with what their families did before, as it was kept when those were judged.
 */
export async function tryRules(
  { control, events }: Stores,
  { fromMs, toMs, withinMs }: { readonly fromMs: number; readonly toMs: number; readonly withinMs: number },
  signal: AbortSignal,
): Promise<RuleTrial> {
  const startedMs = performance.now();
  const threads = Array.from({ length: Math.min(MAX_THREADS, availableParallelism()) }, () => new Thread());
  try {
    const reader = await TrialReader.open(control, threads.length);
    const [company, left] = await Promise.all([CompanyView.read(control), LeftPeople.read(control)]);
    const tally: Tally = { rules: new Map(), gone: 0, activities: 0, failures: 0 };
    let runs = 0;
    let until = storeTime(fromMs);
    let isComplete = true;
    let judging: Promise<void> = Promise.resolve();
    for await (const stretch of stretches(events, fromMs, toMs)) {
      if (signal.aborted || performance.now() - startedMs > withinMs) {
        isComplete = false;
        break;
      }
      const portions = await portionsOf({ control, events }, stretch, { reader, company, left }, threads.length);
      // The next stretch is read while this one is judged.
      await judging;
      judging = judgeAll(control, threads, portions, tally);
      judging.catch(() => {});
      runs += portions.reduce((sum, portion) => sum + portion.runs.length, 0);
      until = stretch.to;
    }
    await judging;
    return {
      runs,
      activities: tally.activities,
      failures: tally.failures,
      isComplete,
      until: isComplete ? new Date(toMs).toISOString() : new Date(`${until.replace(' ', 'T')}Z`).toISOString(),
      seconds: Math.round((performance.now() - startedMs) / 10) / 100,
      gone: tally.gone,
      rules: [...tally.rules.values()]
        .map(({ ruleId, severity, runs: of, fresh }) => ({ ruleId, severity, runs: of.size, fresh }))
        .sort((one, other) => other.runs - one.runs || (one.ruleId < other.ruleId ? -1 : 1)),
    };
  } finally {
    for (const thread of threads) thread.end();
  }
}

interface Stretch {
  readonly from: string;
  readonly to: string;
}

/** The time cut so that each part has some thousand runs. */
async function* stretches(events: Stores['events'], fromMs: number, toMs: number): AsyncGenerator<Stretch> {
  const counted = await events.query<{ at: number; runs: number }>(
    `SELECT toUnixTimestamp(toStartOfInterval(started_at, INTERVAL ${STRETCH_SECONDS} SECOND)) AS at, count() AS runs FROM run
     WHERE started_at >= {from:DateTime64(3, 'UTC')} AND started_at < {to:DateTime64(3, 'UTC')} GROUP BY at ORDER BY at`,
    { from: storeTime(fromMs), to: storeTime(toMs) },
    { maxRows: MAX_ROWS, timeoutMs: TIMEOUT_MS },
  );
  let from = storeTime(fromMs);
  let runs = 0;
  for (const one of counted) {
    runs += one.runs;
    if (runs < PORTION_RUNS) continue;
    const to = storeTime(Math.min((one.at + STRETCH_SECONDS) * 1000, toMs));
    yield { from, to };
    from = to;
    runs = 0;
  }
  if (runs > 0) yield { from, to: storeTime(toMs) };
}

/** Runs of a stretch with all that they are judged by, one portion for each thread. */
async function portionsOf(
  { control, events }: Stores,
  stretch: Stretch,
  { reader, company, left }: { reader: TrialReader; company: CompanyView; left: LeftPeople },
  threads: number,
): Promise<TrialPortion[]> {
  const parameters = { ...stretch, threads };
  const records = events.query<RunRecord>(
    `SELECT ${runSelection} FROM run FINAL
     WHERE started_at >= {from:DateTime64(3, 'UTC')} AND started_at < {to:DateTime64(3, 'UTC')}
     ORDER BY started_at, endpoint_id, id`,
    parameters,
    { maxRows: MAX_ROWS, timeoutMs: TIMEOUT_MS },
  );
  const lines = Array.from({ length: threads }, (_, thread) =>
    events.lines(
      `SELECT ${TRIAL_LINE} FROM activity FINAL
       PREWHERE run_id IN (
         SELECT id FROM run WHERE started_at >= {from:DateTime64(3, 'UTC')} AND started_at < {to:DateTime64(3, 'UTC')}
       )
       WHERE first_seen >= {from:DateTime64(3, 'UTC')} - toIntervalMillisecond(${MARGIN_MS})
         AND first_seen < {to:DateTime64(3, 'UTC')} + toIntervalMillisecond(${MARGIN_MS})
         AND cityHash64(endpoint_id) % {threads:UInt32} = ${thread}`,
      parameters,
      { maxRows: MAX_ROWS, timeoutMs: TIMEOUT_MS },
    ),
  );
  const runs = (await records).map(toStoredRun);
  const threadOf = await threadsOf(events, runs, threads);
  const [families, zones] = await Promise.all([reader.familiesOf(runs), zonesOf(control, runs)]);
  const facts = await findScriptFacts(control, reader.newVersions(runs));
  const judged: TrialRun[] = [];
  for (const run of runs) {
    const standing = company.standingOf(run);
    const family = families.get(run.id) ?? reader.unknownFamily(run);
    const departmentId = family.department_id ?? standing.departmentId;
    const zone = zones.get(run.endpointId);
    const context = `${departmentId ?? ''} ${zone ?? ''}`;
    reader.context(context, () => company.contextOf(departmentId, zone));
    const script = scriptOf(family, standing);
    judged.push({
      run,
      familyId: family.id,
      context,
      script: {
        ...(await standingAtStart(control, script, run)),
        ...(await left.factsOf(control, family.id, script, run)),
      },
    });
  }
  const known = await reader.knowledge(judged, facts, threadOf);
  return Promise.all(
    lines.map(async (given, thread) => ({
      knowledge: known[thread] as TrialPortion['knowledge'],
      runs: judged.filter(({ run }) => threadOf.get(run.endpointId) === thread),
      lines: await given,
    })),
  );
}

/** Which thread has a computer, as the engine tells it. */
async function threadsOf(
  events: Stores['events'],
  runs: readonly StoredRun[],
  threads: number,
): Promise<ReadonlyMap<string, number>> {
  const ids = [...new Set(runs.map(({ endpointId }) => endpointId))];
  const found = new Map<string, number>();
  for (let start = 0; start < ids.length; start += 4_000) {
    const rows = await events.query<{ id: string; thread: number }>(
      'SELECT arrayJoin({ids:Array(UUID)}) AS id, cityHash64(id) % {threads:UInt32} AS thread',
      { ids: ids.slice(start, start + 4_000), threads },
    );
    for (const { id, thread } of rows) found.set(id, thread);
  }
  return found;
}

async function judgeAll(
  control: Stores['control'],
  threads: readonly Thread[],
  portions: readonly TrialPortion[],
  tally: Tally,
): Promise<void> {
  const ids = portions.flatMap(({ runs }) => runs.map(({ run }) => run.id));
  const [before, ...found] = await Promise.all([
    storedFindings(control, ids),
    ...portions.map((portion, at) => (threads[at] as Thread).judge(portion)),
  ]);
  const again = new Set<string>();
  for (const { activities, failures, found: all } of found) {
    tally.activities += activities;
    tally.failures += failures;
    for (const { runId, fingerprint, ruleId, severity } of all) {
      const rule = tally.rules.get(ruleId) ?? { ruleId, severity, runs: new Set<string>(), fresh: 0 };
      tally.rules.set(ruleId, rule);
      rule.runs.add(runId);
      const key = `${runId}/${fingerprint}`;
      if (before.has(key)) again.add(key);
      else rule.fresh++;
    }
  }
  tally.gone += before.size - again.size;
}

async function storedFindings(control: Stores['control'], runIds: readonly string[]): Promise<ReadonlySet<string>> {
  const found = new Set<string>();
  for (let start = 0; start < runIds.length; start += 1_000) {
    const rows = await control
      .selectFrom('finding_run')
      .select(['run_id', 'fingerprint'])
      .where('run_id', 'in', runIds.slice(start, start + 1_000))
      .execute();
    for (const { run_id, fingerprint } of rows) found.add(`${run_id}/${fingerprint}`);
  }
  return found;
}

/** A thread that judges one portion after the other. */
class Thread {
  readonly #worker = new Worker(new URL('./trial-worker.ts', import.meta.url), { name: 'rule-trial' });

  judge(portion: TrialPortion): Promise<TrialFindings> {
    if (portion.runs.length === 0) return Promise.resolve({ activities: 0, failures: 0, found: [] });
    return new Promise((resolve, reject) => {
      this.#worker.removeAllListeners();
      this.#worker.once('message', resolve).once('error', reject);
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker thread has no origin
      this.#worker.postMessage(portion);
    });
  }

  end(): void {
    this.#worker.removeAllListeners();
    void this.#worker.terminate();
  }
}
