import { POLICY_RINGS, type PolicyHealth, type PolicyMode, type PolicyStage } from '@sentinel/protocol';

const HOUR_MS = 3_600_000;
/** How long a policy reports before anything is stopped. */
export const SHADOW_SOAK_MS = 72 * HOUR_MS;
/** How long each ring is watched before the next one. */
export const RING_SOAK_MS = 24 * HOUR_MS;

/** What a version is when it asks to go on. */
export interface StepQuestion {
  readonly stage: PolicyStage;
  readonly percent: number;
  readonly stageSinceMs: number;
  /** What its author wants in the end. */
  readonly mode: PolicyMode;
  readonly needsApproval: boolean;
  /** Undefined while no second person has decided. */
  readonly isApproved: boolean | undefined;
  readonly health: PolicyHealth | undefined;
  /** Another version of the policy that is in shadow or rollout. */
  readonly rival: number | undefined;
  readonly isEarly: boolean;
}

/** The next stage and share of a version, or a sentence on what it waits for. */
export type Step =
  | { readonly stage: PolicyStage; readonly percent: number; readonly gate?: never }
  | { readonly gate: string; readonly stage?: never };

/** Where a version goes next in its life. Pure. */
export function nextStep(question: StepQuestion, nowMs: number): Step {
  const { stage, percent, mode, rival } = question;
  switch (stage) {
    case 'draft':
      return { gate: 'It has not been simulated: play it over history first.' };
    case 'simulated':
      return rival === undefined
        ? { stage: 'shadow', percent: 0 }
        : { gate: `Version ${rival} is on its way: withdraw it, or let it arrive first.` };
    case 'shadow':
      if (mode === 'monitor') return { stage: 'enforced', percent: 100 };
      return gateOf(question, nowMs) ?? { stage: 'rollout', percent: POLICY_RINGS[0] };
    case 'rollout': {
      const gate = gateOf(question, nowMs);
      if (gate !== undefined) return gate;
      const next = POLICY_RINGS.find((ring) => ring > percent);
      return next === undefined ? { stage: 'enforced', percent: 100 } : { stage: 'rollout', percent: next };
    }
    case 'enforced':
      return { gate: 'It is in force everywhere.' };
    case 'superseded':
    case 'withdrawn':
      return { gate: `It was ${stage}: roll back to it, or save a new version.` };
    default:
      return stage satisfies never;
  }
}

/** The ring before this one; shadow before the first. */
export function stepBack(percent: number): { readonly stage: PolicyStage; readonly percent: number } {
  const before = POLICY_RINGS.findLast((ring) => ring < percent);
  return before === undefined ? { stage: 'shadow', percent: 0 } : { stage: 'rollout', percent: before };
}

function gateOf(question: StepQuestion, nowMs: number): { readonly gate: string } | undefined {
  const { stage, stageSinceMs, needsApproval, isApproved, health, isEarly } = question;
  if (needsApproval && isApproved !== true)
    return {
      gate:
        isApproved === false
          ? 'The second person refused it.'
          : 'It stops or changes acts: a second person must agree first.',
    };
  if (health !== undefined && !health.isHealthy) return { gate: `It is not healthy: ${health.breaches.join(' ')}` };
  const soakMs = stage === 'shadow' ? SHADOW_SOAK_MS : RING_SOAK_MS;
  const leftMs = stageSinceMs + soakMs - nowMs;
  if (leftMs <= 0 || isEarly) return undefined;
  return {
    gate: `It has to be watched for ${Math.ceil(leftMs / HOUR_MS)} more hours, or be taken on early with a reason.`,
  };
}
