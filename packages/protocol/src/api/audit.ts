import { z } from 'zod';
import { field } from '../field.ts';
import { defineOperation } from '../operation.ts';
import { PageQuery, pageOf } from '../page.ts';

const Moment = z.iso.datetime({ precision: 3 });

/** What a person or a service did, as the chain keeps it. */
export const AuditRecord = z.object({
  number: field(z.int().positive(), {
    description: 'Place in the chain, from 1 without a gap.',
    sensitivity: 'public',
  }),
  at: field(Moment, { description: 'When.', sensitivity: 'public' }),
  actor: field(
    z.object({
      id: z.string(),
      name: z.string(),
      role: z.string().optional(),
      roles: z.array(z.string()).optional(),
      isToken: z.boolean().optional(),
    }),
    { description: 'Account that acted; system for the server itself.', sensitivity: 'internal', source: 'OCSF actor' },
  ),
  action: field(z.string(), { description: 'Noun and verb, such as policy.publish.', sensitivity: 'public' }),
  object: field(z.object({ kind: z.string(), id: z.string() }), {
    description: 'What it was done to.',
    sensitivity: 'internal',
  }),
  before: field(z.unknown().optional(), { description: 'State before.', sensitivity: 'internal' }),
  after: field(z.unknown().optional(), { description: 'State after.', sensitivity: 'internal' }),
  reason: field(z.string().optional(), { description: 'Why, in the words of the actor.', sensitivity: 'internal' }),
  origin: field(
    z.object({
      address: z.string().optional(),
      session: z.string().optional(),
      client: z.string().optional(),
      requestId: z.string().optional(),
    }),
    { description: 'Address, session or token, client and request.', sensitivity: 'internal' },
  ),
});
export type AuditRecord = z.infer<typeof AuditRecord>;

/** A record with what proves it. */
export const ChainedAuditRecord = z.object({
  number: z.int().positive(),
  content: field(z.string(), {
    description: 'The record as canonical JSON, with the hash of the record before it.',
    sensitivity: 'internal',
    source: 'RFC 8785',
  }),
  hash: field(z.string(), {
    description: 'SHA-256 over a zero byte and the content, in hex.',
    sensitivity: 'public',
    source: 'RFC 6962, 2.1',
  }),
});
export type ChainedAuditRecord = z.infer<typeof ChainedAuditRecord>;

/** The end of the chain at a time; keep it elsewhere to prove later that nothing before it changed. */
export const AuditHead = z.object({
  number: z.int().nonnegative().meta({ description: '0 for an empty chain.' }),
  hash: z.string(),
  at: Moment,
});
export type AuditHead = z.infer<typeof AuditHead>;

/** Filters of the list of records. */
export const AuditQuery = z.object({
  actor: z.string().max(200).optional().meta({ description: 'Account name or id.' }),
  action: z
    .string()
    .max(100)
    .regex(/^[a-z0-9.-]+$/)
    .optional()
    .meta({ description: 'Action, or its beginning up to a dot.' }),
  objectKind: z.string().max(100).optional(),
  objectId: z.string().max(500).optional(),
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
});
export type AuditQuery = z.infer<typeof AuditQuery>;

export const listAuditRecords = defineOperation({
  id: 'listAuditRecords',
  method: 'GET',
  path: '/audit/records',
  permission: 'audit.read',
  summary: 'What people and services did, newest first. Reading it is recorded too.',
  query: AuditQuery.extend(PageQuery.shape),
  response: pageOf(AuditRecord.extend({ hash: z.string() })),
});

export const getAuditHead = defineOperation({
  id: 'getAuditHead',
  method: 'GET',
  path: '/audit/head',
  permission: 'audit.read',
  summary: 'The end of the chain.',
  response: AuditHead,
});

export const exportAuditRecords = defineOperation({
  id: 'exportAuditRecords',
  method: 'GET',
  path: '/audit/export',
  permission: 'audit.read',
  summary: 'The chain itself, record by record in its order, for a verifier.',
  query: z.object({ after: z.coerce.number().int().nonnegative().default(0) }),
  response: ChainedAuditRecord,
  stream: true,
});

/** A question: who accessed what, when. At least one of person, data, script and machine is given. */
export const AuditQuestion = z.object({
  who: z.string().max(200).optional().meta({ description: 'Account of an operating system or of Sentinel.' }),
  what: z.string().max(500).optional().meta({ description: 'Text in a file, table, host, program or object.' }),
  kind: z
    .enum(['file', 'database', 'network', 'ai', 'program'])
    .optional()
    .meta({ description: 'Kind of thing that a script touched.' }),
  script: z.string().max(500).optional().meta({ description: 'Id of a script, or text in its name or path.' }),
  endpointId: z.uuid().optional(),
  since: z.iso.datetime().optional(),
  until: z.iso.datetime().optional(),
});
export type AuditQuestion = z.infer<typeof AuditQuestion>;

/** One access: a script touched a thing, or a person did something in Sentinel. */
export const AuditAnswer = z.object({
  at: Moment.meta({ description: 'First time.' }),
  until: Moment.meta({ description: 'Last time; the same for an act.' }),
  source: z.enum(['activity', 'act']),
  who: field(z.string(), { description: 'Account.', sensitivity: 'internal' }),
  how: z.string().meta({ description: 'Activity type, or action of the act.' }),
  detail: z.string().meta({ description: 'Operation, method or kind of object.' }),
  what: field(z.string(), { description: 'File, table, host, program or object.', sensitivity: 'internal' }),
  script: z.object({ id: z.string(), name: z.string() }).optional(),
  endpointId: z.uuid().optional(),
  hostName: z.string().optional(),
  runId: z.uuid().optional(),
  recordNumber: z.int().positive().optional(),
  count: z.int().nonnegative(),
  bytesIn: z.int().nonnegative(),
  bytesOut: z.int().nonnegative(),
  rows: z.int().nonnegative(),
});
export type AuditAnswer = z.infer<typeof AuditAnswer>;

/** Most rows of an answer. */
export const MAX_ANSWERS = 10_000;

export const answerAudit = defineOperation({
  id: 'answerAudit',
  method: 'GET',
  path: '/audit/answer',
  permission: 'audit.read',
  summary: 'Who accessed what, when: from what scripts did and from what people did. The question is recorded.',
  query: AuditQuestion.extend({ limit: z.coerce.number().int().min(1).max(MAX_ANSWERS).default(500) }),
  response: z.object({
    items: z.array(AuditAnswer).meta({ description: 'Newest first.' }),
    total: z.int().nonnegative().meta({ description: 'Rows that match, shown or not.' }),
    since: Moment,
    until: Moment,
    coverage: z
      .object({
        endpoints: z.int().nonnegative(),
        reporting: z.int().nonnegative(),
        oldestActivityAt: Moment.optional().meta({ description: 'What is older was not kept, or never seen.' }),
      })
      .meta({ description: 'How much of the fleet the answer rests on.' }),
  }),
});
