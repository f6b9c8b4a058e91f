import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { PageQuery, pageOf } from '../page.ts';

/** What is kept for a time of its own. */
export const RetentionClass = z.enum(['activities', 'runs', 'rollups', 'findings', 'vault', 'audit', 'quarantine']);
export type RetentionClass = z.infer<typeof RetentionClass>;

const Day = z.iso.date();
const Rows = z.int().nonnegative();

/** How long one class is kept. */
const RetentionRule = z.object({
  class: RetentionClass,
  keepDays: z.int().positive().nullable().meta({ description: 'Days from when it was seen; null for always.' }),
  shortestDays: z.int().positive().meta({ description: 'Fewer than that cannot be set.' }),
  isDefault: z.boolean(),
  changedAt: z.iso.datetime().optional(),
  changedBy: z.string().optional(),
});

/** One day of what would go, or has gone. */
const DisposalDay = z.object({
  day: Day,
  rows: Rows.meta({ description: 'That go, or have gone.' }),
  held: Rows.meta({ description: 'That stay because of a legal hold.' }),
});

/** Proof that rows were disposed of: each is bound to the one before by its hash. */
const Disposal = z.object({
  id: z.uuid(),
  class: RetentionClass,
  before: z.iso.datetime().meta({ description: 'Everything seen before that was due.' }),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  removed: Rows,
  held: Rows,
  days: z.array(DisposalDay),
  previous: z.string().meta({ description: 'Hash of the proof before this one.' }),
  hash: z.string().meta({ description: 'SHA-256 over this proof without its hash, as canonical JSON (RFC 8785).' }),
});
export type Disposal = z.infer<typeof Disposal>;

/** What must stay whatever its age, until the hold is released. What is not said holds for every one. */
const HoldScope = z.object({
  userName: z.string().min(1).max(256).optional(),
  scriptId: z.string().min(1).max(128).optional(),
  endpointId: z.uuid().optional(),
  from: z.iso.datetime().optional(),
  to: z.iso.datetime().optional(),
});

const LegalHold = HoldScope.extend({
  id: z.uuid(),
  name: z.string(),
  reason: z.string(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  releasedAt: z.iso.datetime().optional(),
  releasedBy: z.string().optional(),
});
export type LegalHold = z.infer<typeof LegalHold>;

const Reason = z.string().min(1).max(1_000);
const ClassParams = z.object({ class: RetentionClass });

export const getRetention = defineOperation({
  id: 'getRetention',
  method: 'GET',
  path: '/retention',
  permission: 'retention.manage',
  summary: 'How long each class is kept.',
  response: z.object({ rules: z.array(RetentionRule) }),
});

export const setRetention = defineOperation({
  id: 'setRetention',
  method: 'PUT',
  path: '/retention/:class',
  permission: 'retention.manage',
  summary: 'Change how long a class is kept. Nothing goes before the next disposal.',
  params: ClassParams,
  body: z.object({ keepDays: z.int().positive().max(36_500).nullable(), reason: Reason }),
  response: RetentionRule,
});

export const previewDisposal = defineOperation({
  id: 'previewDisposal',
  method: 'GET',
  path: '/retention/:class/preview',
  permission: 'retention.manage',
  summary: 'What a disposal of a class would remove now, day by day; also for a time that is not set.',
  params: ClassParams,
  query: z.object({ keepDays: z.coerce.number().int().positive().max(36_500).optional() }),
  response: z.object({
    class: RetentionClass,
    before: z.iso.datetime().optional().meta({ description: 'Absent where the class is kept always.' }),
    days: z.array(DisposalDay),
    rows: Rows,
    held: Rows,
  }),
});

export const disposeNow = defineOperation({
  id: 'disposeNow',
  method: 'POST',
  path: '/retention/:class/disposals',
  permission: 'retention.manage',
  summary: 'Remove what is due of a class now; the job does the same every six hours.',
  params: ClassParams,
  body: z.object({ reason: Reason }),
  response: z.object({ disposal: Disposal.optional().meta({ description: 'Absent where nothing was due.' }) }),
});

export const listDisposals = defineOperation({
  id: 'listDisposals',
  method: 'GET',
  path: '/disposals',
  permission: 'retention.manage',
  summary: 'Proofs of disposals, newest first.',
  query: PageQuery,
  response: pageOf(Disposal),
});

export const listLegalHolds = defineOperation({
  id: 'listLegalHolds',
  method: 'GET',
  path: '/legal-holds',
  permission: 'retention.manage',
  summary: 'Legal holds, those in force first.',
  response: z.object({ items: z.array(LegalHold) }),
});

export const createLegalHold = defineOperation({
  id: 'createLegalHold',
  method: 'POST',
  path: '/legal-holds',
  permission: 'retention.manage',
  summary: 'Keep what matches from every disposal until the hold is released.',
  body: HoldScope.extend({ name: z.string().min(1).max(200), reason: Reason }).refine(
    ({ userName, scriptId, endpointId, from, to }) =>
      [userName, scriptId, endpointId, from, to].some((part) => part !== undefined),
    'a hold names a person, a script, an endpoint or a time',
  ),
  response: LegalHold,
});

export const releaseLegalHold = defineOperation({
  id: 'releaseLegalHold',
  method: 'POST',
  path: '/legal-holds/:holdId/release',
  permission: 'retention.manage',
  summary: 'Release a hold: what it kept may go at the next disposal.',
  params: z.object({ holdId: z.uuid() }),
  body: z.object({ reason: Reason }),
  response: LegalHold,
});
