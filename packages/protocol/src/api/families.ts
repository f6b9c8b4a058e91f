import { z } from 'zod';
import { Timestamp } from '../activity.ts';
import { Capability } from '../analysis.ts';
import { Sanction } from '../company.ts';
import { field } from '../field.ts';
import { defineOperation } from '../operation.ts';
import { PageQuery, pageOf } from '../page.ts';

const COUNT = z.int().nonnegative();

/** All copies and versions of one script. */
export const FamilyRow = z.object({
  id: z.string(),
  name: z.string(),
  path: z.string().optional(),
  sanction: Sanction,
  isSanctionStated: z.boolean().meta({ description: 'Whether a person decided about it.' }),
  owner: field(z.string().optional(), { description: 'Confirmed person who answers for it.', sensitivity: 'internal' }),
  author: field(z.string().optional(), { description: 'First seen writer.', sensitivity: 'internal' }),
  departmentId: field(z.string().optional(), { description: 'Custodian.', sensitivity: 'internal' }),
  versions: COUNT,
  copies: COUNT.meta({ description: 'Places, over all computers.' }),
  endpoints: COUNT,
  users: COUNT,
  openFindings: COUNT,
  riskScore: z.int().min(0).max(100).optional(),
  firstSeenAt: Timestamp,
  lastSeenAt: Timestamp,
});
export type FamilyRow = z.infer<typeof FamilyRow>;

const FamilyId = z.object({ familyId: z.string().min(1).max(100) });

export const FamilyQuery = z.object({
  q: z.string().max(200).optional().meta({ description: 'Text in the name or path.' }),
  sanction: Sanction.optional(),
  owner: z.string().max(200).optional(),
  isOwnerKnown: z.enum(['true', 'false']).optional(),
  departmentId: z.string().max(64).optional(),
  label: z.string().max(60).optional().meta({ description: 'Read data of this category.' }),
  isRunning: z.enum(['true']).optional().meta({ description: 'Runs now.' }),
  isApproved: z.enum(['true', 'false']).optional(),
  since: z.iso.datetime().optional().meta({ description: 'Ran at or after; with a label: read such data since.' }),
});
export type FamilyQuery = z.infer<typeof FamilyQuery>;

export const listFamilies = defineOperation({
  id: 'listFamilies',
  method: 'GET',
  path: '/families',
  permission: 'read',
  summary: 'Script families, the latest first.',
  query: FamilyQuery.extend(PageQuery.shape),
  response: pageOf(FamilyRow),
});

export const getFamily = defineOperation({
  id: 'getFamily',
  method: 'GET',
  path: '/families/:familyId',
  permission: 'read',
  summary: 'One family with its versions, copies and history.',
  params: FamilyId,
  response: FamilyRow.extend({
    versionList: z.array(
      z.object({
        scriptId: z.string(),
        sha256: z.string().optional(),
        firstSeenAt: Timestamp,
        lastSeenAt: Timestamp,
        riskScore: z.int().min(0).max(100).optional(),
        capabilities: z.array(Capability.shape.id).optional(),
        secrets: COUNT.optional().meta({ description: 'Credentials in its text.' }),
      }),
    ),
    copyList: z.array(
      z.object({
        scriptId: z.string(),
        endpointId: z.uuid(),
        hostName: z.string(),
        path: z.string().optional(),
        userName: z.string(),
        firstSeenAt: Timestamp,
        lastSeenAt: Timestamp,
      }),
    ),
    foundList: z
      .array(
        z.object({
          inventoryId: z.uuid(),
          endpointId: z.uuid().optional(),
          hostName: z.string(),
          path: z.string(),
          owner: z.string().optional(),
          modifiedAt: Timestamp,
        }),
      )
      .meta({ description: 'Copies that scans found and that nobody was seen to run, at most 500.' }),
    history: z.array(z.object({ at: Timestamp, who: z.string(), change: z.record(z.string(), z.unknown()) })),
  }),
});

export const updateFamily = defineOperation({
  id: 'updateFamily',
  method: 'PUT',
  path: '/families/:familyId',
  permission: 'script.approve',
  summary: 'Decide about a family: its state, its owner, its custodian.',
  params: FamilyId,
  body: z
    .strictObject({
      sanction: Sanction.nullable().optional(),
      owner: z.string().min(1).max(200).nullable().optional(),
      departmentId: z.string().max(64).nullable().optional(),
      reason: z.string().min(3).max(2000),
    })
    .refine((change) => Object.keys(change).length > 1, 'it changes nothing'),
  response: FamilyRow,
});
