import {
  type Baseline,
  categoriesOf,
  type JudgeContext,
  judgeRun,
  makeBaseline,
  type RunSummary,
  summariseRun,
} from '@sentinel/detector';
import type { Activity, PackageVerdict, ScriptFacts, StoredRun } from '@sentinel/protocol';
import { LeftPeople } from '../leavers/living-owner.ts';
import type { Services } from '../services.ts';
import { findVerdicts } from '../store/company.ts';
import type { ControlStore } from '../store/control-store.ts';
import { type FamilyTable, resolveFamily } from '../store/family.ts';
import { type FindingNews, recordFindings } from '../store/finding.ts';
import { dueRuns, enqueueRuns, putOff, type RunToJudgeTable, retryLater, settleRuns } from '../store/judged-run.ts';
import { findRuns, toStoredRun } from '../store/run.ts';
import { loadActivities } from '../store/run-activities.ts';
import { sampledLabelsOf } from '../store/sampled-file.ts';
import { EVERYTHING } from '../store/scope.ts';
import { findScriptFacts } from '../store/script-facts.ts';
import { CompanyView } from './company-view.ts';
import { zonesOf } from './endpoint-zones.ts';
import { importedDistributions, openedPaths } from './judged-facts.ts';
import { keepTouches, labelsOfPaths, leftFilesOf } from './labelled-files.ts';
import { standingAtStart } from './standing-at-start.ts';

/** Runs judged in one step, and activities read for them. */
const STEP = 100;
const ACTIVITIES = { perRun: 20_000, inAll: 200_000 };
/** A run that goes on is judged again no sooner than this. */
const RUNNING_EVERY_MS = 20_000;
/** One that could not be judged is tried again after this. */
const RETRY_MS = 5 * 60_000;
/** Runs that a comparison looks back on. */
const BASELINE_RUNS = 50;

type JudgeServices = Pick<Services, 'control' | 'events' | 'signals' | 'log'>;

/** Judges runs whose turn it is, until none is left or the signal aborts; gives how many. */
export async function judgeDueRuns(services: JudgeServices, signal: AbortSignal, nowMs = Date.now): Promise<number> {
  let judged = 0;
  while (!signal.aborted) {
    const due = await dueRuns(services.control, nowMs(), STEP);
    if (due.length === 0) return judged;
    await judgeStep(services, due, nowMs());
    judged += due.length;
  }
  return judged;
}

async function judgeStep(services: JudgeServices, due: readonly RunToJudgeTable[], nowMs: number): Promise<void> {
  const { control, signals, log } = services;
  const { toJudge, settled } = await readStep(services, due, nowMs);
  const news: FindingNews[] = [];
  try {
    // Together they cost one commit; runs of one script see one another in their order.
    await control.transaction().execute(async (transaction) => {
      const told: FindingNews[] = [];
      for (const one of toJudge) told.push(...(await judgeOne(transaction, one)));
      for (const { waiting, run } of toJudge) await settle(transaction, waiting, run, nowMs);
      await settleRuns(transaction, settled);
      news.push(...told);
    });
  } catch (error) {
    log.warn({ err: error }, 'runs could not be judged together; each is tried alone');
    await settleRuns(control, settled);
    for (const one of toJudge) {
      try {
        news.push(...(await control.transaction().execute((transaction) => judgeOne(transaction, one))));
        await settle(control, one.waiting, one.run, nowMs);
      } catch (failure) {
        // It stays on the list, and is counted as waiting there.
        log.warn({ err: failure, 'sentinel.run.id': one.run.id }, 'a run could not be judged; it is tried again later');
        await retryLater(control, one.waiting.run_id, nowMs + RETRY_MS);
      }
    }
  }
  await judgeAgainWithFacts(control, toJudge, nowMs);
  for (const one of news) await signals.publish('finding', JSON.stringify(one));
}

/** Facts of a script that came while its runs were judged without them found no judged run to be judged again. */
async function judgeAgainWithFacts(store: ControlStore, judged: readonly ToJudge[], nowMs: number): Promise<void> {
  const without = judged.filter(({ facts }) => facts === undefined);
  const known = await findScriptFacts(
    store,
    without.flatMap(({ run }) => run.script.sha256 ?? []),
  );
  const late = without.filter(({ run }) => known.has(run.script.sha256 ?? ''));
  const ids = late.map(({ run }) => run.id);
  if (ids.length > 0) await enqueueRuns(store, ids, nowMs, true);
}

async function settle(store: ControlStore, waiting: RunToJudgeTable, run: StoredRun, nowMs: number): Promise<void> {
  if (run.status === 'running') await putOff(store, waiting, nowMs + RUNNING_EVERY_MS);
  else await settleRuns(store, [waiting]);
}

