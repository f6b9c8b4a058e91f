import type { DirectoryPerson } from '@sentinel/protocol';
import type { EventStore } from '../store/event-store.ts';
import { DAY_MS, storeTime } from '../store/store-time.ts';
import { ACCOUNT } from './leaver-report.ts';

/** Scripts that each of these people ran in the 90 days before they left, in one question to the store. */
export async function scriptsOfPeople(
  events: EventStore,
  people: readonly DirectoryPerson[],
  nowMs: number,
): Promise<Map<string, Set<string>>> {
  const accounts = [...new Set(people.flatMap((person) => person.accounts))];
  if (accounts.length === 0) return new Map();
  const leftAt = ({ leftAt: at }: DirectoryPerson) => (at === undefined ? nowMs : Math.min(Date.parse(at), nowMs));
  const rows = await events.query<{ account: string; script_id: string; last: string }>(
    `SELECT ${ACCOUNT} AS account, script_id, max(started_at) AS last FROM run
     WHERE started_at BETWEEN {from:DateTime64(3, 'UTC')} AND {to:DateTime64(3, 'UTC')}
       AND script_kind NOT IN ('command', 'stdin', 'interactive') AND account IN {accounts:Array(String)}
     GROUP BY account, script_id`,
    { accounts, from: storeTime(Math.min(...people.map(leftAt)) - 90 * DAY_MS), to: storeTime(nowMs + DAY_MS) },
    { maxRows: 200_000 },
  );
  const byAccount = Map.groupBy(rows, ({ account }) => account);
  return new Map(
    people.map((person) => {
      const sinceMs = leftAt(person) - 90 * DAY_MS;
      const scripts = person.accounts
        .flatMap((account) => byAccount.get(account) ?? [])
        .filter(({ last }) => Date.parse(last) >= sinceMs);
      return [person.id, new Set(scripts.map(({ script_id }) => script_id))];
    }),
  );
}
