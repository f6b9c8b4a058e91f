import type { Analysis, Risk, RiskBand, RiskDimension, RiskShare } from '@sentinel/protocol';
import { basePack } from '../packs/base-pack.ts';
import type { RulePacks } from '../packs/rule-packs.ts';
import { capabilityReasons } from './capability-reasons.ts';
import { flowReasons } from './flow-reasons.ts';
import { packageReasons } from './package-reasons.ts';
import type { Reason } from './reason.ts';
import { secretReasons } from './secret-reasons.ts';
import { weaknessReasons } from './weakness-reasons.ts';

/** Version of the method; a score of another one is not compared. */
export const RISK_METHOD = 'sentinel-risk 1';

/** What is known of a script besides its text. */
export interface RiskFacts {
  readonly isScheduled?: boolean;
  /** Whether it belongs to or runs under an account that may do everything. */
  readonly isPrivileged?: boolean;
  /** False where nobody is known to own it. */
  readonly isOwnerKnown?: boolean;
  readonly isInPersonalCloud?: boolean;
  readonly isReviewed?: boolean;
  /** Endpoints that have it. */
  readonly endpointCount?: number;
}

/**
 * Risk of one script, 0 to 100. Additive, capped by dimension, deterministic; the points of the shares add up to the
 * score, and a further finding never lowers it.
 *
 * @param packs Packs whose points count instead of those that ship.
 */
export function riskOf(analysis: Analysis, facts: RiskFacts = {}, packs?: RulePacks): Risk {
  const reasons: Record<Exclude<RiskDimension, 'context' | 'floor' | 'behaviour'>, Reason[]> = {
    secrets: reweighed(secretReasons(analysis), packs),
    'data-flow': reweighed(flowReasons(analysis), packs),
    packages: reweighed(packageReasons(analysis), packs),
    weaknesses: reweighed(weaknessReasons(analysis), packs),
    capabilities: reweighed(capabilityReasons(analysis), packs),
  };
  const { caps } = basePack().risk;
  const parts = (Object.keys(reasons) as (keyof typeof reasons)[]).flatMap((dimension) =>
    dimensionParts(dimension, reasons[dimension], caps[dimension]),
  );
  const sum = parts.reduce((total, { exact }) => total + exact, 0);
  const context = contextOf(facts);
  const floor = Math.max(0, ...Object.values(reasons).flatMap((all) => all.map(({ floor = 0 }) => floor)));
  const all: Part[] = [...parts];
  if (context.factor !== 1 && sum > 0) {
    all.push({ dimension: 'context', ruleId: 'context', reason: context.reason, exact: sum * (context.factor - 1) });
  }
  const raised = sum * context.factor;
  const floored = ranked(Object.values(reasons).flat()).find((reason) => reason.floor === floor);
  if (floor > raised && floored !== undefined) {
    all.push({
      dimension: 'floor',
      ruleId: floored.ruleId,
      reason: `never below ${floor}: ${floored.reason}`,
      exact: floor - raised,
    });
  }
  const total = Math.max(raised, floor);
  const score = Math.min(100, Math.round(total));
  const versions = versionsOf(analysis);
  return {
    score,
    band: bandOf(score),
    shares: sharesOf(all, total, score),
    method: RISK_METHOD,
    ...(versions.length === 0 ? {} : { packs: versions }),
  };
}

/** Reasons with the points that the company gives them; what weighs less than it would holds no floor. */
function reweighed(reasons: readonly Reason[], packs: RulePacks | undefined): Reason[] {
  return reasons.map((reason) => {
    const points = packs?.pointsOf(reason.ruleId);
    if (points === undefined) return reason;
    const { floor, ...rest } = reason;
    return { ...rest, weight: points, ...(floor === undefined || points < reason.weight ? {} : { floor }) };
  });
}

function versionsOf({ packs = [], advisoryDate }: Analysis): string[] {
  const versions = packs.map(({ name, version }) => `${name} ${version}`);
  return advisoryDate === undefined ? versions : [...versions, `advisories ${advisoryDate}`];
}

/** Word for a score. */
export function bandOf(score: number): RiskBand {
  const { critical, high, elevated, guarded } = basePack().risk.bands;
  if (score >= critical) return 'critical';
  if (score >= high) return 'high';
  if (score >= elevated) return 'elevated';
  return score >= guarded ? 'guarded' : 'low';
}

interface Part extends Omit<RiskShare, 'points'> {
  readonly exact: number;
}

/** The heaviest first; the order of equal ones does not depend on who found them first. */
function ranked(reasons: readonly Reason[]): Reason[] {
  return [...reasons].sort(
    (a, b) =>
      b.weight - a.weight ||
      compare(a.ruleId, b.ruleId) ||
      (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
      compare(a.reason, b.reason),
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function dimensionParts(dimension: RiskDimension, reasons: readonly Reason[], cap: number): Part[] {
  const { further } = basePack().risk;
  let left = cap;
  return ranked(reasons).flatMap(({ ruleId, reason, weight, place }, index): Part[] => {
    const exact = Math.min(left, index === 0 ? weight : weight * further);
    left -= exact;
    return exact <= 0 ? [] : [{ dimension, ruleId, reason, exact, ...(place === undefined ? {} : { place }) }];
  });
}

function contextOf(facts: RiskFacts): { factor: number; reason: string } {
  const { context: steps } = basePack().risk;
  const terms: (readonly [boolean, number, string])[] = [
    [facts.isScheduled === true, steps.scheduled, 'runs by itself on a schedule'],
    [facts.isPrivileged === true, steps.privileged, 'belongs to an account that may do everything'],
    [facts.isOwnerKnown === false, steps.ownerless, 'nobody is known to own it'],
    [facts.isInPersonalCloud === true, steps.personalCloud, 'lies in a personal cloud folder'],
    [
      (facts.endpointCount ?? 0) >= steps.manyEndpointsFrom,
      steps.manyEndpoints,
      `is on ${facts.endpointCount ?? 0} computers`,
    ],
    [facts.isReviewed === true, steps.reviewed, 'was reviewed'],
  ];
  const held = terms.filter(([isHeld]) => isHeld);
  const factor = held.reduce((product, [, step]) => product + step, 1);
  return {
    factor: Math.min(steps.most, Math.max(steps.least, factor)),
    reason: held.map(([, , reason]) => reason).join('; '),
  };
}

/** Whole points that add up to the score: the largest remainders get what rounding leaves. */
function sharesOf(parts: readonly Part[], total: number, score: number): RiskShare[] {
  if (total <= 0) return [];
  const scaled = parts.map((part) => ({ part, value: (part.exact / total) * score }));
  const floors = scaled.map(({ value }) => Math.floor(value));
  let left = score - floors.reduce((sum, value) => sum + value, 0);
  const byRemainder = scaled
    .map(({ value }, index) => ({ index, rest: value - Math.floor(value) }))
    .sort((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of byRemainder) {
    if (left <= 0) break;
    floors[index] = (floors[index] ?? 0) + 1;
    left -= 1;
  }
  return scaled
    .map(({ part: { exact: _exact, ...share } }, index): RiskShare => ({ ...share, points: floors[index] ?? 0 }))
    .filter(({ points }) => points !== 0)
    .sort((a, b) => b.points - a.points);
}
