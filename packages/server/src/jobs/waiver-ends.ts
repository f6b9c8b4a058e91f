import { bindWaiver, readPolicy, waivedPart } from '@sentinel/policy';
import { SYSTEM } from '../audit/audit-trail.ts';
import { knownFacts } from '../policy/known-facts.ts';
import { POLICY_TOPIC } from '../policy/move-version.ts';
import { simulatePolicies } from '../policy/simulate-policies.ts';
import type { Services } from '../services.ts';
import { compiledOf, listShownVersions } from '../store/policy-version.ts';
import { DAY_MS } from '../store/store-time.ts';
import { changeWaiver, type WaiverTable } from '../store/waiver.ts';
import type { Job } from './job.ts';

/** Days before its end on which a waiver is warned of. */
const WARN_DAYS = [14, 3, 1] as const;
/** How often uses are counted; it plays history. */
const COUNT_MS = 6 * 3_600_000;

type Parts = Pick<Services, 'control' | 'events' | 'audit' | 'signals'>;

/** Ends waivers whose time is over, warns before that, and counts their uses. */
export const waiverEndsJob: Job = {
  name: 'waiver-ends',
  everyMs: 60_000,
  run: ({ services, signal }) => lookAfterWaivers(services, Date.now(), signal),
};

/** One look at every waiver that holds. */
export async function lookAfterWaivers(parts: Parts, nowMs: number, signal?: AbortSignal): Promise<void> {
  const active = await parts.control.selectFrom('waiver').selectAll().where('state', '=', 'active').execute();
  for (const row of active) {
    if (signal?.aborted === true) return;
    const counted = await withUses(parts, row, nowMs, signal);
    if ((row.until ?? 0) <= nowMs) await end(parts, counted);
    else await warn(parts, counted, nowMs);
  }
}

async function end({ control, audit, signals }: Parts, row: WaiverTable): Promise<void> {
  if (!(await changeWaiver(control, row, { state: 'expired' }))) return;
  await audit.record(SYSTEM, {
    action: 'waiver.expire',
    object: { kind: 'waiver', id: row.id },
    after: { policyId: row.policy_id, statementId: row.statement_id, owner: row.owner, uses: row.uses },
  });
  await signals.publish(POLICY_TOPIC, row.policy_id);
}

async function warn({ control, audit, signals }: Parts, row: WaiverTable, nowMs: number): Promise<void> {
  const leftMs = (row.until ?? 0) - nowMs;
  const due = WARN_DAYS.findLast((days) => leftMs <= days * DAY_MS && days < row.days);
  if (due === undefined || (row.warned_days !== null && row.warned_days <= due)) return;
  if (!(await changeWaiver(control, row, { warned_days: due }))) return;
  await audit.record(SYSTEM, {
    action: 'waiver.warn',
    object: { kind: 'waiver', id: row.id },
    after: { daysLeft: due, owner: row.owner, uses: row.uses },
  });
  await signals.publish(WAIVER_TOPIC, JSON.stringify({ id: row.id, owner: row.owner, daysLeft: due }));
}

/** Topic on which owners of waivers are told that their end is near. */
const WAIVER_TOPIC = 'waiver';

async function withUses(
  { control, events }: Parts,
  row: WaiverTable,
  nowMs: number,
  signal: AbortSignal | undefined,
): Promise<WaiverTable> {
  const isEnding = (row.until ?? 0) <= nowMs;
  if (row.uses_counted_at !== null && nowMs - row.uses_counted_at < COUNT_MS && !isEnding) return row;
  const shown = (await listShownVersions(control, [{ id: row.policy_id, newest: 0 }])).get(row.policy_id);
  const version = shown?.live ?? shown?.newest;
  const source = version === undefined ? undefined : readPolicy(version.source).source;
  if (version === undefined || source === undefined) return row;
  const { when } = bindWaiver(source, row.statement_id, JSON.parse(row.bound) as Record<string, string[]>);
  const part = when === undefined ? undefined : waivedPart(compiledOf(version), row.statement_id, when);
  if (part === undefined) return row;
  // Only what came since the last count.
  const fromMs = row.uses_counted_at ?? row.decided_at ?? nowMs;
  if (fromMs >= nowMs) return row;
  const outcome = await simulatePolicies(events, [part], {
    fromMs,
    toMs: nowMs,
    timeZone: 'UTC',
    known: await knownFacts(control, nowMs),
    ...(signal === undefined ? {} : { signal }),
  });
  if (!outcome.isComplete) return row;
  const hits = outcome.statements[0]?.hits ?? 0;
  const change = {
    uses: row.uses + hits,
    uses_counted_at: nowMs,
    ...(hits > 0 ? { last_used_at: nowMs } : {}),
  };
  return (await changeWaiver(control, row, change)) ? { ...row, ...change } : row;
}
