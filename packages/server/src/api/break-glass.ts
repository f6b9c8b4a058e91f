import { SentinelError } from '@sentinel/protocol';
import { POLICY_TOPIC } from '../policy/move-version.ts';
import type { Services } from '../services.ts';
import { type BreakGlassTable, currentBreakGlass, toBreakGlass } from '../store/break-glass.ts';
import { holdExclusive } from '../store/exclusive.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import type { Handlers } from './handler.ts';

/** The observe-only switch. */
export function breakGlass({
  control,
  audit,
  signals,
}: Services): Handlers<'getBreakGlass' | 'askBreakGlass' | 'confirmBreakGlass' | 'endBreakGlass'> {
  const object = ({ id }: BreakGlassTable) => ({ kind: 'break-glass', id });
  return {
    async getBreakGlass() {
      const current = await currentBreakGlass(control, Date.now());
      return current === undefined ? {} : { current: toBreakGlass(current) };
    },
    async askBreakGlass({ person, body: { reason, minutes } }) {
      const nowMs = Date.now();
      const row = await control.transaction().execute(async (transaction) => {
        await holdExclusive(transaction, 'break-glass');
        const current = await currentBreakGlass(transaction, nowMs);
        if (current !== undefined)
          throw new SentinelError(
            'conflict',
            current.state === 'active'
              ? 'It is on already.'
              : `${current.asked_by} asked for it already: confirm that.`,
          );
        const asked: BreakGlassTable = {
          id: newUuidV7(),
          state: 'asked',
          reason,
          minutes,
          asked_by_id: person.accountId,
          asked_by: person.userName,
          asked_at: nowMs,
          confirmed_by: null,
          until: null,
          ended_by: null,
        };
        await transaction.insertInto('break_glass').values(asked).execute();
        return asked;
      });
      await audit.record(person, { action: 'break-glass.ask', object: object(row), after: { minutes }, reason });
      await signals.publish(POLICY_TOPIC, 'break-glass');
      return toBreakGlass(row);
    },
    async confirmBreakGlass({ person, body: { reason } }) {
      const nowMs = Date.now();
      const current = await currentBreakGlass(control, nowMs);
      if (current?.state !== 'asked') throw new SentinelError('conflict', 'Nobody asks for it now.');
      if (current.asked_by_id === person.accountId)
        throw new SentinelError('not-allowed', 'Who asked for it cannot confirm it: it takes two people.');
      const change = {
        state: 'active' as const,
        confirmed_by: person.userName,
        until: nowMs + current.minutes * 60_000,
      };
      const { numUpdatedRows } = await control
        .updateTable('break_glass')
        .set(change)
        .where('id', '=', current.id)
        .where('state', '=', 'asked')
        .executeTakeFirstOrThrow();
      if (numUpdatedRows === 0n) throw new SentinelError('conflict', 'Somebody else decided at the same time.');
      const after = { minutes: current.minutes, askedBy: current.asked_by };
      await audit.record(person, { action: 'break-glass.confirm', object: object(current), after, reason });
      await signals.publish(POLICY_TOPIC, 'break-glass');
      return toBreakGlass({ ...current, ...change });
    },
    async endBreakGlass({ person }) {
      const current = await currentBreakGlass(control, Date.now());
      if (current === undefined) throw new SentinelError('conflict', 'It is not on, and nobody asks for it.');
      const change = { state: 'ended' as const, ended_by: person.userName };
      await control.updateTable('break_glass').set(change).where('id', '=', current.id).execute();
      await audit.record(person, {
        action: 'break-glass.end',
        object: object(current),
        before: { state: current.state },
      });
      await signals.publish(POLICY_TOPIC, 'break-glass');
      return toBreakGlass({ ...current, ...change });
    },
  };
}
