import { bindWaiver, readPolicy } from '@sentinel/policy';
import { SentinelError } from '@sentinel/protocol';
import { POLICY_TOPIC } from '../policy/move-version.ts';
import type { Services } from '../services.ts';
import { listShownVersions } from '../store/policy-version.ts';
import { DAY_MS } from '../store/store-time.ts';
import { changeWaiver, findWaiver, listWaiverPage, toWaiverRow, type WaiverTable } from '../store/waiver.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import type { Handlers } from './handler.ts';

/** Dated deviations from statements. */
export function waivers({
  control,
  audit,
  signals,
}: Services): Handlers<'listWaivers' | 'requestWaiver' | 'decideWaiver' | 'revokeWaiver'> {
  const change = async (row: WaiverTable, to: Partial<WaiverTable>) => {
    if (!(await changeWaiver(control, row, to)))
      throw new SentinelError('conflict', 'Somebody else decided at the same time.');
    await signals.publish(POLICY_TOPIC, row.policy_id);
    return toWaiverRow({ ...row, ...to }, Date.now());
  };
  return {
    listWaivers: ({ query, person }) => listWaiverPage(control, query, person, Date.now()),
    async requestWaiver({ person, body }) {
      const shown = (await listShownVersions(control, [{ id: body.policyId, newest: 0 }])).get(body.policyId);
      const version = shown?.live ?? shown?.newest;
      const source = version === undefined ? undefined : readPolicy(version.source).source;
      if (source === undefined) throw new SentinelError('not-found', `There is no policy ${body.policyId}.`);
      const bound = bindWaiver(source, body.statementId, body.bound);
      if (bound.fault !== undefined) throw new SentinelError('bad-request', `${bound.fault}.`);
      if (body.days > bound.maxDays)
        throw new SentinelError('bad-request', `days: at most ${bound.maxDays} for ${body.statementId}.`);
      const row: WaiverTable = {
        id: newUuidV7(),
        state: 'asked',
        policy_id: body.policyId,
        statement_id: body.statementId,
        bound: JSON.stringify(body.bound),
        owner: body.owner,
        reason: body.reason,
        ticket: body.ticket ?? null,
        days: body.days,
        asked_by_id: person.accountId,
        asked_by: person.userName,
        asked_at: Date.now(),
        decided_by: null,
        decided_at: null,
        decision_reason: null,
        until: null,
        warned_days: null,
        uses: 0,
        last_used_at: null,
        uses_counted_at: null,
      };
      await control.insertInto('waiver').values(row).execute();
      await audit.record(person, {
        action: 'waiver.request',
        object: { kind: 'waiver', id: row.id },
        after: { policyId: row.policy_id, statementId: row.statement_id, days: row.days, owner: row.owner },
        reason: body.reason,
      });
      await signals.publish(POLICY_TOPIC, row.policy_id);
      return toWaiverRow(row, Date.now());
    },
    async decideWaiver({ person, params: { waiverId }, body: { isGranted, reason } }) {
      const row = await waiverOf(waiverId);
      if (row.state !== 'asked') throw new SentinelError('conflict', `It is ${row.state}.`);
      if (row.asked_by_id === person.accountId || row.owner.toLowerCase() === person.userName.toLowerCase())
        throw new SentinelError('not-allowed', 'Who asked for a waiver or owns it cannot grant it.');
      const nowMs = Date.now();
      const decided = await change(row, {
        state: isGranted ? 'active' : 'refused',
        decided_by: person.userName,
        decided_at: nowMs,
        decision_reason: reason,
        until: isGranted ? nowMs + row.days * DAY_MS : null,
      });
      await audit.record(person, {
        action: isGranted ? 'waiver.grant' : 'waiver.refuse',
        object: { kind: 'waiver', id: row.id },
        after: { until: decided.until },
        reason,
      });
      return decided;
    },
    async revokeWaiver({ person, params: { waiverId }, body: { reason } }) {
      const row = await waiverOf(waiverId);
      if (row.state !== 'active' && row.state !== 'asked') throw new SentinelError('conflict', `It is ${row.state}.`);
      const revoked = await change(row, { state: 'revoked' });
      const object = { kind: 'waiver', id: row.id };
      await audit.record(person, { action: 'waiver.revoke', object, before: { state: row.state }, reason });
      return revoked;
    },
  };

  async function waiverOf(id: string): Promise<WaiverTable> {
    const row = await findWaiver(control, id);
    if (row === undefined) throw new SentinelError('not-found', 'There is no waiver with this id.');
    return row;
  }
}
