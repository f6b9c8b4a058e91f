import { z } from 'zod';
import { Timestamp } from './activity.ts';
import { field } from './field.ts';
import { Script } from './script.ts';

/** Somebody of the company's directory: not an account of the console. */
export const DirectoryPerson = z.object({
  id: field(z.uuid(), { description: 'Id.', sensitivity: 'public' }),
  userName: field(z.string(), { description: 'Name in the directory.', sensitivity: 'internal' }),
  displayName: field(z.string(), { description: 'Name for people.', sensitivity: 'internal' }),
  department: field(z.string().optional(), { description: 'Department.', sensitivity: 'internal' }),
  manager: field(z.string().optional(), { description: 'userName of the manager.', sensitivity: 'internal' }),
  accounts: field(z.array(z.string()), {
    description: 'Names of accounts on computers, in small letters, without their domain.',
    sensitivity: 'internal',
  }),
  status: field(z.enum(['active', 'left']), { description: 'Whether they work here.', sensitivity: 'internal' }),
  leftAt: field(Timestamp.optional(), { description: 'When they left.', sensitivity: 'internal' }),
  source: field(z.enum(['hand', 'csv', 'scim']), { description: 'Where this is from.', sensitivity: 'public' }),
  updatedAt: field(Timestamp, { description: 'Last change.', sensitivity: 'public' }),
});
export type DirectoryPerson = z.infer<typeof DirectoryPerson>;

const COUNT = z.int().nonnegative();

/** What is to become of a script whose person left. */
export const LeaverMeasure = z.enum(['hand-over', 'freeze', 'retire']);
export type LeaverMeasure = z.infer<typeof LeaverMeasure>;

/** What somebody decided on a script of a person who left. */
export const LeaverDecision = z.object({
  scriptId: Script.shape.id,
  measure: LeaverMeasure,
  custodian: z.string().optional().meta({ description: 'Person or department that answers for it from now on.' }),
  note: z.string().optional(),
  decidedBy: z.string(),
  decidedAt: Timestamp,
});
export type LeaverDecision = z.infer<typeof LeaverDecision>;

/** A schedule that starts Python, as the inventory of a computer shows it. */
export const LeaverSchedule = z.object({
  hostName: z.string(),
  kind: z.string(),
  when: z.string(),
  source: z.string(),
  user: z.string().optional(),
  script: z.string().meta({ description: 'Script, module or program that it starts.' }),
});
export type LeaverSchedule = z.infer<typeof LeaverSchedule>;

/** What a company's document says of somebody. */
export const KnownPerson = z.strictObject({
  userName: z.string().min(1).max(255),
  displayName: z.string().min(1).max(255).optional(),
  department: z.string().max(255).optional(),
  manager: z.string().max(255).optional(),
  accounts: z.array(z.string().min(1).max(255)).max(20).optional(),
  status: z.enum(['active', 'left']).optional(),
  leftAt: Timestamp.optional(),
});
export type KnownPerson = z.infer<typeof KnownPerson>;

/** A script of a person, seen from the day they leave. */
export const LeaverScript = z.object({
  scriptId: Script.shape.id,
  name: z.string(),
  path: z.string().optional(),
  sha256: z.string().optional(),
  runs: COUNT,
  runsByPerson: COUNT,
  otherUsers: z.array(z.string()).meta({ description: 'Other accounts that ran it.' }),
  machines: z.array(z.string()),
  lastRunAt: Timestamp,
  isOwner: z.boolean().meta({ description: 'They are said to own it.' }),
  isOnlyTheirs: z.boolean().meta({
    description: 'Nobody else ran it, or they own it and one account alone runs it: a single point of failure.',
  }),
  isInVault: z.boolean(),
  schedules: z.array(LeaverSchedule),
  decision: LeaverDecision.optional(),
});
export type LeaverScript = z.infer<typeof LeaverScript>;

/** A credential that the person's scripts used: whoever left may still know it. */
export const LeaverSecret = z.object({
  subject: z.string().meta({ description: 'Keyed hash of a credential, or a database account.' }),
  kind: z.enum(['credential', 'database-account']),
  title: z.string(),
  scripts: z.array(z.string()),
  rotatedAt: Timestamp.optional(),
  rotatedBy: z.string().optional(),
});
export type LeaverSecret = z.infer<typeof LeaverSecret>;

/** Something that the person's runs touched. */
export const LeaverReach = z.object({
  type: z.string(),
  target: z.string(),
  detail: z.string(),
  database: z.string(),
  runs: COUNT,
  rows: COUNT,
  bytes: COUNT,
  lastSeenAt: Timestamp,
});
export type LeaverReach = z.infer<typeof LeaverReach>;

/** All that hangs on one person. */
export const LeaverReport = z.object({
  person: DirectoryPerson,
  madeAt: Timestamp,
  since: Timestamp.meta({ description: 'Runs and data from here on count.' }),
  scripts: z.array(LeaverScript),
  schedules: z
    .array(LeaverSchedule)
    .meta({ description: 'Still there and started under their account, or start one of their scripts.' }),
  secrets: z.array(LeaverSecret),
  reach: z.array(LeaverReach).meta({ description: 'At most 500, each type with a fair share.' }),
  reachTotal: COUNT,
  undecided: COUNT.meta({ description: 'Scripts that nobody decided on yet.' }),
  notRotated: COUNT,
});
export type LeaverReport = z.infer<typeof LeaverReport>;

/** What was left, who took it over, and who says so. */
export const LeaverCertificate = z.object({
  id: z.uuid(),
  issuedAt: Timestamp,
  issuedBy: z.string(),
  report: LeaverReport,
  sha256: z.string().meta({
    description: 'SHA-256 over the canonical JSON (RFC 8785) of the rest: it stands on the printed page as well.',
  }),
});
export type LeaverCertificate = z.infer<typeof LeaverCertificate>;
