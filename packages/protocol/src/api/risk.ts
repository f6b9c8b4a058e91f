import { z } from 'zod';
import { field } from '../field.ts';
import { defineOperation } from '../operation.ts';
import { RiskBand, RiskShare } from '../risk.ts';

export const RiskSubjectKind = z.enum(['script', 'run', 'machine', 'department', 'company']);
export type RiskSubjectKind = z.infer<typeof RiskSubjectKind>;

/** Risk of something, with what it is made of; the points of the shares add up to the score. */
export const SubjectRisk = z.object({
  kind: RiskSubjectKind,
  subject: field(z.string(), { description: 'Id; `all` for the company.', sensitivity: 'internal' }),
  name: field(z.string(), { description: 'For people.', sensitivity: 'internal' }),
  score: z.int().min(0).max(100),
  band: RiskBand,
  method: z.string(),
  shares: z.array(
    RiskShare.extend({
      findingId: z.uuid().optional().meta({ description: 'Finding behind it.' }),
      familyId: z.string().optional().meta({ description: 'Script behind it.' }),
    }),
  ),
  lowers: z
    .array(
      z.object({
        what: z.string().meta({ description: 'What to do.' }),
        points: z.int().positive().meta({ description: 'By how much the score falls.' }),
        score: z.int().min(0).max(100).meta({ description: 'The score then.' }),
      }),
    )
    .meta({ description: 'What would lower it, the most first; each alone.' }),
  trend: z
    .array(z.object({ day: z.iso.date(), score: z.int().min(0).max(100) }))
    .meta({ description: 'One a day, oldest first, at most 90.' }),
});
export type SubjectRisk = z.infer<typeof SubjectRisk>;

export const getRisk = defineOperation({
  id: 'getRisk',
  method: 'GET',
  path: '/risk/:kind/:subject',
  permission: 'read',
  summary: 'Risk of a script, run, machine, department or the company, what it is made of, and what would lower it.',
  params: z.object({ kind: RiskSubjectKind, subject: z.string().min(1).max(100) }),
  response: SubjectRisk,
});

export const listRisks = defineOperation({
  id: 'listRisks',
  method: 'GET',
  path: '/risk/:kind',
  permission: 'read',
  summary: 'Scripts, machines or departments by risk, the highest first.',
  params: z.object({ kind: z.enum(['script', 'machine', 'department']) }),
  query: z.object({ limit: z.coerce.number().int().min(1).max(500).default(50) }),
  response: z.object({
    items: z.array(z.object({ subject: z.string(), name: z.string(), score: z.int().min(0).max(100), band: RiskBand })),
    day: z.iso.date().optional().meta({ description: 'Day of the figures; absent while there are none.' }),
  }),
});
