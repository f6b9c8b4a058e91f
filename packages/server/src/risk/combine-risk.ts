import type { RiskBand, RiskDimension, SubjectRisk } from '@sentinel/protocol';

type Share = SubjectRisk['shares'][number];

/** One ground for points. */
export interface RiskReason extends Omit<Share, 'points'> {
  /** Points it would give alone. */
  readonly weight: number;
  /** Score that the subject cannot fall below while it holds. */
  readonly floor?: number;
  /** What would take it away, for people; absent: nothing that the reader can do. */
  readonly remedy?: string;
}

/** Risk of a subject without its place in time. */
export type CombinedRisk = Pick<SubjectRisk, 'score' | 'band' | 'shares' | 'lowers' | 'method'>;

/** Version of the method: the analyser's weights, caps and decay, and what runs showed. */
export const RUN_RISK_METHOD = 'sentinel-risk 1 with runs 1';

/** Most points of a dimension. Source: the analyser's risk-of.ts; behaviour weighs as much as data that can leave. */
const CAPS: Readonly<Record<Exclude<RiskDimension, 'context' | 'floor'>, number>> = {
  secrets: 30,
  'data-flow': 30,
  packages: 25,
  weaknesses: 20,
  capabilities: 15,
  behaviour: 35,
};
/** Part that each further reason of a dimension adds: fifty small ones cannot beat one big one. */
const FURTHER = 0.3;
const MOST_LOWERS = 6;

/** A circumstance that raises or lowers the whole. */
export interface RiskContext {
  readonly step: number;
  readonly reason: string;
  readonly remedy?: string;
}

/** Risk of a script or a run: additive, capped by dimension; the shares add up to the score. */
export function combineReasons(reasons: readonly RiskReason[], context: readonly RiskContext[]): CombinedRisk {
  const { score, shares } = scored(reasons, context);
  const remedies = new Map<string, RiskReason[]>();
  for (const reason of reasons)
    if (reason.remedy !== undefined) remedies.set(reason.remedy, [...(remedies.get(reason.remedy) ?? []), reason]);
  const lowered = [
    ...[...remedies].map(([what, gone]) => ({
      what,
      score: scored(
        reasons.filter((reason) => !gone.includes(reason)),
        context,
      ).score,
    })),
    ...context
      .filter(({ step, remedy }) => step > 0 && remedy !== undefined)
      .map((one) => ({
        what: one.remedy ?? '',
        score: scored(
          reasons,
          context.filter((other) => other !== one),
        ).score,
      })),
  ];
  return { score, band: bandOf(score), shares, lowers: lowersOf(score, lowered), method: RUN_RISK_METHOD };
}

/** A part of a whole, such as a script of a machine. */
export interface RiskPart extends Omit<Share, 'points' | 'dimension' | 'ruleId' | 'place'> {
  readonly score: number;
}

/**
 * Risk of a machine, department or company: the riskiest script counts whole, each further one takes a shrinking part of what
 * is left to 100. It never falls with a further script, and the shares add up to the score.
 */
export function combineParts(parts: readonly RiskPart[]): CombinedRisk {
  const { score, shares } = whole(parts);
  const lowered = parts
    .toSorted((a, b) => b.score - a.score)
    .slice(0, MOST_LOWERS)
    .map((part) => ({ what: `Bring down: ${part.reason}`, score: whole(parts.filter((one) => one !== part)).score }));
  return { score, band: bandOf(score), shares, lowers: lowersOf(score, lowered), method: RUN_RISK_METHOD };
}

/** Word for a score. */
export function bandOf(score: number): RiskBand {
  if (score >= 80) return 'critical';
  if (score >= 60) return 'high';
  if (score >= 40) return 'elevated';
  return score >= 20 ? 'guarded' : 'low';
}

interface Part extends Omit<Share, 'points'> {
  readonly exact: number;
}

