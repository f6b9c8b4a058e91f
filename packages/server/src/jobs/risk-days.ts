import { recentFamilies, riskOfWhole, risksOfFamilies } from '../risk/read-risk.ts';
import type { ControlStore } from '../store/control-store.ts';
import { DAY_MS } from '../store/store-time.ts';
import type { Job } from './job.ts';

/** Days that the trend reaches back. */
const KEPT_DAYS = 400;

/** Keeps the risk of scripts, machines, departments and the company, one figure a day. */
export const riskDaysJob: Job = {
  name: 'risk-days',
  everyMs: 60_000,
  run: ({ services: { control } }) => keepRiskDay(control, Date.now()),
};

/** Writes the figures of today anew. */
export async function keepRiskDay(store: ControlStore, nowMs: number): Promise<void> {
  const day = new Date(nowMs).toISOString().slice(0, 10);
  const { families, ran } = await recentFamilies(store, nowMs);
  const risks = await risksOfFamilies(store, families);
  const keep = (kind: string, subject: string, name: string, score: number) =>
    store
      .insertInto('risk_day')
      .values({ kind, subject, day, score, name })
      .onConflict((conflict) => conflict.columns(['kind', 'subject', 'day']).doUpdateSet({ score, name }))
      .execute();
  for (const { id, name } of families) await keep('script', id, name, risks.get(id)?.score ?? 0);
  const of = (ids: ReadonlySet<string>) => families.filter(({ id }) => ids.has(id));
  for (const [endpointId, rows] of Map.groupBy(ran, ({ endpoint_id: id }) => id)) {
    const { score } = riskOfWhole(of(new Set(rows.map(({ family_id: id }) => id))), risks);
    await keep('machine', endpointId, rows[0]?.host_name ?? endpointId, score);
  }
  for (const [departmentId, rows] of Map.groupBy(ran, ({ department_id: id }) => id)) {
    if (departmentId === null) continue;
    const { score } = riskOfWhole(of(new Set(rows.map(({ family_id: id }) => id))), risks);
    await keep('department', departmentId, departmentId, score);
  }
  await keep('company', 'all', 'The company', riskOfWhole(families, risks).score);
  await forgetOld(store, nowMs - KEPT_DAYS * DAY_MS);
}

/** Forgets figures, and what runs of that time touched and raised: the runs themselves are gone by then. */
async function forgetOld(store: ControlStore, beforeMs: number): Promise<void> {
  await store.deleteFrom('risk_day').where('day', '<', new Date(beforeMs).toISOString().slice(0, 10)).execute();
  await store.deleteFrom('run_touch').where('at', '<', beforeMs).execute();
  await store.deleteFrom('judged_run').where('started_at', '<', beforeMs).execute();
  await store.deleteFrom('finding_run').where('seen_at', '<', beforeMs).execute();
  await store.deleteFrom('notification').where('at', '<', beforeMs).execute();
}
