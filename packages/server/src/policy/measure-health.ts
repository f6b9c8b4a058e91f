import { isInRing } from '@sentinel/policy';
import type { KeptSimulation, PolicyHealth } from '@sentinel/protocol';
import type { ControlStore } from '../store/control-store.ts';
import type { EventStore } from '../store/event-store.ts';
import { countObjections } from '../store/policy-objection.ts';
import type { PolicyVersionTable } from '../store/policy-version.ts';
import { DAY_MS, storeTime } from '../store/store-time.ts';

/** Hits may be so many times what the simulation expects. Source: research, console.md 2.3. */
const MOST_TIMES_EXPECTED = 2;
/** Below so many hits more or less than expected says nothing. */
const FEW_HITS = 5;
/** Of those hit, so many may say that it was wrong. */
const MOST_OBJECTING = 0.01;

/** How a version in shadow or rollout does against what was expected of it. */
export async function measureHealth(
  { control, events }: { readonly control: ControlStore; readonly events: EventStore },
  row: PolicyVersionTable,
  nowMs: number,
): Promise<PolicyHealth> {
  const sinceMs = row.stage_since;
  const endpoints = await control.selectFrom('endpoint').select('id').execute();
  const isShadow = row.stage === 'shadow';
  const ring = new Set(
    endpoints.map(({ id }) => id).filter((id) => isShadow || isInRing(row.policy_id, id, row.percent)),
  );
  const [hits, errors, errorsBefore, objections] = await Promise.all([
    countHits(events, row.policy_id, sinceMs, nowMs, ring),
    countErrors(events, sinceMs, nowMs, ring),
    countErrors(events, sinceMs - (nowMs - sinceMs), sinceMs, ring),
    countObjections(control, row.policy_id, sinceMs),
  ]);
  const simulation = row.simulation === null ? undefined : (JSON.parse(row.simulation) as KeptSimulation);
  const share = endpoints.length === 0 ? 1 : ring.size / endpoints.length;
  const hitsExpected =
    simulation === undefined ? undefined : (simulation.hitsPerDay * (nowMs - sinceMs) * share) / DAY_MS;
  const breaches = [
    ...(hitsExpected !== undefined && hits > MOST_TIMES_EXPECTED * hitsExpected + FEW_HITS
      ? [`It hit ${hits} times; at most ${Math.floor(MOST_TIMES_EXPECTED * hitsExpected + FEW_HITS)} were expected.`]
      : []),
    ...(objections > 0 && objections > hits * MOST_OBJECTING
      ? [`${objections} of ${hits} hits were called wrong by those who were hit; ${MOST_OBJECTING * 100} % may be.`]
      : []),
    ...(errors > errorsBefore
      ? [`Probes on these computers had ${errors} faults of their own; ${errorsBefore} in the same time before.`]
      : []),
  ];
  return {
    since: new Date(sinceMs).toISOString(),
    percent: row.percent,
    hits,
    ...(hitsExpected === undefined ? {} : { hitsExpected: Math.round(hitsExpected * 10) / 10 }),
    objections,
    agentErrors: errors,
    isHealthy: breaches.length === 0,
    breaches,
    checkedAt: new Date(nowMs).toISOString(),
  };
}

async function countHits(
  events: EventStore,
  policyId: string,
  fromMs: number,
  toMs: number,
  ring: ReadonlySet<string>,
): Promise<number> {
  const rows = await events.query<{ endpoint: string; hits: number }>(
    `SELECT toString(endpoint_id) AS endpoint, count() AS hits FROM activity FINAL
     WHERE first_seen >= {from:DateTime64(3, 'UTC')} AND first_seen < {to:DateTime64(3, 'UTC')}
       AND decision != '' AND JSONExtractString(decision, 'policyId') = {policyId:String}
     GROUP BY endpoint`,
    { policyId, from: storeTime(fromMs), to: storeTime(toMs) },
  );
  return within(rows, ring);
}

async function countErrors(
  events: EventStore,
  fromMs: number,
  toMs: number,
  ring: ReadonlySet<string>,
): Promise<number> {
  const rows = await events.query<{ endpoint: string; hits: number }>(
    `SELECT toString(endpoint_id) AS endpoint, toUInt64(sum(activity.count)) AS hits FROM activity FINAL
     WHERE first_seen >= {from:DateTime64(3, 'UTC')} AND first_seen < {to:DateTime64(3, 'UTC')} AND type = 'probe.error'
     GROUP BY endpoint`,
    { from: storeTime(fromMs), to: storeTime(toMs) },
  );
  return within(rows, ring);
}

function within(rows: readonly { readonly endpoint: string; readonly hits: number }[], ring: ReadonlySet<string>) {
  return rows.reduce((sum, { endpoint, hits }) => sum + (ring.has(endpoint) ? hits : 0), 0);
}
