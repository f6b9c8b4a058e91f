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
import { dueRuns, putOff, type RunToJudgeTable, settleRuns } from '../store/judged-run.ts';
import { findRuns, toStoredRun } from '../store/run.ts';
import { loadActivities } from '../store/run-activities.ts';
import { EVERYTHING } from '../store/scope.ts';
import { findScriptFacts } from '../store/script-facts.ts';
import { CompanyView } from './company-view.ts';
import { keepTouches, labelsOfPaths, leftFilesOf } from './labelled-files.ts';

/** Runs judged in one step, and activities read of one run. */
const STEP = 25;
const MOST_ACTIVITIES = 20_000;
/** A run that goes on is judged again no sooner than this. */
const RUNNING_EVERY_MS = 20_000;
/** Where a distributor's packages lie. Source: Debian Python Policy, Fedora's packaging guide. */
const DISTRO_FOLDER = /^\/usr\/lib(?:64)?\/python3(?:\.\d+)?\//;
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
  const { control, events, signals, log } = services;
  const company = await CompanyView.read(control);
  const left = await LeftPeople.read(control);
  const records = await findRuns(
    events,
    due.map(({ run_id }) => run_id),
    EVERYTHING,
  );
  const facts = await findScriptFacts(
    control,
    records.flatMap(({ script_sha256: sha256 }) => (sha256 === null ? [] : [sha256])),
  );
  const news: FindingNews[] = [];
  for (const waiting of due) {
    if (waiting.changed_at === 0) {
      await settleRuns(control, [waiting]);
      continue;
    }
    // Two endpoints can claim the same id only by forgery: the later start loses.
    const record = records.filter(({ id }) => id === waiting.run_id).at(-1);
    if (record === undefined) {
      // Activities came before their run: it puts itself on the list when it comes.
      await settleRuns(control, [waiting]);
      continue;
    }
    const run = toStoredRun(record);
    try {
      const activities = await loadActivities(events, record, MOST_ACTIVITIES);
      const known = run.script.sha256 === undefined ? undefined : facts.get(run.script.sha256);
      news.push(
        ...(await control
          .transaction()
          .execute((transaction) => judgeOne(transaction, { run, activities, facts: known, company, left, nowMs }))),
      );
    } catch (error) {
      log.warn({ err: error, 'sentinel.run.id': run.id }, 'a run could not be judged');
    }
    if (run.status === 'running') await putOff(control, waiting, nowMs + RUNNING_EVERY_MS);
    else await settleRuns(control, [waiting]);
  }
  for (const one of news) await signals.publish('finding', JSON.stringify(one));
}

interface ToJudge {
  readonly run: StoredRun;
  readonly activities: readonly Activity[];
  readonly facts: ScriptFacts | undefined;
  readonly company: CompanyView;
  readonly left: LeftPeople;
  readonly nowMs: number;
}

async function judgeOne(store: ControlStore, judged: ToJudge): Promise<FindingNews[]> {
  const { run, activities, facts, company, left, nowMs } = judged;
  const standing = company.standingOf(run);
  const family = await resolveFamily(store, run, facts?.familyHash, facts?.author);
  const departmentId = family.department_id ?? standing.departmentId;
  const script = scriptOf(family, standing);
  const context: JudgeContext = {
    ...company.contextOf(departmentId),
    script: { ...script, ...(await left.factsOf(store, family.id, script, run)) },
    fileLabels: await labelsOfPaths(store, run.endpointId, pathsOf(activities)),
    leftFiles:
      run.status === 'ended' ? await leftFilesOf(store, run.endpointId, family.id, Date.parse(run.startedAt)) : [],
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

function scriptOf(family: FamilyTable, standing: ReturnType<CompanyView['standingOf']>): JudgeContext['script'] {
  const owner = family.owner ?? standing.owner;
  return {
    family: family.id,
    sanction: (family.sanction as JudgeContext['script']['sanction']) ?? standing.sanction ?? 'unreviewed',
    ...(owner === undefined ? {} : { owner }),
  };
}

function pathsOf(activities: readonly Activity[]): string[] {
  return activities.flatMap(({ type, attributes }) => {
    const path = attributes['file.path'];
    return type === 'file.open' && typeof path === 'string' ? path : [];
  });
}

/** What the company and the endpoint's own data say of distributions that the run imported. */
async function verdictsFor(
  store: ControlStore,
  activities: readonly Activity[],
  facts: ScriptFacts | undefined,
): Promise<PackageVerdict[]> {
  const imported = new Set(
    activities.flatMap(({ type, attributes }) => {
      const name = attributes['sentinel.distribution.name'];
      // A distributor mends an old version under the same number: only the distributor's data could tell.
      const isDistro = DISTRO_FOLDER.test(String(attributes['sentinel.module.path'] ?? ''));
      return type === 'module.import' && typeof name === 'string' && !isDistro ? name : [];
    }),
  );
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
