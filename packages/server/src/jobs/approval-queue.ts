import { semanticDiff } from '@sentinel/policy';
import type { ApprovalTerms } from '@sentinel/protocol';
import { APPROVAL_TOPIC } from '../api/approvals.ts';
import { summaryOfFacts, tryCarryOver } from '../policy/carry-over.ts';
import { POLICY_TOPIC } from '../policy/move-version.ts';
import { requestApproval } from '../policy/request-approval.ts';
import type { Services } from '../services.ts';
import { changeApproval, findStanding, listApprovedRelatives } from '../store/script-approval.ts';
import { findScriptFacts } from '../store/script-facts.ts';
import { DAY_MS, storeTime } from '../store/store-time.ts';
import type { Job } from './job.ts';
import { SYSTEM } from './system-actor.ts';

/** How far back refusals and new versions are looked for: agents may be offline for some time. */
const LOOK_BACK_MS = 3 * DAY_MS;
const MAX_FILED = 500;

type Parts = Pick<Services, 'control' | 'events' | 'audit' | 'signals'>;

/** Ends approvals, files requests for what policies held back, and carries approvals over to versions that differ in nothing that counts. */
export const approvalQueueJob: Job = {
  name: 'approval-queue',
  everyMs: 15_000,
  run: ({ services }) => lookAfterApprovals(services, Date.now()),
};

/** One round. */
export async function lookAfterApprovals(parts: Parts, nowMs: number): Promise<void> {
  await endApprovals(parts, nowMs);
  await fileRefused(parts, nowMs);
  await carryPending(parts, nowMs);
  await carryNewVersions(parts, nowMs);
}

async function endApprovals({ control, audit, signals }: Parts, nowMs: number): Promise<void> {
  const over = await control
    .selectFrom('script_approval')
    .selectAll()
    .where('state', '=', 'approved')
    .where('expires_at', '<=', nowMs)
    .execute();
  for (const row of over) {
    if (!(await changeApproval(control, row, { state: 'expired' }))) continue;
    const object = { kind: 'approval', id: row.id };
    await audit.record(SYSTEM, { action: 'approval.expire', object, after: { sha256: row.sha256 } });
    await signals.publish(POLICY_TOPIC, 'approvals');
  }
}

/** Requests for versions that the effect `approve` stopped: the person at the keyboard was told that it is asked for. */
async function fileRefused({ control, events, audit, signals }: Parts, nowMs: number): Promise<void> {
  const stopped = await events.query<{
    sha256: string;
    name: string;
    path: string;
    script: string;
    endpoint: string;
    user: string;
    policy: string;
    statement: string;
    target: string;
  }>(
    `SELECT assumeNotNull(r.script_sha256) AS sha256, argMax(r.script_name, a.first_seen) AS name,
       argMax(ifNull(r.script_path, ''), a.first_seen) AS path, argMax(r.script_id, a.first_seen) AS script,
       argMax(toString(a.endpoint_id), a.first_seen) AS endpoint, argMax(r.user_name, a.first_seen) AS user,
       argMax(JSONExtractString(a.decision, 'policyId'), a.first_seen) AS policy,
       argMax(JSONExtractString(a.decision, 'statementId'), a.first_seen) AS statement, argMax(a.type, a.first_seen) AS target
     FROM (SELECT * FROM activity FINAL WHERE first_seen >= {from:DateTime64(3, 'UTC')} AND decision != ''
       AND JSONExtractString(decision, 'effect') = 'approve' AND JSONExtractString(decision, 'disposition') = 'blocked') AS a
     INNER JOIN (SELECT * FROM run FINAL WHERE started_at >= {runFrom:DateTime64(3, 'UTC')} AND isNotNull(script_sha256)) AS r
       ON r.id = a.run_id AND r.endpoint_id = a.endpoint_id
     GROUP BY sha256 LIMIT ${MAX_FILED}`,
    { from: storeTime(nowMs - LOOK_BACK_MS), runFrom: storeTime(nowMs - 30 * DAY_MS) },
  );
  for (const one of stopped) {
    const known = await control
      .selectFrom('script_approval')
      .select('id')
      .where('sha256', '=', one.sha256)
      .where((row) =>
        row.or([
          row('state', '=', 'pending'),
          // What was decided lately is not asked again by itself.
          row('requested_at', '>', nowMs - LOOK_BACK_MS),
          row('decided_at', '>', nowMs - LOOK_BACK_MS),
          row.and([row('state', '=', 'approved'), row('expires_at', '>', nowMs)]),
        ]),
      )
      .executeTakeFirst();
    if (known !== undefined) continue;
    const filed = await requestApproval(
      control,
      {
        sha256: one.sha256,
        scriptName: one.name,
        scriptPath: one.path === '' ? undefined : one.path,
        scriptId: one.script,
        endpointId: one.endpoint,
        requestedById: undefined,
        requestedBy: one.user,
        origin: 'policy',
        reason: `${one.policy}/${one.statement} held its ${one.target} back.`,
        ticket: undefined,
        terms: { labels: [], destinations: [] },
        summary: undefined,
      },
      nowMs,
    );
    await audit.record(SYSTEM, {
      action: 'approval.file',
      object: { kind: 'approval', id: filed.id },
      after: { sha256: one.sha256, user: one.user, state: filed.state },
    });
    await signals.publish(APPROVAL_TOPIC, filed.id);
  }
}

