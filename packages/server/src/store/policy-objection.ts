import { newUuidV7 } from '../uuid-v7.ts';
import type { ControlStore } from './control-store.ts';

/** Row of what somebody said who was hit by a policy. */
export interface PolicyObjectionTable {
  id: string;
  policy_id: string;
  statement_id: string;
  run_id: string;
  account_id: string;
  reason: string;
  at: number;
}

/** Keeps an objection; the same one again changes nothing. */
export async function addObjection(
  store: ControlStore,
  objection: Omit<PolicyObjectionTable, 'id'>,
): Promise<{ id: string }> {
  await store
    .insertInto('policy_objection')
    .values({ id: newUuidV7(), ...objection })
    .onConflict((conflict) => conflict.columns(['policy_id', 'statement_id', 'run_id', 'account_id']).doNothing())
    .execute();
  return store
    .selectFrom('policy_objection')
    .select('id')
    .where('policy_id', '=', objection.policy_id)
    .where('statement_id', '=', objection.statement_id)
    .where('run_id', '=', objection.run_id)
    .where('account_id', '=', objection.account_id)
    .executeTakeFirstOrThrow();
}

/** How many objections a policy has met since a time. */
export async function countObjections(store: ControlStore, policyId: string, sinceMs: number): Promise<number> {
  const { count } = await store
    .selectFrom('policy_objection')
    .select(({ fn }) => fn.countAll<number>().as('count'))
    .where('policy_id', '=', policyId)
    .where('at', '>=', sinceMs)
    .executeTakeFirstOrThrow();
  return count;
}
