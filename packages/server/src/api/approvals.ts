import { type ApprovalEvidence, SentinelError } from '@sentinel/protocol';
import { gatherEvidence } from '../policy/approval-evidence.ts';
import { whyNot } from '../policy/approval-separation.ts';
import { compareWithApproved, knownSummary } from '../policy/carry-over.ts';
import { POLICY_TOPIC } from '../policy/move-version.ts';
import { requestApproval } from '../policy/request-approval.ts';
import type { Services } from '../services.ts';
import { askForAction } from '../store/action-request.ts';
import { EVERYTHING } from '../store/scope.ts';
import {
  changeApproval,
  countApprovalRows,
  findApproval,
  listApprovalRows,
  type ScriptApprovalTable,
  summaryOf,
  toApproval,
} from '../store/script-approval.ts';
import { findScriptFacts } from '../store/script-facts.ts';
import type { Person } from '../store/session.ts';
import { DAY_MS } from '../store/store-time.ts';
import type { Handlers } from './handler.ts';

/** Topic on which servers tell each other of requests and decisions. */
export const APPROVAL_TOPIC = 'approval';
/** Pending requests that are looked through for those that wait for somebody. */
const MAX_PENDING = 2000;

type Ids =
  | 'listApprovals'
  | 'getApproval'
  | 'requestApproval'
  | 'decideApproval'
  | 'revokeApproval'
  | 'withdrawApproval';

/** Approvals of script versions. */
export function approvals(services: Services): Handlers<Ids> {
  const { control, events, audit, signals } = services;
  return {
    async listApprovals({ person, query: { waitsForMe, cursor, limit, ...filter } }) {
      const { scope, accountId } = person;
      const judge = await judgeFor(services, person);
      if (waitsForMe === 'yes') {
        const pending = await listApprovalRows(control, { ...filter, state: 'pending' }, scope, accountId, {
          limit: MAX_PENDING,
        });
        const reasons = await judge(pending);
        const mine = pending.filter((_, at) => reasons[at] === undefined);
        const from = cursor === undefined ? 0 : mine.findIndex(({ id }) => id === readCursor(cursor)[1]) + 1;
        return page(mine.slice(from, from + limit + 1), limit, mine.length, () => undefined);
      }
      const before = cursor === undefined ? undefined : readCursor(cursor);
      const [rows, total] = await Promise.all([
        listApprovalRows(control, filter, scope, accountId, { limit: limit + 1, before }),
        countApprovalRows(control, filter, scope, accountId),
      ]);
      const reasons = await judge(rows);
      return page(rows, limit, total, (at) => reasons[at]);
    },
    async getApproval({ person, params: { approvalId } }) {
      const row = await visible(person, approvalId);
      const nowMs = Date.now();
      const summary = (await knownSummary(control, row.sha256)) ?? summaryOf(row);
      const [[reason], compared] = await Promise.all([
        judgeFor(services, person).then((judge) => judge([row])),
        compareWithApproved(control, row, summary, nowMs),
      ]);
      // What was frozen is of the whole fleet: who sees a part of it gets what that part says now.
      const evidence =
        row.evidence !== null && person.scope.isAll
          ? (JSON.parse(row.evidence) as ApprovalEvidence)
          : withoutScript(await gatherEvidence(events, row.sha256, person.scope, nowMs));
      return {
        ...toApproval(row, reason),
        evidence,
        ...(summary === undefined ? {} : { summary }),
        ...(compared === undefined
          ? {}
          : {
              approvedVersion: {
                id: compared.approved.id,
                sha256: compared.approved.sha256,
                decidedAt: new Date(compared.approved.decided_at ?? 0).toISOString(),
              },
              ...(compared.diff === undefined ? {} : { diff: compared.diff }),
            }),
      };
    },
    async requestApproval({ person, body }) {
      const { scriptId } = await gatherEvidence(events, body.sha256, person.scope, Date.now());
      const row = await requestApproval(
        control,
        {
          ...body,
          scriptPath: body.scriptPath,
          scriptId,
          endpointId: undefined,
          requestedById: person.accountId,
          requestedBy: person.userName,
          origin: 'person',
          ticket: body.ticket,
          summary: body.summary,
        },
        Date.now(),
      );
      await audit.record(person, {
        action: 'approval.request',
        object: { kind: 'approval', id: row.id },
        after: { sha256: row.sha256, state: row.state, carriedFrom: row.carried_from },
        reason: body.reason,
      });
      await tell(row);
      return toApproval(row, (await (await judgeFor(services, person))([row]))[0]);
    },
    async decideApproval({ person, params: { approvalId }, body: { isApproved, reason, terms, days } }) {
      const row = await visible(person, approvalId);
      if (row.state !== 'pending') throw new SentinelError('conflict', `It is ${row.state}.`);
      const [objection] = await (await judgeFor(services, person))([row]);
      if (objection !== undefined) throw new SentinelError('not-allowed', objection);
      const nowMs = Date.now();
      const [evidence, summary] = await Promise.all([
        gatherEvidence(events, row.sha256, EVERYTHING, nowMs),
        knownSummary(control, row.sha256),
      ]);
      return toApproval(
        await decide(person, row, isApproved ? 'approval.approve' : 'approval.refuse', reason, {
          state: isApproved ? 'approved' : 'refused',
          decided_by_id: person.accountId,
          decided_by: person.userName,
          decided_at: nowMs,
          decision_reason: reason,
          ...(terms === undefined ? {} : { terms: JSON.stringify(terms) }),
          ...(summary === undefined
            ? {}
            : { summary: JSON.stringify(summary), family_hash: summary.familyHash ?? null }),
          expires_at: isApproved ? nowMs + days * DAY_MS : null,
          evidence: JSON.stringify(withoutScript(evidence)),
        }),
        undefined,
      );
    },
    async revokeApproval({ person, params: { approvalId }, body: { reason } }) {
      const row = await visible(person, approvalId);
      if (row.state !== 'approved') throw new SentinelError('conflict', `It is ${row.state}.`);
      return toApproval(await decide(person, row, 'approval.revoke', reason, { state: 'revoked' }), undefined);
    },
    async withdrawApproval({ person, params: { approvalId }, body: { reason } }) {
      const row = await visible(person, approvalId);
      if (row.requested_by_id !== person.accountId)
        throw new SentinelError('not-allowed', 'Only who asked can take a request back.');
      if (row.state !== 'pending') throw new SentinelError('conflict', `It is ${row.state}.`);
      return toApproval(await decide(person, row, 'approval.withdraw', reason, { state: 'withdrawn' }), undefined);
    },
  };

  async function visible(person: Person, id: string): Promise<ScriptApprovalTable> {
    const row = await findApproval(control, id);
    const { isAll, endpointIds, osUsers } = person.scope;
    const isSeen =
      row !== undefined &&
      (isAll ||
        row.requested_by_id === person.accountId ||
        (row.endpoint_id !== null && endpointIds.includes(row.endpoint_id)) ||
        (row.requested_by_id === null && osUsers.includes(row.requested_by)));
    if (!isSeen) throw new SentinelError('not-found', 'There is no request with this id.');
    return row;
  }

  async function decide(
    person: Person,
    row: ScriptApprovalTable,
    action: string,
    reason: string,
    change: Partial<ScriptApprovalTable> & Pick<ScriptApprovalTable, 'state'>,
  ): Promise<ScriptApprovalTable> {
    if (!(await changeApproval(control, row, change)))
      throw new SentinelError('conflict', 'Somebody else decided at the same time.');
    await audit.record(person, {
      action,
      object: { kind: 'approval', id: row.id },
      before: { state: row.state },
      after: { state: change.state, sha256: row.sha256, expiresAt: change.expires_at },
      reason,
    });
    if (change.state === 'approved' || change.state === 'revoked')
      await askForOrder(person, { ...row, ...change }, change.state, reason);
    await tell(row);
    return { ...row, ...change };
  }

  /** Endpoints hear of a decision with the next bundle, or at once where an operator signs this. */
  async function askForOrder(
    person: Person,
    row: ScriptApprovalTable,
    state: 'approved' | 'revoked',
    reason: string,
  ): Promise<void> {
    const until = state === 'approved' && row.expires_at !== null ? new Date(row.expires_at).toISOString() : undefined;
    await askForAction(
      control,
      {
        order: { kind: 'decide-approval', sha256: row.sha256, state, ...(until === undefined ? {} : { until }) },
        target: { endpoints: [], groups: ['*'] },
        reason: reason.slice(0, 500),
        about: row.script_name,
      },
      person.userName,
      Date.now(),
    );
  }

  async function tell(row: ScriptApprovalTable): Promise<void> {
    await signals.publish(APPROVAL_TOPIC, row.id);
    await signals.publish(POLICY_TOPIC, 'approvals');
  }
}