async function carryPending(parts: Parts, nowMs: number): Promise<void> {
  const pending = await parts.control
    .selectFrom('script_approval')
    .selectAll()
    .where('state', '=', 'pending')
    .orderBy('requested_at', 'desc')
    .limit(MAX_FILED)
    .execute();
  for (const row of pending) {
    const carried = await tryCarryOver(parts.control, row, nowMs);
    if (carried !== undefined) await tellCarried(parts, carried.id, row.sha256, carried.carried_from);
  }
}

/** New versions of approved families that nobody asked for. */
async function carryNewVersions(parts: Parts, nowMs: number): Promise<void> {
  const { control } = parts;
  const fresh = await control
    .selectFrom('script_facts')
    .select('sha256')
    .where('received_at', '>=', nowMs - LOOK_BACK_MS)
    .orderBy('received_at', 'desc')
    .limit(MAX_FILED)
    .execute();
  const facts = await findScriptFacts(
    control,
    fresh.map(({ sha256 }) => sha256),
  );
  for (const [sha256, known] of facts) {
    const { familyHash } = known;
    if (familyHash === undefined) continue;
    const [approved] = await listApprovedRelatives(control, { familyHash, path: undefined }, nowMs);
    if (approved === undefined || approved.sha256 === sha256) continue;
    if ((await findStanding(control, sha256, nowMs)) !== undefined) continue;
    const wasDecided = await control
      .selectFrom('script_approval')
      .select('id')
      .where('sha256', '=', sha256)
      .executeTakeFirst();
    // Refused, revoked or withdrawn: a person said something else about exactly this version.
    if (wasDecided !== undefined) continue;
    const before = (await findScriptFacts(control, [approved.sha256])).get(approved.sha256);
    if (before === undefined || !semanticDiff(summaryOfFacts(before), summaryOfFacts(known)).carriesOver) continue;
    const row = await requestApproval(
      control,
      {
        sha256,
        scriptName: approved.script_name,
        scriptPath: approved.script_path ?? undefined,
        scriptId: undefined,
        endpointId: approved.endpoint_id ?? undefined,
        requestedById: undefined,
        requestedBy: approved.requested_by,
        origin: 'carried',
        reason: 'A new version of an approved script.',
        ticket: undefined,
        terms: JSON.parse(approved.terms) as ApprovalTerms,
        summary: undefined,
      },
      nowMs,
    );
    if (row.state === 'approved') await tellCarried(parts, row.id, sha256, row.carried_from);
  }
}

async function tellCarried(
  { audit, signals }: Parts,
  id: string,
  sha256: string,
  carriedFrom: string | null,
): Promise<void> {
  await audit.record(SYSTEM, {
    action: 'approval.carry-over',
    object: { kind: 'approval', id },
    after: { sha256, carriedFrom },
  });
  await signals.publish(APPROVAL_TOPIC, id);
  await signals.publish(POLICY_TOPIC, 'approvals');
}