/** Reads what runs are judged by; those without news, and those of which only activities came, are settled. */
async function readStep(
  { control, events }: JudgeServices,
  due: readonly RunToJudgeTable[],
  nowMs: number,
): Promise<{ readonly toJudge: readonly ToJudge[]; readonly settled: readonly RunToJudgeTable[] }> {
  const withNews = due.filter(({ changed_at }) => changed_at !== 0);
  const records = await findRuns(
    events,
    withNews.map(({ run_id }) => run_id),
    EVERYTHING,
  );
  // Two endpoints can claim the same id only by forgery: the later start loses.
  const recordOf = new Map(records.map((record) => [record.id, record]));
  const runs = [...recordOf.values()];
  const [company, left, zones, facts, activities] = await Promise.all([
    CompanyView.read(control),
    LeftPeople.read(control),
    zonesOf(control, runs.map(toStoredRun)),
    findScriptFacts(
      control,
      runs.flatMap(({ script_sha256: sha256 }) => (sha256 === null ? [] : [sha256])),
    ),
    loadActivities(events, runs, ACTIVITIES),
  ]);
  const toJudge = withNews.flatMap((waiting): ToJudge[] => {
    const record = recordOf.get(waiting.run_id);
    if (record === undefined) return [];
    const run = toStoredRun(record);
    const known = run.script.sha256 === undefined ? undefined : facts.get(run.script.sha256);
    return [
      {
        waiting,
        run,
        activities: activities.get(run.id) ?? [],
        facts: known,
        company,
        left,
        timeZone: zones.get(run.endpointId),
        nowMs,
      },
    ];
  });
  const judged = new Set(toJudge.map(({ run }) => run.id));
  return {
    // In the order of time: what one wrote another may have read.
    toJudge: toJudge.toSorted((a, b) => (a.run.startedAt < b.run.startedAt ? -1 : 1)),
    settled: due.filter(({ run_id }) => !judged.has(run_id)),
  };
}

interface ToJudge {
  readonly waiting: RunToJudgeTable;
  readonly run: StoredRun;
  readonly activities: readonly Activity[];
  readonly facts: ScriptFacts | undefined;
  readonly company: CompanyView;
  readonly left: LeftPeople;
  readonly timeZone: string | undefined;
  readonly nowMs: number;
}

async function judgeOne(store: ControlStore, judged: ToJudge): Promise<FindingNews[]> {
  const { run, activities, facts, company, left, timeZone, nowMs } = judged;
  const standing = company.standingOf(run);
  const family = await resolveFamily(store, run, facts?.familyHash, facts?.author);
  const departmentId = family.department_id ?? standing.departmentId;
  const script = scriptOf(family, standing);
  const context: JudgeContext = {
    ...company.contextOf(departmentId, timeZone),
    script: {
      ...(await standingAtStart(store, script, run)),
      ...(await left.factsOf(store, family.id, script, run)),
    },
    fileLabels: await labelsOfPaths(store, run.endpointId, openedPaths(activities)),
    sampledLabels: await sampledLabelsOf(store, run.endpointId, openedPaths(activities)),
    leftFiles: run.status === 'ended' ? await leftFilesOf(store, run.endpointId, family.id, run) : [],
    packageVerdicts: await verdictsFor(store, activities, facts),
    ...(facts === undefined ? {} : { analysis: facts.analysis, secretUses: facts.secretUses }),
    ...(await baselineOf(store, family.id, run)),
  };
  const { findings, touched, fileLabels, failures } = judgeRun(run, activities, context);
  const news = await recordFindings(
    store,
    findings,
    {
      runId: run.id,
      endpointId: run.endpointId,
      familyId: family.id,
      scriptId: run.script.id,
      scriptName: run.script.name,
      userName: run.user.name,
      hostName: run.hostName,
      departmentId,
    },
    nowMs,
  );
  await keepTouches(store, { run, activities, familyId: family.id, departmentId, touched, fileLabels, nowMs });
  const labels = categoriesOf(touched.filter(({ direction }) => direction === 'read').flatMap((one) => one.labels));
  const row = {
    endpoint_id: run.endpointId,
    family_id: family.id,
    script_id: run.script.id,
    sha256: run.script.sha256 ?? null,
    user_name: run.user.name,
    host_name: run.hostName,
    department_id: departmentId,
    started_at: Date.parse(run.startedAt),
    ended_at: run.endedAt === undefined ? null : Date.parse(run.endedAt),
    is_running: run.status === 'running' ? 1 : 0,
    labels: JSON.stringify(labels),
    is_customer: labels.includes('customer') ? 1 : 0,
    summary: JSON.stringify(summariseRun(run, activities)),
    judged_at: nowMs,
    problems: JSON.stringify(failures),
  };
  await store
    .insertInto('judged_run')
    .values({ run_id: run.id, ...row })
    .onConflict((conflict) => conflict.column('run_id').doUpdateSet(row))
    .execute();
  return news;
}

/** What a family's standing says of a script. */
export function scriptOf(
  family: Pick<FamilyTable, 'id' | 'owner' | 'sanction'>,
  standing: ReturnType<CompanyView['standingOf']>,
): JudgeContext['script'] {
  const owner = family.owner ?? standing.owner;
  return {
    family: family.id,
    sanction: (family.sanction as JudgeContext['script']['sanction']) ?? standing.sanction ?? 'unreviewed',
    ...(owner === undefined ? {} : { owner }),
  };
}

/** What the company and the endpoint's own data say of distributions that the run imported. */
async function verdictsFor(
  store: ControlStore,
  activities: readonly Activity[],
  facts: ScriptFacts | undefined,
): Promise<PackageVerdict[]> {
  const imported = importedDistributions(activities);
  const ofSource = (facts?.analysis.verdicts ?? []).filter(({ distribution }) => imported.has(distribution));
  return [...(await findVerdicts(store, [...imported])), ...ofSource];
}

/** What the script did in its earlier runs. */
async function baselineOf(store: ControlStore, familyId: string, run: StoredRun): Promise<{ baseline?: Baseline }> {
  const earlier = await store
    .selectFrom('judged_run')
    .select('summary')
    .where('family_id', '=', familyId)
    .where('started_at', '<', Date.parse(run.startedAt))
    .where('run_id', '!=', run.id)
    .where('is_running', '=', 0)
    .orderBy('started_at', 'desc')
    .limit(BASELINE_RUNS)
    .execute();
  if (earlier.length === 0) return {};
  return { baseline: makeBaseline(earlier.map(({ summary }) => JSON.parse(summary) as RunSummary)) };
}
