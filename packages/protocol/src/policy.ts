import { z } from 'zod';
import { Effect } from './decision.ts';
import { field } from './field.ts';

/** Whether decisions are only reported or also carried out. */
export const PolicyMode = z.enum(['monitor', 'enforce']);
export type PolicyMode = z.infer<typeof PolicyMode>;

/** How bad a breach of a statement is. */
export const PolicySeverity = z.enum(['info', 'low', 'medium', 'high', 'critical']);
export type PolicySeverity = z.infer<typeof PolicySeverity>;

const ID = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, 'lower-case letters, digits and hyphens, at most 64');
const DAY = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);
const CLOCK = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time such as 08:30');

/** Hours of a week, in the endpoint's own time zone. */
export const PolicyCalendar = z.strictObject({
  days: field(z.array(DAY).min(1), { description: 'Days of the week.', sensitivity: 'public' }),
  from: field(CLOCK, { description: 'Start of each day, inclusive.', sensitivity: 'public' }),
  to: field(CLOCK, {
    description: 'End of each day, exclusive; before `from` it is on the next day.',
    sensitivity: 'public',
  }),
});
export type PolicyCalendar = z.infer<typeof PolicyCalendar>;

/** An activity that a statement must or must not match; it stands in the file as its test. */
export const PolicyExample = z.strictObject({
  activity: field(z.string().optional(), {
    description: 'Activity type, where the statement speaks of several.',
    sensitivity: 'public',
  }),
  facts: field(z.record(z.string(), z.union([z.string(), z.int(), z.boolean(), z.array(z.string())])), {
    description: 'Facts by name.',
    sensitivity: 'internal',
  }),
});
export type PolicyExample = z.infer<typeof PolicyExample>;

/** One match and its effect inside a policy. */
export const PolicyStatement = z.strictObject({
  id: field(ID, { description: 'Unique within the policy.', sensitivity: 'public' }),
  title: field(z.string().optional(), { description: 'Title for people.', sensitivity: 'internal' }),
  activity: field(z.union([z.string(), z.array(z.string()).min(1)]), {
    description: 'Activity types that it speaks of.',
    sensitivity: 'public',
  }),
  effect: field(Effect, { description: 'What it asks for.', sensitivity: 'public' }),
  severity: field(PolicySeverity.default('medium'), { description: 'How bad a breach is.', sensitivity: 'public' }),
  when: field(z.string().default(''), {
    description: 'Condition in the policy language; empty matches all.',
    sensitivity: 'internal',
  }),
  except: field(z.string().optional(), {
    description: 'Condition under which it does not apply; not allowed on a floor.',
    sensitivity: 'internal',
  }),
  floor: field(z.boolean().default(false), {
    description: 'Whether nothing may lower it: no exception, no waiver, no other statement.',
    sensitivity: 'public',
  }),
  on_unknown: field(z.enum(['skip', 'match']).default('skip'), {
    description: 'What a condition counts as when facts are missing.',
    sensitivity: 'public',
  }),
  on_error: field(z.enum(['open', 'closed']).default('open'), {
    description: 'What a fault of the evaluator means; closed only with floor.',
    sensitivity: 'public',
  }),
  explain: field(z.string().min(1), {
    description: 'Explanation for the person at the keyboard.',
    sensitivity: 'internal',
  }),
  controls: field(z.array(z.string()).default([]), {
    description: 'Controls it serves, such as SOC2:CC6.8.',
    sensitivity: 'public',
  }),
  approve: field(
    z
      .strictObject({
        by: field(z.array(z.string()).min(1), { description: 'Roles that may approve.', sensitivity: 'public' }),
        hold_s: field(z.int().min(0).max(3600).default(0), {
          description: 'How long the run waits for an answer.',
          sensitivity: 'public',
          unit: 's',
        }),
        ttl_days: field(z.int().min(1).max(365).default(90), {
          description: 'How long an approval holds.',
          sensitivity: 'public',
          unit: 'd',
        }),
      })
      .optional(),
    { description: 'For the effect approve.', sensitivity: 'public' },
  ),
  waiver: field(
    z
      .strictObject({
        by: field(z.array(z.string()).min(1).max(8), {
          description: 'Facts that a waiver is bound to, at least one of them; the narrowest is best.',
          sensitivity: 'public',
        }),
        max_days: field(z.int().min(1).max(365).default(90), {
          description: 'Longest time that a waiver holds.',
          sensitivity: 'public',
          unit: 'd',
        }),
      })
      .optional(),
    {
      description: 'What waivers of this statement may be bound to; without it, to the exact version of a script.',
      sensitivity: 'public',
    },
  ),
  match: field(z.array(PolicyExample).default([]), { description: 'Examples that match.', sensitivity: 'internal' }),
  nomatch: field(z.array(PolicyExample).default([]), {
    description: 'Examples that do not match.',
    sensitivity: 'internal',
  }),
});
export type PolicyStatement = z.infer<typeof PolicyStatement>;

