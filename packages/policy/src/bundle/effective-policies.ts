import type { CompiledPolicy, PolicyBundle } from '@sentinel/protocol';

/** Policies of a bundle as they hold now: waivers that have not ended become exceptions, break-glass turns enforcing off. */
export function effectivePolicies(bundle: PolicyBundle, nowMs: number): CompiledPolicy[] {
  const waivers = bundle.waivers.filter(({ until }) => Date.parse(until) > nowMs);
  return bundle.policies.map((policy) => ({
    ...policy,
    mode: bundle.isObserveOnly ? 'monitor' : policy.mode,
    statements: policy.statements.map((statement) => {
      const own = waivers.filter(({ policyId, statementId }) => policyId === policy.id && statementId === statement.id);
      if (own.length === 0 || statement.isFloor) return statement;
      return { ...statement, except: [...statement.except, ...own.flatMap(({ when }) => when)] };
    }),
  }));
}
