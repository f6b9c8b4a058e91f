import { z } from 'zod';
import { Reach } from './analysis.ts';
import { field } from './field.ts';
import { Confidence, Severity } from './finding.ts';

const RuleId = z.string().regex(/^[a-z0-9][a-z0-9._-]*$/);
const Points = z.number().min(0).max(30);
/** A score, or the most points of a dimension. */
const Cap = z.number().min(0).max(100);
const Step = z.number().min(-1).max(1);
const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);

/** Words and severity of one weakness. */
export const WeaknessRule = z.strictObject({
  id: field(RuleId, { description: 'Stable id, such as weak-eval.', sensitivity: 'public' }),
  bandit: field(z.string(), { description: 'Test of bandit that means the same.', sensitivity: 'public' }),
  ruff: field(z.string().optional(), { description: 'Rule of Ruff that sees it.', sensitivity: 'public' }),
  title: field(z.string().min(3), { description: 'For people.', sensitivity: 'public' }),
  severity: Severity,
  confidence: Confidence,
  cwe: field(z.int().positive(), { description: 'CWE number.', sensitivity: 'public', source: 'MITRE CWE' }),
  advice: field(z.string().min(3), { description: 'What to do.', sensitivity: 'public' }),
  references: field(z.array(z.url()), { description: 'Where it is explained.', sensitivity: 'public' }),
});
export type WeaknessRule = z.infer<typeof WeaknessRule>;

/** Points of capabilities whose id begins with one of the prefixes. */
export const CapabilityPoints = z.strictObject({
  prefixes: field(z.array(z.string().min(1)).min(1), { description: 'Beginnings of ids.', sensitivity: 'public' }),
  except: field(z.array(z.string()).optional(), { description: 'Beginnings left out.', sensitivity: 'public' }),
  points: field(Points, { description: 'Points before certainty.', sensitivity: 'public' }),
  reason: field(z.string(), { description: 'For people.', sensitivity: 'public' }),
});
export type CapabilityPoints = z.infer<typeof CapabilityPoints>;

/** Rules and weights that ship with Sentinel. */
export const RulePack = z.strictObject({
  kind: z.literal('sentinel-rule-pack'),
  schema: z.literal(1),
  name: field(RuleId, { description: 'Name of the pack.', sensitivity: 'public' }),
  version: field(z.int().positive(), { description: 'Rises with each change.', sensitivity: 'public' }),
  madeAt: field(z.iso.date(), { description: 'Day of the version.', sensitivity: 'public' }),
  weaknesses: z.array(WeaknessRule),
  points: field(
    z.strictObject({
      weaknesses: z.strictObject({ critical: Points, high: Points, medium: Points, low: Points }),
      weaknessesWithout: z.array(RuleId),
      weaknessesLowEach: field(z.int().min(1), {
        description: 'How often a weakness of low severity counts in one source.',
        sensitivity: 'public',
      }),
      secrets: z.strictObject({ liveKey: Points, password: Points }),
      packages: z.strictObject({
        malicious: Points,
        knownExploited: Points,
        squat: Points,
        unknownName: Points,
        critical: Points,
        high: Points,
        medium: Points,
        low: Points,
      }),
      flows: z.record(Reach, Points),
      personal: field(z.strictObject({ outside: Points, llmProvider: Points }), {
        description: 'Instead of the points of the reach, where data of people could leave.',
        sensitivity: 'public',
      }),
      secretOutside: field(Points, { description: 'The same for credentials.', sensitivity: 'public' }),
      plainFlowFactor: field(z.number().min(0).max(1), {
        description: 'Share of the points where nothing says that the data is the business of anybody.',
        sensitivity: 'public',
      }),
      capabilities: z.array(CapabilityPoints),
      unresolved: field(z.strictObject({ most: Points, eachCall: Points }), {
        description: 'Points of what could not be understood.',
        sensitivity: 'public',
      }),
    }),
    { description: 'Points of the risk score before certainty.', sensitivity: 'public' },
  ),
  risk: field(
    z.strictObject({
      caps: z.strictObject({
        secrets: Cap,
        'data-flow': Cap,
        packages: Cap,
        weaknesses: Cap,
        capabilities: Cap,
      }),
      further: field(z.number().min(0).max(1), {
        description: 'Share that each further finding of a dimension adds: fifty small ones cannot beat one big one.',
        sensitivity: 'public',
      }),
      certainty: field(z.record(Confidence, z.number().min(0).max(1)), {
        description: 'Share of the points by confidence.',
        sensitivity: 'public',
      }),
      floors: field(z.strictObject({ malicious: Cap, personalOutside: Cap, liveKey: Cap }), {
        description: 'Scores that a script with such a thing can never fall below.',
        sensitivity: 'public',
      }),
      context: field(
        z.strictObject({
          scheduled: Step,
          privileged: Step,
          ownerless: Step,
          personalCloud: Step,
          manyEndpoints: Step,
          reviewed: Step,
          manyEndpointsFrom: z.int().min(2),
          least: z.number().min(0).max(1),
          most: z.number().min(1).max(2),
        }),
        { description: 'What raises or lowers the sum, and how far all of it together may.', sensitivity: 'public' },
      ),
      bands: field(z.strictObject({ critical: Cap, high: Cap, elevated: Cap, guarded: Cap }), {
        description: 'Least score of each word.',
        sensitivity: 'public',
      }),
    }),
    { description: 'How points become a score.', sensitivity: 'public' },
  ),
});
export type RulePack = z.infer<typeof RulePack>;

/** Who changed what a pack says, why, and until when. */
const answerable = {
  reason: field(z.string().min(3), { description: 'Why.', sensitivity: 'internal' }),
  author: field(z.string().min(1), { description: 'Who answers for it.', sensitivity: 'internal' }),
  until: field(z.iso.date(), { description: 'Last day on which it counts.', sensitivity: 'public' }),
};

