import type { Activity } from '@sentinel/protocol';
import { type ActivityRecord, activitySelection, toActivity } from './activity.ts';
import type { EventStore } from './event-store.ts';
import { type RunRecord, runSelection } from './run.ts';
import { activityWindow } from './run-list.ts';
import { type Scope, scopeCondition } from './scope.ts';
import { DAY_MS, storeTime } from './store-time.ts';

/** Runs shown as children of one run. */
const MAX_CHILDREN = 500;

/** Activities of a run in the order of first sight, and how many there are with that type. */
export async function listActivitiesOf(
  store: EventStore,
  run: RunRecord,
  { type, limit, after }: { type?: string | undefined; limit: number; after: number },
): Promise<{ items: Activity[]; total: number }> {
  const { fromMs, toMs } = activityWindow([run]);
  const where = `run_id = {runId:UUID} AND endpoint_id = {endpointId:UUID}
    AND first_seen BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')}
    ${type === undefined ? '' : 'AND type = {type:String}'}`;
  const parameters = {
    runId: run.id,
    endpointId: run.endpoint_id,
    from: storeTime(fromMs),
    to: storeTime(toMs),
    ...(type === undefined ? {} : { type }),
  };
  const [items, [counted]] = await Promise.all([
    store.query<ActivityRecord>(
      `SELECT ${activitySelection} FROM activity FINAL PREWHERE run_id = {runId:UUID} WHERE ${where} AND id > {after:UInt64} ORDER BY id LIMIT {limit:UInt32}`,
      { ...parameters, after, limit },
    ),
    store.query<{ total: number }>(
      `SELECT count() AS total FROM activity FINAL PREWHERE run_id = {runId:UUID} WHERE ${where}`,
      parameters,
    ),
  ]);
  return { items: items.map(toActivity), total: counted?.total ?? 0 };
}

/** Runs of the same endpoint, within the scope, that a run forked or launched, oldest first. */
export function listChildren(store: EventStore, run: RunRecord, scope: Scope): Promise<RunRecord[]> {
  const { condition, parameters } = scopeCondition(scope);
  return store.query(
    `SELECT ${runSelection} FROM run FINAL
     WHERE parent_run_id = {runId:UUID} AND endpoint_id = {endpointId:UUID}
       AND started_at BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')}
       AND ${condition}
     ORDER BY started_at, id LIMIT ${MAX_CHILDREN}`,
    {
      ...parameters,
      runId: run.id,
      endpointId: run.endpoint_id,
      from: storeTime(Date.parse(run.started_at) - DAY_MS),
      to: storeTime(run.ended_at === null ? Date.now() + 3 * DAY_MS : Date.parse(run.ended_at) + DAY_MS),
    },
  );
}

/** Activities of several runs in one question, each run's in the order of first sight, at most so many of each. */
export async function loadActivities(
  store: EventStore,
  runs: readonly RunRecord[],
  limits: { readonly perRun: number; readonly inAll: number },
): Promise<Map<string, Activity[]>> {
  const found = new Map<string, Activity[]>(runs.map(({ id }) => [id, []]));
  if (runs.length === 0) return found;
  const { fromMs, toMs } = activityWindow(runs);
  const rows = await store.query<ActivityRecord>(
    `SELECT ${activitySelection} FROM activity FINAL
     WHERE run_id IN {ids:Array(UUID)} AND endpoint_id IN {endpointIds:Array(UUID)}
       AND (run_id, endpoint_id) IN (SELECT arrayJoin(arrayZip({ids:Array(UUID)}, {endpoints:Array(UUID)})))
       AND first_seen BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')}
     ORDER BY run_id, id LIMIT {perRun:UInt32} BY run_id LIMIT {inAll:UInt32}`,
    {
      ids: runs.map(({ id }) => id),
      endpoints: runs.map(({ endpoint_id: id }) => id),
      endpointIds: [...new Set(runs.map(({ endpoint_id: id }) => id))],
      from: storeTime(fromMs),
      to: storeTime(toMs),
      ...limits,
    },
    { maxRows: limits.inAll },
  );
  for (const row of rows) found.get(row.run_id)?.push(toActivity(row));
  if (rows.length < limits.inAll || runs.length === 1) return found;
  // Too many for one question: those that may have been cut off are asked for alone.
  for (const run of runs) {
    const alone = await loadActivities(store, [run], limits);
    found.set(run.id, alone.get(run.id) ?? []);
  }
  return found;
}
