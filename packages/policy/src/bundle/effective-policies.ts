import type { AgentAction, CompiledPolicy, PolicyBundle } from '@sentinel/protocol';
import { isInForce } from '../action/order-policy.ts';
import { isInRing } from './ring-place.ts';

/** Longest time that a bundle may turn enforcing off, whatever it says. */
export const OBSERVE_ONLY_MAX_MS = 4 * 3_600_000;

/** Who asks, and what the server says of policies under rollout. */
export interface RolloutView {
  readonly endpointId: string;
  /** Share of the endpoints that the server names for a policy version, in percent; it counts only where it is smaller than the signed one; without it, nobody enforces. */
  readonly shares?: readonly { readonly policyId: string; readonly version: number; readonly percent: number }[];
}

/**
 * Policies of a bundle as they hold now: waivers that have not ended become exceptions, break-glass turns enforcing off, and
 * a policy under rollout is enforced on the endpoints of its ring only. Elsewhere it reports, and the version before it holds.
 */
export function effectivePolicies(bundle: PolicyBundle, nowMs: number, view?: RolloutView): CompiledPolicy[] {
  const waivers = bundle.waivers.filter(({ until }) => Date.parse(until) > nowMs);
  const isObserveOnly = bundle.isObserveOnly && nowMs < observeOnlyEndMs(bundle);
  return chosenPolicies(bundle, view).map((policy) => ({
    ...policy,
    mode: isObserveOnly ? 'monitor' : policy.mode,
    statements: policy.statements.map((statement) => {
      const own = waivers.filter(({ policyId, statementId }) => policyId === policy.id && statementId === statement.id);
      if (own.length === 0 || statement.isFloor) return statement;
      return { ...statement, except: [...statement.except, ...own.flatMap(({ when }) => when)] };
    }),
  }));
}

/** When what holds changes next by itself: a waiver, an approval or break-glass ends. Undefined for never. */
export function nextChangeMs(bundle: PolicyBundle, nowMs: number): number | undefined {
  const ends = [
    ...bundle.waivers.map(({ until }) => Date.parse(until)),
    ...(bundle.approvals ?? []).flatMap(({ until }) => (until === undefined ? [] : [Date.parse(until)])),
    ...(bundle.isObserveOnly ? [observeOnlyEndMs(bundle)] : []),
  ].filter((endMs) => endMs > nowMs);
  return ends.length === 0 ? undefined : Math.min(...ends);
}

/**
 * Lines of the endpoint text that tell approvals of script versions; they go after those of `endpointText`. What operators
 * signed of one version last counts: the bundle, or an order that needs no new bundle.
 */
export function approvalText(
  bundle: PolicyBundle | undefined,
  nowMs: number,
  orders: readonly AgentAction[] = [],
): string {
  const words = new Map<string, { state: string; until?: string | undefined; saidMs: number }>();
  const bundleMs = bundle === undefined ? 0 : Date.parse(bundle.issuedAt);
  for (const { sha256, state, until } of bundle?.approvals ?? []) words.set(sha256, { state, until, saidMs: bundleMs });
  for (const action of orders) {
    const { order } = action;
    const saidMs = Date.parse(action.issuedAt);
    if (order.kind !== 'decide-approval' || saidMs < (words.get(order.sha256)?.saidMs ?? 0)) continue;
    // An approval that is over says nothing against an older one that still holds.
    if (words.has(order.sha256) && !isInForce(action, nowMs)) continue;
    words.set(order.sha256, { state: order.state, until: order.until, saidMs });
  }
  return [...words]
    .map(([sha256, { state, until }]) => {
      const isOver = state === 'approved' && until !== undefined && Date.parse(until) <= nowMs;
      return `A\t${sha256}\t${isOver ? 'expired' : state}\n`;
    })
    .join('');
}

function observeOnlyEndMs({ issuedAt, observeOnlyUntil }: PolicyBundle): number {
  const latest = Date.parse(issuedAt) + OBSERVE_ONLY_MAX_MS;
  return observeOnlyUntil === undefined ? latest : Math.min(latest, Date.parse(observeOnlyUntil));
}

function chosenPolicies({ policies, rollouts = [] }: PolicyBundle, view: RolloutView | undefined): CompiledPolicy[] {
  return policies.flatMap((policy): CompiledPolicy[] => {
    const rollout = rollouts.find(({ policyId }) => policyId === policy.id);
    if (rollout === undefined) return [policy];
    const named = view?.shares?.find(({ policyId, version }) => policyId === policy.id && version === rollout.version);
    // Who has not heard how far it is does not enforce: too little for a while is better than all at once.
    const percent = Math.min(rollout.percent, named?.percent ?? 0);
    const isInside = view !== undefined && isInRing(policy.id, view.endpointId, percent);
    if (policy.version !== rollout.version) return isInside ? [] : [policy];
    return [isInside ? policy : { ...policy, mode: 'monitor' }];
  });
}
