import { z } from 'zod';
import { Effect } from './decision.ts';
import { PolicyMode } from './policy.ts';

/** Where a version of a policy stands in its life. */
export const PolicyStage = z.enum([
  /** Saved, and compiles. */
  'draft',
  /** Played over history; the outcome is kept. */
  'simulated',
  /** On all endpoints, reporting only. */
  'shadow',
  /** Enforced on a share of the endpoints. */
  'rollout',
  /** Enforced, or for a policy that only monitors in force, everywhere. */
  'enforced',
  /** Another version took its place. */
  'superseded',
  /** Taken back. */
  'withdrawn',
]);
export type PolicyStage = z.infer<typeof PolicyStage>;

/** Stages in which endpoints have it. */
export const LIVE_STAGES: readonly PolicyStage[] = ['shadow', 'rollout', 'enforced'];

/** Shares of the endpoints that a rollout goes through, in percent. */
export const POLICY_RINGS = [1, 10, 50, 100] as const;

/** Somebody who did something to a policy, and why. */
export const PolicyAct = z.object({
  by: z.string(),
  at: z.iso.datetime({ precision: 3 }),
  reason: z.string(),
});
export type PolicyAct = z.infer<typeof PolicyAct>;

/** What was expected of a rollout and what came. */
export const PolicyHealth = z.object({
  since: z.iso.datetime({ precision: 3 }).meta({ description: 'When this stage or ring began.' }),
  percent: z.int().min(0).max(100).meta({ description: 'Share of the endpoints that enforce it now.' }),
  hits: z.int().nonnegative().meta({ description: 'Decisions by it since then, on the endpoints of the ring.' }),
  hitsExpected: z.number().nonnegative().optional().meta({
    description: 'What the simulation lets one expect for this time and share; absent without a simulation.',
  }),
  objections: z.int().nonnegative().meta({ description: 'People who said that it was wrong.' }),
  agentErrors: z.int().nonnegative().meta({ description: 'Faults of probes on the endpoints of the ring.' }),
  isHealthy: z.boolean(),
  breaches: z.array(z.string()).meta({ description: 'What is not as it should be, as sentences.' }),
  checkedAt: z.iso.datetime({ precision: 3 }),
});
export type PolicyHealth = z.infer<typeof PolicyHealth>;

/** A remark or fault of a policy file. */
export const PolicyRemark = z.object({
  level: z.enum(['error', 'warning']),
  line: z.int().positive().optional(),
  column: z.int().positive().optional(),
  statement: z.string().optional(),
  message: z.string(),
  hint: z.string().optional(),
});
export type PolicyRemark = z.infer<typeof PolicyRemark>;

/** One statement, as lists show it. */
export const StatementSummary = z.object({
  id: z.string(),
  title: z.string().optional(),
  effect: Effect,
  severity: z.string(),
  activities: z.array(z.string()),
  isFloor: z.boolean(),
  explain: z.string(),
  controls: z.array(z.string()),
  waiverFields: z
    .array(z.string())
    .meta({ description: 'Facts that a waiver of it may be bound to; none on a floor.' }),
});
export type StatementSummary = z.infer<typeof StatementSummary>;

/** What a simulation came to, as it was kept with a version. */
export const KeptSimulation = z.object({
  from: z.iso.datetime({ precision: 3 }),
  to: z.iso.datetime({ precision: 3 }),
  activities: z.int().nonnegative(),
  at: z.iso.datetime({ precision: 3 }),
  hits: z.int().nonnegative(),
  runs: z.int().nonnegative(),
  hitsPerDay: z.number().nonnegative(),
});
export type KeptSimulation = z.infer<typeof KeptSimulation>;

/** A version of a policy without its source. */
export const PolicyVersionRow = z.object({
  policyId: z.string(),
  version: z.int().positive(),
  title: z.string(),
  mode: PolicyMode.meta({ description: 'What its author wants in the end.' }),
  stage: PolicyStage,
  percent: z.int().min(0).max(100).meta({ description: 'Share of the endpoints that enforce it now.' }),
  stageSince: z.iso.datetime({ precision: 3 }),
  author: z.string(),
  savedAt: z.iso.datetime({ precision: 3 }),
  reason: z.string(),
  ticket: z.string().optional(),
  examples: z.int().nonnegative(),
  remarks: z.array(PolicyRemark),
  needsApproval: z
    .boolean()
    .meta({ description: 'Whether it stops or changes acts, so that a second person must agree.' }),
  approval: PolicyAct.extend({ isApproved: z.boolean() }).optional(),
  simulation: KeptSimulation.optional(),
  health: PolicyHealth.optional(),
});
export type PolicyVersionRow = z.infer<typeof PolicyVersionRow>;

/** A version of a policy, whole. */
export const PolicyVersion = PolicyVersionRow.extend({
  source: z.string().meta({ description: 'The file as it was written.' }),
  statements: z.array(StatementSummary),
});
export type PolicyVersion = z.infer<typeof PolicyVersion>;

/** A policy in the list. */
export const PolicyRow = z.object({
  id: z.string(),
  title: z.string(),
  owner: z.string().optional(),
  newest: PolicyVersionRow,
  live: PolicyVersionRow.optional().meta({ description: 'The version that endpoints have, in its furthest stage.' }),
  strictest: Effect.meta({ description: 'Strictest effect of the live version, else of the newest.' }),
  statements: z.int().nonnegative(),
  hits24h: z.int().nonnegative().meta({ description: 'Decisions by it in the last 24 hours.' }),
  stopped24h: z.int().nonnegative().meta({ description: 'Acts that it blocked in the last 24 hours.' }),
  waivers: z.int().nonnegative().meta({ description: 'Waivers that hold.' }),
});
export type PolicyRow = z.infer<typeof PolicyRow>;

/** A line of a difference between two texts. */
export const DiffLine = z.object({
  kind: z.enum(['same', 'added', 'removed']),
  text: z.string(),
  fromLine: z.int().positive().optional(),
  toLine: z.int().positive().optional(),
});
export type DiffLine = z.infer<typeof DiffLine>;

/** What differs between two versions of a policy, in lines and in meaning. */
export const PolicyDiff = z.object({
  fromVersion: z.int().positive().optional().meta({ description: 'Absent for a policy that is new.' }),
  toVersion: z.int().positive(),
  lines: z.array(DiffLine),
  statements: z.array(
    z.object({
      id: z.string(),
      change: z.enum(['added', 'removed', 'stricter', 'milder', 'condition', 'text']),
      fromEffect: Effect.optional(),
      toEffect: Effect.optional(),
    }),
  ),
});
export type PolicyDiff = z.infer<typeof PolicyDiff>;