/** Ordered statements about activities, versioned: the form that people write. */
export const Policy = z.strictObject({
  id: field(ID, { description: 'Id of the policy.', sensitivity: 'public' }),
  version: field(z.int().positive(), { description: 'Grows with every change.', sensitivity: 'public' }),
  title: field(z.string().min(1), { description: 'Title for people.', sensitivity: 'internal' }),
  description: field(z.string().optional(), { description: 'What it is for.', sensitivity: 'internal' }),
  owner: field(z.string().optional(), { description: 'Who answers for it.', sensitivity: 'internal' }),
  mode: field(PolicyMode.default('monitor'), { description: 'monitor or enforce.', sensitivity: 'public' }),
  lists: field(z.record(z.string(), z.array(z.string())).default({}), {
    description: 'Named lists that conditions use.',
    sensitivity: 'internal',
  }),
  calendars: field(z.record(z.string(), PolicyCalendar).default({}), {
    description: 'Named hours that conditions use.',
    sensitivity: 'public',
  }),
  statements: field(z.array(PolicyStatement).min(1), { description: 'Statements in order.', sensitivity: 'internal' }),
});
export type Policy = z.infer<typeof Policy>;

/** Name of an operator of the normal form; see `packages/policy/src/operators`. */
export const PolicyOperator = z.enum([
  'contains',
  'endsWith',
  'eq',
  'ge',
  'glob',
  'gt',
  'in',
  'inNet',
  'is',
  'known',
  'le',
  'lt',
  'sizeEq',
  'sizeGe',
  'sizeGt',
  'sizeLe',
  'sizeLt',
  'startsWith',
  'under',
]);
export type PolicyOperator = z.infer<typeof PolicyOperator>;

/**
 * One question about one fact: true, false, or unknown where the fact is missing or of another type.
 * A fact that is a list answers true when any of its elements does.
 */
export const PolicyTest = z.strictObject({
  fact: field(z.string(), { description: 'Name of the fact.', sensitivity: 'public' }),
  operator: field(PolicyOperator, { description: 'Question.', sensitivity: 'public' }),
  texts: field(z.array(z.string()).optional(), {
    description: 'Texts to compare with; any of them.',
    sensitivity: 'internal',
  }),
  number: field(z.int().optional(), { description: 'Whole number to compare with.', sensitivity: 'internal' }),
  isFolded: field(z.boolean().optional(), {
    description: 'Whether A to Z count as a to z in the fact; the texts are lower-case then.',
    sensitivity: 'public',
  }),
  isNegated: field(z.boolean().optional(), {
    description: 'Whether the answer is turned round.',
    sensitivity: 'public',
  }),
});
export type PolicyTest = z.infer<typeof PolicyTest>;

/** Alternatives of questions that must all hold: or of ands, in three-valued logic. No alternative is false, an empty one true. */
export const PolicyCondition = z.array(z.array(PolicyTest));
export type PolicyCondition = z.infer<typeof PolicyCondition>;

/** A statement in the form that is evaluated. */
export const CompiledStatement = z.strictObject({
  id: field(z.string(), { description: 'Id of the statement.', sensitivity: 'public' }),
  activities: field(z.array(z.string()), { description: 'Activity types, sorted.', sensitivity: 'public' }),
  effect: field(Effect, { description: 'What it asks for.', sensitivity: 'public' }),
  severity: field(PolicySeverity, { description: 'How bad a breach is.', sensitivity: 'public' }),
  phase: field(z.enum(['before', 'after']), {
    description: 'before: all its facts are known before the act; after: some only afterwards.',
    sensitivity: 'public',
  }),
  isCacheable: field(z.boolean(), {
    description: 'Whether the same target in the same run always gets the same answer.',
    sensitivity: 'public',
  }),
  isFloor: field(z.boolean(), { description: 'Whether nothing may lower it.', sensitivity: 'public' }),
  matchesUnknown: field(z.boolean(), { description: 'on_unknown: match.', sensitivity: 'public' }),
  failsClosed: field(z.boolean(), { description: 'on_error: closed.', sensitivity: 'public' }),
  holdS: field(z.int().optional(), {
    description: 'How long to wait for an approval.',
    sensitivity: 'public',
    unit: 's',
  }),
  reason: field(z.string(), { description: 'Explanation for the person at the keyboard.', sensitivity: 'internal' }),
  when: field(PolicyCondition, { description: 'When it matches.', sensitivity: 'internal' }),
  except: field(PolicyCondition, { description: 'When it does not apply.', sensitivity: 'internal' }),
});
export type CompiledStatement = z.infer<typeof CompiledStatement>;

/** The flat normal form of a policy: the only form that is evaluated. */
export const CompiledPolicy = z.strictObject({
  id: field(z.string(), { description: 'Id of the policy.', sensitivity: 'public' }),
  version: field(z.int().positive(), { description: 'Version of the policy.', sensitivity: 'public' }),
  mode: field(PolicyMode, { description: 'monitor or enforce.', sensitivity: 'public' }),
  testCount: field(z.int().nonnegative(), {
    description: 'Most questions that one decision can ask: its cost bound.',
    sensitivity: 'public',
  }),
  statements: field(z.array(CompiledStatement), { description: 'Statements in order.', sensitivity: 'internal' }),
});
export type CompiledPolicy = z.infer<typeof CompiledPolicy>;
