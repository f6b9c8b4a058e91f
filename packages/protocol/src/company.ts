import { z } from 'zod';
import { PackageVerdict } from './analysis.ts';
import { field } from './field.ts';
import { KnownPerson, LeaverSchedule } from './person.ts';

const CLOCK = z.string().regex(/^(?:[01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time such as 08:30');
const DAY = z.enum(['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun']);

/** Hours in which people of a department work. */
export const WorkCalendar = z.strictObject({
  name: z.string().max(100).optional(),
  days: z.array(DAY).min(1).default(['mon', 'tue', 'wed', 'thu', 'fri']),
  from: CLOCK.default('07:00'),
  to: CLOCK.default('19:00').meta({ description: 'Exclusive; before `from` it is on the next day.' }),
  timeZone: z
    .string()
    .refine(isTimeZone, 'an IANA time zone such as Europe/Berlin')
    .meta({ description: 'IANA name of the time zone of endpoints that tell none, or UTC.' }),
  holidays: z.array(z.iso.date()).default([]).meta({ description: 'Days off, as dates in that zone.' }),
});
export type WorkCalendar = z.infer<typeof WorkCalendar>;

/** Hours in which a script may run although nobody works then. */
export const ApprovedSchedule = z.strictObject({
  days: z.array(DAY).min(1).optional(),
  from: CLOCK,
  to: CLOCK,
  approvedBy: z.string().min(1).max(200),
  until: z.iso.date().optional(),
});
export type ApprovedSchedule = z.infer<typeof ApprovedSchedule>;

/** What lies at a place, on the company's word. */
export const PlaceLabels = z.strictObject({
  kind: field(z.enum(['path', 'table', 'database', 'host', 'column']), {
    description:
      'path: glob of a file; table: its name; database: glob of its name; host: name with all below it; column: name of a column or key.',
    sensitivity: 'public',
  }),
  match: field(z.string().min(1).max(500), { description: 'What it is compared with.', sensitivity: 'internal' }),
  labels: field(z.array(z.string().min(1).max(60)).min(1).max(20), {
    description: 'Such as customer, personal, financial, health; or a kind such as iban; or one of your own.',
    sensitivity: 'public',
  }),
  name: field(z.string().max(200).optional(), { description: 'What people call it.', sensitivity: 'internal' }),
  place: field(z.enum(['share']).optional(), {
    description: "share: other people's files lie there too.",
    sensitivity: 'public',
  }),
});
export type PlaceLabels = z.infer<typeof PlaceLabels>;

/** Whether a company let a script be. */
export const Sanction = z.enum(['unreviewed', 'monitored', 'sanctioned', 'unsanctioned', 'retired']);
export type Sanction = z.infer<typeof Sanction>;

/** A department with its working hours. */
export const Department = z.strictObject({
  id: field(
    z
      .string()
      .regex(/^[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?$/, 'small letters, digits and hyphens')
      .meta({ examples: ['finance'] }),
    { description: 'Short name.', sensitivity: 'internal' },
  ),
  name: field(z.string().min(1).max(200), { description: 'For people.', sensitivity: 'internal' }),
  custodian: field(z.string().max(200).optional(), {
    description: 'Who answers for scripts whose owner has left.',
    sensitivity: 'internal',
  }),
  calendar: field(WorkCalendar.optional(), {
    description: 'Working hours; without them no hours are judged.',
    sensitivity: 'internal',
  }),
  schedules: field(z.array(ApprovedSchedule).max(100).default([]), {
    description: 'Hours in which its scripts may run although nobody works then.',
    sensitivity: 'internal',
  }),
});
export type Department = z.infer<typeof Department>;

/** Which department answers for which scripts, and what it said of them; the first that fits counts. */
export const Responsibility = z.strictObject({
  kind: field(z.enum(['path', 'user', 'host']), {
    description: 'path: glob of the script; user: account that runs it; host: name of the computer.',
    sensitivity: 'public',
  }),
  match: field(z.string().min(1).max(500), { description: 'What it is compared with.', sensitivity: 'internal' }),
  departmentId: field(z.string().max(64).optional(), { description: 'Department.', sensitivity: 'internal' }),
  owner: field(z.string().max(200).nullable().optional(), {
    description: 'Who owns the scripts; null: it is known that nobody does.',
    sensitivity: 'internal',
  }),
  sanction: field(Sanction.optional(), {
    description: 'State of the scripts unless somebody decided about one.',
    sensitivity: 'public',
  }),
});
export type Responsibility = z.infer<typeof Responsibility>;

/** What holds for the whole company. */
export const CompanySettings = z.strictObject({
  businessSystems: z
    .array(z.strictObject({ match: z.string().min(1), name: z.string().min(1) }))
    .max(1000)
    .default([])
    .meta({ description: 'Databases (globs) and hosts that belong to a business application.' }),
  hosts: z
    .strictObject({
      internal: z.array(z.string()).max(1000).default([]),
      approved: z.array(z.string()).max(1000).default([]),
      personalCloud: z.array(z.string()).max(1000).default([]),
      messaging: z.array(z.string()).max(1000).default([]),
    })
    .prefault({}),
  mailDomains: z.array(z.string()).max(1000).default([]).meta({ description: 'Mail domains of the company.' }),
  ai: z
    .strictObject({
      approved: z.array(z.string()).max(1000).optional().meta({
        description: 'Names of approved providers, or hosts with all below them; absent: nothing is judged.',
      }),
      isLocalApproved: z
        .boolean()
        .default(true)
        .meta({ description: 'Whether a model on this computer or in the own network needs no approval.' }),
    })
    .prefault({}),
  sampling: z
    .strictObject({
      files: z.array(z.string().min(1).max(500)).max(200).default([]).meta({
        description:
          'Globs of data files that agents may look into when a script opens one; empty: none. Only kinds and counts leave the endpoint.',
      }),
    })
    .prefault({}),
  limits: z.record(z.string(), z.number().positive()).default({}).meta({
    description: 'From where on something is much, by the names of the detector; absent ones keep their default.',
  }),
});
export type CompanySettings = z.infer<typeof CompanySettings>;

/** All that a company says of itself, as one document: configuration as code. */
export const CompanyDocument = z.strictObject({
  source: field(z.string().regex(/^[a-z0-9-]{1,60}$/), {
    description: 'Name of the document: what an earlier one of the same name said is replaced.',
    sensitivity: 'public',
  }),
  departments: z.array(Department).max(1000).default([]),
  responsibilities: z.array(Responsibility).max(10_000).default([]),
  places: z.array(PlaceLabels).max(10_000).default([]),
  settings: CompanySettings.optional(),
  packageVerdicts: z.array(PackageVerdict).max(50_000).default([]),
  people: z.array(KnownPerson).max(100_000).default([]).meta({ description: 'People of the directory.' }),
  knownSchedules: z.array(LeaverSchedule).max(10_000).default([]).meta({
    description: 'What starts scripts by the clock and no inventory shows: job servers, schedulers elsewhere.',
  }),
});
export type CompanyDocument = z.infer<typeof CompanyDocument>;

function isTimeZone(name: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: name }).resolvedOptions().timeZone !== '';
  } catch {
    return false;
  }
}
