import { sql } from 'kysely';
import type { ControlStore } from './control-store.ts';

/** Row of a run that has news and waits to be judged. */
export interface RunToJudgeTable {
  run_id: string;
  /** 0: judged, and no news since. */
  changed_at: number;
  /** When it is worth a look: one that goes on is not looked at with every batch. */
  due_at: number;
}

/** Row of a run that rules looked at. */
export interface JudgedRunTable {
  run_id: string;
  endpoint_id: string;
  family_id: string;
  script_id: string;
  sha256: string | null;
  user_name: string;
  host_name: string;
  department_id: string | null;
  started_at: number;
  ended_at: number | null;
  is_running: number;
  /** Categories of the data that it read, as JSON. */
  labels: string;
  is_customer: number;
  /** RunSummary as JSON, for the comparison of later runs. */
  summary: string;
  judged_at: number;
  /** Rules that failed, as JSON. */
  problems: string;
}

/** Row of data that a run touched. */
export interface RunTouchTable {
  run_id: string;
  place: number;
  family_id: string;
  endpoint_id: string;
  department_id: string | null;
  direction: string;
  kind: string;
  name: string;
  labels: string;
  row_count: number;
  bytes: number;
  at: number;
}

/** Row of a file that labelled data went into. */
export interface LabelledFileTable {
  endpoint_id: string;
  path: string;
  labels: string;
  family_id: string;
  run_id: string;
  bytes: number;
  made_at: number;
  seen_at: number;
  gone_at: number | null;
}

const CHUNK = 200;

/** Says that runs have news. One that waits already keeps its turn, unless this is urgent. */
export async function enqueueRuns(
  store: ControlStore,
  runIds: Iterable<string>,
  nowMs: number,
  isUrgent = false,
): Promise<void> {
  // In one order everywhere: two servers that write the same runs never wait for each other.
  const ids = [...new Set(runIds)].sort();
  // Later than before even within one millisecond: else news that come while a run is judged would count as seen.
  const changed_at = sql<number>`case when run_to_judge.changed_at >= ${nowMs} then run_to_judge.changed_at + 1 else ${nowMs} end`;
  const news = isUrgent ? { changed_at, due_at: nowMs } : { changed_at };
  for (let start = 0; start < ids.length; start += CHUNK) {
    await store
      .insertInto('run_to_judge')
      .values(ids.slice(start, start + CHUNK).map((run_id) => ({ run_id, changed_at: nowMs, due_at: nowMs })))
      .onConflict((conflict) => conflict.column('run_id').doUpdateSet(news))
      .execute();
  }
}

/** Runs whose turn it is, the longest waiting first. */
export function dueRuns(store: ControlStore, nowMs: number, limit: number): Promise<RunToJudgeTable[]> {
  return store
    .selectFrom('run_to_judge')
    .selectAll()
    .where('due_at', '<=', nowMs)
    .orderBy('due_at')
    .limit(limit)
    .execute();
}

/** Takes judged runs off the list, but for those that had news meanwhile. */
export async function settleRuns(store: ControlStore, done: readonly RunToJudgeTable[]): Promise<void> {
  for (const { run_id, changed_at } of done)
    await store.deleteFrom('run_to_judge').where('run_id', '=', run_id).where('changed_at', '=', changed_at).execute();
}

/** Puts a judged run that goes on off, unless urgent news came; without news until then it leaves the list unseen. */
export async function putOff(
  store: ControlStore,
  { run_id, changed_at, due_at }: RunToJudgeTable,
  dueMs: number,
): Promise<void> {
  await store
    .updateTable('run_to_judge')
    .set({ due_at: dueMs })
    .where('run_id', '=', run_id)
    .where('due_at', '=', due_at)
    .execute();
  await store
    .updateTable('run_to_judge')
    .set({ changed_at: 0 })
    .where('run_id', '=', run_id)
    .where('changed_at', '=', changed_at)
    .execute();
}

/** Leaves a run on the list for later, with its news. */
export async function retryLater(store: ControlStore, runId: string, dueMs: number): Promise<void> {
  await store.updateTable('run_to_judge').set({ due_at: dueMs }).where('run_id', '=', runId).execute();
}