/** A call that the company wants told. */
export const AddedCallRule = z.strictObject({
  id: field(RuleId, { description: 'Id of its own, such as acme-legacy-upload.', sensitivity: 'public' }),
  title: field(z.string().min(3), { description: 'For people.', sensitivity: 'public' }),
  severity: Severity,
  confidence: Confidence.default('high'),
  cwe: z.int().positive().optional(),
  advice: field(z.string().min(3), { description: 'What to do.', sensitivity: 'public' }),
  calls: field(z.array(z.string().regex(/^[\w.*{},]+$/)).min(1), {
    description: 'Patterns of resolved names: a.b, a.**, **.b, with {x,y} for either.',
    sensitivity: 'public',
  }),
  ...answerable,
});
export type AddedCallRule = z.infer<typeof AddedCallRule>;

/** A credential of the company's own systems. */
export const AddedSecretFormat = z.strictObject({
  id: field(RuleId, { description: 'Id; findings are called secret-<id>.', sensitivity: 'public' }),
  title: field(z.string().min(3), { description: 'For people.', sensitivity: 'public' }),
  kind: z.enum(['token', 'near']).default('token'),
  anchors: field(z.array(z.string().min(3)).min(1), {
    description: 'Literals in the value (token), or keywords before it in lower case (near).',
    sensitivity: 'public',
  }),
  pattern: field(
    z.string().min(3).max(400).refine(isBounded, 'only literals, classes, groups, {n}, {n,m} and ? are allowed'),
    { description: 'Bounded pattern of the whole value.', sensitivity: 'public' },
  ),
  entropy: field(z.number().min(0).max(6).default(2), { description: 'Least entropy.', sensitivity: 'public' }),
  tier: z.enum(['high', 'medium', 'info']).optional(),
  ...answerable,
});
export type AddedSecretFormat = z.infer<typeof AddedSecretFormat>;

/** Names that the company knows. */
export const AddedNames = z.strictObject({
  list: field(z.enum(['allowed-distributions', 'approved-hosts']), {
    description: 'Distributions of its own index, or hosts (with all below them) that are an approved cloud.',
    sensitivity: 'public',
  }),
  names: field(z.array(z.string().min(1)).min(1), { description: 'The names.', sensitivity: 'internal' }),
  ...answerable,
});
export type AddedNames = z.infer<typeof AddedNames>;

/** A rule that is not wanted. */
export const RuleOff = z.strictObject({
  rule: field(z.string().min(1), { description: 'Rule id; a trailing * stands for any end.', sensitivity: 'public' }),
  ...answerable,
});
export type RuleOff = z.infer<typeof RuleOff>;

/** A rule that weighs more or less here. */
export const RuleWeight = z
  .strictObject({
    rule: field(z.string().min(1), { description: 'Rule id; a trailing * stands for any end.', sensitivity: 'public' }),
    severity: Severity.optional(),
    points: field(Points.optional(), { description: 'Points of the risk score instead.', sensitivity: 'public' }),
    ...answerable,
  })
  .refine(({ severity, points }) => severity !== undefined || points !== undefined, 'severity or points are needed');
export type RuleWeight = z.infer<typeof RuleWeight>;

/** Findings that are fine in certain sources. All conditions that are given must hold. */
export const RuleAllow = z
  .strictObject({
    rules: field(z.array(z.string().min(1)).min(1), {
      description: 'Rule ids; a trailing * stands for any end.',
      sensitivity: 'public',
    }),
    sha256: field(Sha256.optional(), { description: 'Exact content.', sensitivity: 'public' }),
    path: field(z.string().min(1).optional(), {
      description: 'Glob of the path: * within a folder, ** across folders, ? one character.',
      sensitivity: 'internal',
    }),
    owner: field(z.string().min(1).optional(), { description: 'Account that owns it.', sensitivity: 'internal' }),
    ...answerable,
  })
  .refine(
    ({ sha256, path, owner }) => sha256 !== undefined || path !== undefined || owner !== undefined,
    'sha256, path or owner is needed',
  );
export type RuleAllow = z.infer<typeof RuleAllow>;

/** What a company changes of the rules that ship. */
export const RuleOverlay = z.strictObject({
  kind: z.literal('sentinel-rule-overlay'),
  schema: z.literal(1),
  name: field(RuleId, { description: 'Name of the overlay.', sensitivity: 'public' }),
  version: field(z.int().positive(), { description: 'Rises with each change.', sensitivity: 'public' }),
  madeAt: field(z.iso.date(), { description: 'Day of the version.', sensitivity: 'public' }),
  addCalls: z.array(AddedCallRule).default([]),
  addSecretFormats: z.array(AddedSecretFormat).default([]),
  addNames: z.array(AddedNames).default([]),
  off: z.array(RuleOff).default([]),
  reweigh: z.array(RuleWeight).default([]),
  allow: z.array(RuleAllow).default([]),
});
export type RuleOverlay = z.infer<typeof RuleOverlay>;

/** Whether work with a pattern is linear: the syntax of the shipped formats, in which every repetition has an end. */
function isBounded(pattern: string): boolean {
  const atom = String.raw`(?:\[(?:\\.|[^\]\\])+\]|\\[^A-Za-z0-9]|[A-Za-z0-9 _\-/:@=%&~"<>;,!#'])(?:\{\d{1,4}(?:,\d{1,4})?\}|\?)?`;
  const group = String.raw`\((?:${atom}|\|)+\)\??`;
  if (!new RegExp(`^(?:${atom}|${group})+$`).test(pattern)) return false;
  try {
    return new RegExp(pattern, 'y').sticky;
  } catch {
    return false;
  }
}
