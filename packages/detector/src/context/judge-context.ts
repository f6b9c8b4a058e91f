import {
  Analysis,
  ApprovedSchedule,
  PackageVerdict,
  PlaceLabels,
  Sanction,
  SecretUse,
  WorkCalendar,
} from '@sentinel/protocol';
import { z } from 'zod';
import { Baseline } from './baseline.ts';

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
      sanction: Sanction.optional(),
      /** Confirmed owner; null where it is known that there is none. */
      owner: z.string().nullable().optional(),
      /** Whether the owner left, or everybody who ever ran it, and nobody took it over. */
      isOwnerGone: z.boolean().optional(),
      /** Day on which the last of them left. */
      ownerLeftOn: z.iso.date().optional(),
      /** What still starts it by the clock. */
      activeSchedules: z
        .array(z.strictObject({ hostName: z.string(), when: z.string(), source: z.string() }))
        .optional(),
    })
    .default({}),
  calendar: WorkCalendar.optional(),
  schedules: z.array(ApprovedSchedule).default([]),
  labels: z.array(PlaceLabels).default([]),
  /** Labels of files that earlier runs wrote, by path. */
  fileLabels: z.record(z.string(), z.array(z.string())).default({}),
  /** Kinds of data that samples of files showed, by path. */
  sampledLabels: z.record(z.string(), z.array(z.string())).default({}),
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