function scored(
  reasons: readonly RiskReason[],
  context: readonly RiskContext[],
): { readonly score: number; readonly shares: Share[] } {
  const parts = (Object.keys(CAPS) as (keyof typeof CAPS)[]).flatMap((dimension) => partsOf(dimension, reasons));
  const sum = parts.reduce((total, { exact }) => total + exact, 0);
  const factor = Math.min(
    1.3,
    Math.max(
      0.7,
      context.reduce((product, { step }) => product + step, 1),
    ),
  );
  if (factor !== 1 && sum > 0)
    parts.push({
      dimension: 'context',
      ruleId: 'context',
      reason: context.map(({ reason }) => reason).join('; '),
      exact: sum * (factor - 1),
    });
  const floored = reasons.toSorted((a, b) => (b.floor ?? 0) - (a.floor ?? 0))[0];
  const floor = floored?.floor ?? 0;
  if (floored !== undefined && floor > sum * factor)
    parts.push({
      ...shareOf(floored),
      dimension: 'floor',
      reason: `never below ${floor}: ${floored.reason}`,
      exact: floor - sum * factor,
    });
  const total = Math.max(sum * factor, floor);
  const score = Math.min(100, Math.round(total));
  return { score, shares: wholePoints(parts, total, score) };
}

function partsOf(dimension: keyof typeof CAPS, reasons: readonly RiskReason[]): Part[] {
  let left = CAPS[dimension];
  return reasons
    .filter((reason) => reason.dimension === dimension)
    .toSorted((a, b) => b.weight - a.weight || compare(a.ruleId, b.ruleId) || compare(a.reason, b.reason))
    .flatMap((reason, index): Part[] => {
      const exact = Math.min(left, index === 0 ? reason.weight : reason.weight * FURTHER);
      left -= exact;
      return exact <= 0 ? [] : [{ ...shareOf(reason), exact }];
    });
}

function shareOf({ weight: _weight, floor: _floor, remedy: _remedy, ...share }: RiskReason): Omit<Share, 'points'> {
  return share;
}

function whole(parts: readonly RiskPart[]): { readonly score: number; readonly shares: Share[] } {
  let total = 0;
  let factor = 1;
  const exact = parts
    .toSorted((a, b) => b.score - a.score || compare(a.reason, b.reason))
    .map(({ score, ...share }): Part => {
      const added = (100 - total) * (score / 100) * factor;
      total += added;
      factor *= FURTHER;
      return { ...share, dimension: 'behaviour', ruleId: 'script', exact: added };
    });
  const score = Math.min(100, Math.round(total));
  return { score, shares: wholePoints(exact, total, score) };
}

/** Whole points that add up to the score: the largest remainders get what rounding leaves. */
function wholePoints(parts: readonly Part[], total: number, score: number): Share[] {
  if (total <= 0) return [];
  const scaled = parts.map(({ exact, ...share }) => ({ share, value: (exact / total) * score }));
  const points = scaled.map(({ value }) => Math.floor(value));
  let left = score - points.reduce((sum, value) => sum + value, 0);
  const byRemainder = scaled
    .map(({ value }, index) => ({ index, rest: value - Math.floor(value) }))
    .toSorted((a, b) => b.rest - a.rest || a.index - b.index);
  for (const { index } of byRemainder) {
    if (left <= 0) break;
    points[index] = (points[index] ?? 0) + 1;
    left -= 1;
  }
  return scaled
    .map(({ share }, index): Share => ({ ...share, points: points[index] ?? 0 }))
    .filter((share) => share.points !== 0)
    .toSorted((a, b) => b.points - a.points);
}

function lowersOf(score: number, lowered: readonly { what: string; score: number }[]): CombinedRisk['lowers'] {
  return lowered
    .filter((one) => one.score < score)
    .toSorted((a, b) => a.score - b.score || compare(a.what, b.what))
    .slice(0, MOST_LOWERS)
    .map((one) => ({ ...one, points: score - one.score }));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
