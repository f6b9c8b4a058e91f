import { semanticDiff } from '@sentinel/policy';
import type { ApprovalTerms } from '@sentinel/protocol';
import { APPROVAL_TOPIC } from '../api/approvals.ts';
import { SYSTEM } from '../audit/audit-trail.ts';
import { summaryOfFacts, tryCarryOver } from '../policy/carry-over.ts';
import { POLICY_TOPIC } from '../policy/move-version.ts';
import { requestApproval } from '../policy/request-approval.ts';
import type { Services } from '../services.ts';
import { findRuns } from '../store/run.ts';
import { EVERYTHING } from '../store/scope.ts';
import { changeApproval, findStanding, listApprovedRelatives } from '../store/script-approval.ts';
import { findScriptFacts } from '../store/script-facts.ts';
import { DAY_MS, storeTime } from '../store/store-time.ts';
import type { Job } from './job.ts';

/** How far back refusals and new versions are looked for: agents may be offline for some time. */
const LOOK_BACK_MS = 3 * DAY_MS;
const MAX_FILED = 500;

type Parts = Pick<Services, 'control' | 'events' | 'audit' | 'signals'>;

/** Ends approvals, files requests for what policies held back, and carries approvals over to versions that differ in nothing that counts. */
export const approvalQueueJob: Job = {
  name: 'approval-queue',
  everyMs: 15_000,
  async run({ services }) {
    const nowMs = Date.now();
    // What comes late, or was decided meanwhile, is found by the wide look.
    const isWide = nowMs - lastWideMs >= WIDE_MS;
    if (isWide) lastWideMs = nowMs;
    await lookAfterApprovals(services, nowMs, isWide ? LOOK_BACK_MS : NARROW_MS);
  },
};

/** How often everything of the last days is looked through, and how far back the rounds between look. */
const WIDE_MS = 10 * 60_000;
const NARROW_MS = 5 * 60_000;
let lastWideMs = 0;

/** One round over what came in so long a time. */
export async function lookAfterApprovals(parts: Parts, nowMs: number, backMs = LOOK_BACK_MS): Promise<void> {
  await endApprovals(parts, nowMs);
  await fileRefused(parts, nowMs, backMs);
  await carryOver(parts, nowMs, backMs);
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
async function fileRefused(parts: Parts, nowMs: number, backMs: number): Promise<void> {
  const { control, audit, signals } = parts;
  const stopped = await refusedVersions(parts, nowMs - backMs);
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
        scriptPath: one.path,
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

/** A version that the effect `approve` stopped, where and for whom last. */
interface Refused {
  readonly sha256: string;
  readonly name: string;
  readonly path: string | undefined;
  readonly script: string;
  readonly endpoint: string;
  readonly user: string;
  readonly policy: string;
  readonly statement: string;
  readonly target: string;
}

async function refusedVersions({ events }: Parts, fromMs: number): Promise<Refused[]> {
  const rows = await events.query<{ run: string; policy: string; statement: string; target: string }>(
    `SELECT toString(run_id) AS run, any(JSONExtractString(decision, 'policyId')) AS policy,
       any(JSONExtractString(decision, 'statementId')) AS statement, any(type) AS target
     FROM activity FINAL
     WHERE first_seen >= {from:DateTime64(3, 'UTC')} AND decision != ''
       AND JSONExtractString(decision, 'effect') = 'approve' AND JSONExtractString(decision, 'disposition') = 'blocked'
     GROUP BY run ORDER BY max(first_seen) DESC LIMIT ${MAX_FILED}`,
    { from: storeTime(fromMs) },
  );
  if (rows.length === 0) return [];
  const said = new Map(rows.map((row) => [row.run, row]));
  const runs = await findRuns(events, [...said.keys()], EVERYTHING);
  const latest = new Map<string, Refused>();
  for (const run of runs) {
    const { script_sha256: sha256, id } = run;
    const row = said.get(id);
    if (sha256 === null || row === undefined) continue;
    latest.set(sha256, {
      sha256,
      name: run.script_name,
      path: run.script_path ?? undefined,
      script: run.script_id,
      endpoint: run.endpoint_id,
      user: run.user_name,
      policy: row.policy,
      statement: row.statement,
      target: row.target,
    });
  }
  return [...latest.values()];
}

/** Versions that endpoints told of lately: open requests for them, and those that nobody asked for. */
async function carryOver(parts: Parts, nowMs: number, backMs: number): Promise<void> {
  const { control } = parts;
  const fresh = await control
    .selectFrom('script_facts')
    .select('sha256')
    .where('received_at', '>=', nowMs - backMs)
    .orderBy('received_at', 'desc')
    .limit(MAX_FILED)
    .execute();
  if (fresh.length === 0) return;
  const pending = await control
    .selectFrom('script_approval')
    .selectAll()
    .where('state', '=', 'pending')
    .where(
      'sha256',
      'in',
      fresh.map(({ sha256 }) => sha256),
    )
    .execute();
  for (const row of pending) {
    const carried = await tryCarryOver(control, row, nowMs);
    if (carried !== undefined) await tellCarried(parts, carried.id, row.sha256, carried.carried_from);
  }
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
