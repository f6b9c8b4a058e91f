import { z } from 'zod';
import { Timestamp } from '../activity.ts';
import { field } from '../field.ts';
import { Confidence, Evidence, Severity } from '../finding.ts';
import { defineOperation } from '../operation.ts';
import { PageQuery, pageOf } from '../page.ts';

/**
 * Where a finding stands.
 *
 * - `open`: nobody decided about it.
 * - `accepted`: somebody takes the risk, until a date; then it is open again.
 * - `fixed`: somebody says that it is mended; seen again in a later run it is `regressed`.
 */
export const FindingState = z.enum(['open', 'accepted', 'fixed', 'regressed']);
export type FindingState = z.infer<typeof FindingState>;

/** A finding in a list: one thing, however often it was seen. */
export const FindingRow = z.object({
  id: z.uuid(),
  fingerprint: z.string(),
  ruleId: z.string(),
  title: field(z.string(), { description: 'One sentence for people, of the latest run.', sensitivity: 'internal' }),
  severity: Severity,
  confidence: Confidence,
  techniques: z.array(z.string()),
  controls: z.array(z.string()),
  state: FindingState,
  acceptedUntil: Timestamp.optional(),
  owner: field(z.string().optional(), { description: 'Who sees to it.', sensitivity: 'internal' }),
  familyId: z.string(),
  scriptId: z.string(),
  scriptName: z.string(),
  userName: z.string(),
  hostName: z.string(),
  endpointId: z.uuid(),
  departmentId: z.string().optional(),
  firstSeenAt: Timestamp,
  lastSeenAt: Timestamp,
  occurrences: z.int().nonnegative().meta({ description: 'Runs that raised it.' }),
  lastRunId: z.uuid(),
});
export type FindingRow = z.infer<typeof FindingRow>;

/** Filters of the list of findings; the same names stand in the console's URL. */
export const FindingQuery = z.object({
  q: z.string().max(200).optional().meta({ description: 'Text in the sentence or the name of the script.' }),
  state: z
    .enum(['unsettled', 'open', 'accepted', 'fixed', 'regressed', 'all'])
    .default('unsettled')
    .meta({ description: 'unsettled: open or regressed.' }),
  severity: Severity.optional(),
  leastSeverity: Severity.optional(),
  ruleId: z.string().max(100).optional(),
  familyId: z.string().max(100).optional(),
  endpointId: z.uuid().optional(),
  userName: z.string().max(128).optional(),
  departmentId: z.string().max(64).optional(),
  owner: z.string().max(200).optional(),
  runId: z.uuid().optional().meta({ description: 'Raised by this run.' }),
  since: z.iso.datetime().optional().meta({ description: 'Last seen at or after.' }),
  until: z.iso.datetime().optional().meta({ description: 'Last seen before.' }),
});
export type FindingQuery = z.infer<typeof FindingQuery>;

/** What changes about a finding. */
export const FindingChange = z
  .strictObject({
    state: z.enum(['open', 'accepted', 'fixed']).optional(),
    acceptedUntil: z.iso
      .date()
      .optional()
      .meta({ description: 'Last day; accepting needs one, at most a year ahead.' }),
    owner: z.string().max(200).nullable().optional(),
    note: z.string().min(1).max(2000).optional(),
    reason: z.string().min(3).max(2000).optional().meta({ description: 'Accepting needs one.' }),
  })
  .refine((change) => Object.keys(change).length > 0, 'it changes nothing');
export type FindingChange = z.infer<typeof FindingChange>;

const FindingId = z.object({ findingId: z.uuid() });

const FindingDetail = FindingRow.extend({
  evidence: z.array(Evidence).meta({ description: 'Of the latest run.' }),
  advice: z.string().optional(),
  misses: z.string().optional().meta({ description: 'What the rule cannot see.' }),
  ruleTitle: z.string(),
  references: z.array(z.string()),
  runs: z
    .array(
      z.object({
        runId: z.uuid(),
        endpointId: z.uuid(),
        hostName: z.string(),
        userName: z.string(),
        seenAt: Timestamp,
        title: z.string(),
        severity: Severity,
        evidence: z.array(Evidence),
      }),
    )
    .meta({ description: 'Latest first, at most 50.' }),
  history: z
    .array(z.object({ at: Timestamp, who: z.string(), kind: z.string(), content: z.record(z.string(), z.unknown()) }))
    .meta({ description: 'Latest first.' }),
});
export type FindingDetail = z.infer<typeof FindingDetail>;

export const listFindings = defineOperation({
  id: 'listFindings',
  method: 'GET',
  path: '/findings',
  permission: 'read',
  summary: 'Findings, the worst and latest first.',
  query: FindingQuery.extend(PageQuery.shape),
  response: pageOf(FindingRow).extend({
    bySeverity: z
      .object({
        low: z.int().nonnegative(),
        medium: z.int().nonnegative(),
        high: z.int().nonnegative(),
        critical: z.int().nonnegative(),
      })
      .meta({ description: 'Over all pages, with the filters but for that of severity.' }),
  }),
});

export const getFinding = defineOperation({
  id: 'getFinding',
  method: 'GET',
  path: '/findings/:findingId',
  permission: 'read',
  summary: 'One finding with its evidence, runs and history.',
  params: FindingId,
  response: FindingDetail,
});

export const updateFinding = defineOperation({
  id: 'updateFinding',
  method: 'PUT',
  path: '/findings/:findingId',
  permission: 'finding.write',
  summary: 'Decide about a finding, or note something. Accepting needs an end date and a reason.',
  params: FindingId,
  body: FindingChange,
  response: FindingRow,
});

export const updateFindings = defineOperation({
  id: 'updateFindings',
  method: 'POST',
  path: '/findings/change',
  permission: 'finding.write',
  summary: 'The same decision about many findings.',
  body: z.object({ ids: z.array(z.uuid()).min(1).max(500), change: FindingChange }),
  response: z.object({ changed: z.int().nonnegative(), missing: z.array(z.uuid()) }),
});

export const exportFindings = defineOperation({
  id: 'exportFindings',
  method: 'GET',
  path: '/findings/export',
  permission: 'read',
  summary: 'All findings that match, one after the other, for files.',
  query: FindingQuery,
  response: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('finding'), finding: FindingRow }),
    z
      .object({ kind: z.literal('end'), count: z.int().nonnegative(), sha256: z.string() })
      .meta({ description: 'The last event: how many there were, and the SHA-256 over their JSON lines.' }),
  ]),
  stream: true,
});

export const listNotifications = defineOperation({
  id: 'listNotifications',
  method: 'GET',
  path: '/notifications',
  permission: 'read',
  summary: 'New and regressed findings, latest first: at most one a finding and day.',
  query: z.object({ limit: z.coerce.number().int().min(1).max(200).default(50) }),
  response: z.object({
    items: z.array(
      z.object({
        findingId: z.uuid(),
        kind: z.enum(['new', 'regressed']),
        title: z.string(),
        severity: Severity,
        at: Timestamp,
      }),
    ),
  }),
});