/** Judges whether somebody may decide requests; gives for each why not. */
async function judgeFor({ control, events }: Services, person: Person) {
  const account = await control
    .selectFrom('account')
    .select('os_users')
    .where('id', '=', person.accountId)
    .executeTakeFirst();
  const osUsers = account === undefined ? [] : (JSON.parse(account.os_users) as string[]);
  return async (rows: readonly ScriptApprovalTable[]): Promise<(string | undefined)[]> => {
    const open = rows.filter(({ state }) => state === 'pending');
    const hashes = [...new Set(open.map(({ sha256 }) => sha256))];
    const [facts, firsts] = await Promise.all([findScriptFacts(control, hashes), firstWriters(events, hashes)]);
    return rows.map((row) => {
      if (row.state !== 'pending') return undefined;
      const names = [facts.get(row.sha256)?.author, firsts.get(row.sha256)].filter((name) => name !== undefined);
      return whyNot(person, osUsers, row, { names });
    });
  };
}

async function firstWriters(events: Services['events'], hashes: readonly string[]): Promise<Map<string, string>> {
  if (hashes.length === 0) return new Map();
  const rows = await events.query<{ sha256: string; writer: string }>(
    `SELECT assumeNotNull(script_sha256) AS sha256, argMin(user_name, started_at) AS writer FROM run
     WHERE script_sha256 IN {hashes:Array(String)} GROUP BY sha256`,
    { hashes },
  );
  return new Map(rows.map(({ sha256, writer }) => [sha256, writer]));
}

function page(
  rows: readonly ScriptApprovalTable[],
  limit: number,
  total: number,
  reasonAt: (at: number) => string | undefined,
) {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return {
    items: shown.map((row, at) => toApproval(row, reasonAt(at))),
    ...(rows.length > limit && last !== undefined
      ? { nextCursor: Buffer.from(`${last.requested_at} ${last.id}`).toString('base64url') }
      : {}),
    total,
  };
}

function readCursor(cursor: string): readonly [number, string] {
  const [at, id] = Buffer.from(cursor, 'base64url').toString().split(' ');
  if (at !== undefined && /^\d{1,16}$/.test(at) && id !== undefined) return [Number(at), id];
  throw new SentinelError('bad-request', 'cursor: is none that this server gave');
}

function withoutScript({ scriptId: _id, ...evidence }: Awaited<ReturnType<typeof gatherEvidence>>): ApprovalEvidence {
  return evidence;
}
