import { Analysis, PackageVerdict } from '@sentinel/protocol';
import { z } from 'zod';
import { Baseline } from './baseline.ts';

const CLOCK = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time such as 08:30');
const DAY = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

/** Hours in which people of a department work. */
export const WorkCalendar = z.strictObject({
  name: z.string().optional(),
  days: z.array(DAY).min(1).default(['mon', 'tue', 'wed', 'thu', 'fri']),
  from: CLOCK.default('07:00'),
  /** Exclusive; before `from` it is on the next day. */
  to: CLOCK.default('19:00'),
  /** IANA name of the endpoint's time zone. */
  timeZone: z.string().refine(isTimeZone, 'an IANA time zone such as Europe/Berlin'),
  /** Days off, as dates in that zone. */
  holidays: z.array(z.iso.date()).default([]),
});
export type WorkCalendar = z.infer<typeof WorkCalendar>;

/** Hours in which this script may run although nobody works then. */
export const ApprovedSchedule = z.strictObject({
  days: z.array(DAY).min(1).optional(),
  from: CLOCK,
  to: CLOCK,
  approvedBy: z.string().min(1),
  until: z.iso.date().optional(),
});
export type ApprovedSchedule = z.infer<typeof ApprovedSchedule>;

/** What lies at a place, on the company's word. */
export const PlaceLabels = z.strictObject({
  /** path: glob of a file; table: its name; database: glob of its name; host: name with all below it. */
  kind: z.enum(['path', 'table', 'database', 'host']),
  match: z.string().min(1),
  /** Such as customer, personal, financial, health; or a kind such as iban. */
  labels: z.array(z.string().min(1)).min(1),
  /** What people call it. */
  name: z.string().optional(),
  /** share: other people's files lie there too. */
  place: z.enum(['share']).optional(),
});
export type PlaceLabels = z.infer<typeof PlaceLabels>;

/** A finding that somebody accepted. */
export const Approval = z.strictObject({
  ruleId: z.string().min(1),
  /** Fingerprint; without one, every finding of the rule. */
  fingerprint: z.string().optional(),
  approvedBy: z.string().min(1),
  reason: z.string().min(3),
  until: z.iso.date(),
});
export type Approval = z.infer<typeof Approval>;

/** Where a credential of the source is used. */
export const SecretUse = z.strictObject({
  /** Line of the credential. */
  line: z.int().positive(),
  /** Name it is bound to. */
  name: z.string().optional(),
  /** First and last line of each statement that uses it. */
  statements: z.array(z.strictObject({ from: z.int().positive(), to: z.int().positive(), isDirect: z.boolean() })),
});
export type SecretUse = z.infer<typeof SecretUse>;

/** From where on something is much. */
export const Limits = z.strictObject({
  /** Rows of one database or table in a run. */
  bulkRows: z.int().positive().default(10_000),
  /** The same where they are labelled. */
  bulkLabelledRows: z.int().positive().default(1_000),
  /** Bytes that count as sending something on. */
  sentBytes: z.int().positive().default(4_096),
  tokens: z.int().positive().default(200_000),
  promptCharacters: z.int().positive().default(1_000_000),
  cpuMs: z
    .int()
    .positive()
    .default(30 * 60_000),
  memoryBytes: z.int().positive().default(8_000_000_000),
  /** Requests to one host, or statements to one database. */
  requests: z.int().positive().default(5_000),
  requestsPerSecond: z.number().positive().default(20),
  /** Days after which a copy that still lies there is worse. */
  copyDays: z.int().positive().default(7),
});
export type Limits = z.infer<typeof Limits>;

/** What is known besides the run. All of it may be missing; what a rule needs and has not, it does not judge. */
export const JudgeContext = z.strictObject({
  script: z
    .strictObject({
      /** Id of the family: all copies and versions. */
      family: z.string().optional(),
      sanction: z.enum(['unreviewed', 'monitored', 'sanctioned', 'unsanctioned', 'retired']).optional(),
      /** Confirmed owner; null where it is known that there is none. */
      owner: z.string().nullable().optional(),
      isOwnerGone: z.boolean().optional(),
    })
    .default({}),
  calendar: WorkCalendar.optional(),
  schedules: z.array(ApprovedSchedule).default([]),
  labels: z.array(PlaceLabels).default([]),
  /** Labels of files that earlier runs wrote, by path. */
  fileLabels: z.record(z.string(), z.array(z.string())).default({}),
  /** Databases (globs) and hosts that belong to a business application. */
  businessSystems: z.array(z.strictObject({ match: z.string().min(1), name: z.string().min(1) })).default([]),
  hosts: z
    .strictObject({
      internal: z.array(z.string()).default([]),
      approved: z.array(z.string()).default([]),
      personalCloud: z.array(z.string()).default([]),
      messaging: z.array(z.string()).default([]),
    })
    .prefault({}),
  /** Mail domains of the company. */
  mailDomains: z.array(z.string()).default([]),
  ai: z
    .strictObject({
      /** Names of providers, or hosts with all below them; absent: nothing is judged. */
      approved: z.array(z.string()).optional(),
      /** Whether a model on this computer or in the own network needs no approval. */
      isLocalApproved: z.boolean().default(true),
    })
    .prefault({}),
  packageVerdicts: z.array(PackageVerdict).default([]),
  analysis: Analysis.optional(),
  secretUses: z.array(SecretUse).default([]),
  baseline: Baseline.optional(),
  /** Files that earlier runs wrote and that were seen again. */
  leftFiles: z
    .array(z.strictObject({ path: z.string(), ageDays: z.int().nonnegative(), labels: z.array(z.string()).min(1) }))
    .default([]),
  approvals: z.array(Approval).default([]),
  limits: Limits.prefault({}),
});
export type JudgeContext = z.infer<typeof JudgeContext>;

/** What a caller has to give: nothing. */
export type JudgeContextInput = z.input<typeof JudgeContext>;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
