import { z } from 'zod';
import { Timestamp } from '../activity.ts';
import { PlaceLabels } from '../company.ts';
import { defineOperation } from '../operation.ts';
import { PageQuery, pageOf } from '../page.ts';

const COUNT = z.int().nonnegative();
const Direction = z.enum(['read', 'written', 'sent']);

export const StoredPlace = PlaceLabels.extend({
  id: z.uuid(),
  source: z.string().meta({ description: 'Document that it came in; console: written there.' }),
});
export type StoredPlace = z.infer<typeof StoredPlace>;

const DataQuery = z.object({
  label: z.string().max(60).optional().meta({ description: 'Only data with this label.' }),
  q: z.string().max(200).optional().meta({ description: 'Text in the name of a place or receiver.' }),
  familyId: z.string().max(100).optional(),
  departmentId: z.string().max(64).optional(),
  since: z.iso.datetime().optional(),
});

/** A way that data took: from a script to or from a place. */
export const DataFlow = z.object({
  familyId: z.string(),
  scriptName: z.string(),
  direction: Direction,
  kind: z.string(),
  name: z.string(),
  labels: z.array(z.string()),
  rows: COUNT,
  bytes: COUNT,
  runs: COUNT,
  lastAt: Timestamp,
});
export type DataFlow = z.infer<typeof DataFlow>;

export const listDataPlaces = defineOperation({
  id: 'listDataPlaces',
  method: 'GET',
  path: '/data/places',
  permission: 'read',
  summary: 'What the company says lies where.',
  response: z.object({
    items: z.array(StoredPlace),
    labels: z.array(z.object({ label: z.string(), places: COUNT })),
  }),
});

export const addDataPlace = defineOperation({
  id: 'addDataPlace',
  method: 'POST',
  path: '/data/places',
  permission: 'data.manage',
  summary: 'Label what lies at a place, or what a column holds.',
  body: PlaceLabels,
  response: z.object({ id: z.uuid() }),
});

export const deleteDataPlace = defineOperation({
  id: 'deleteDataPlace',
  method: 'DELETE',
  path: '/data/places/:placeId',
  permission: 'data.manage',
  summary: 'Take the labels of a place away.',
  params: z.object({ placeId: z.uuid() }),
  response: z.object({ isDeleted: z.literal(true) }),
});

export const listDataFlows = defineOperation({
  id: 'listDataFlows',
  method: 'GET',
  path: '/data/flows',
  permission: 'read',
  summary: 'Which script touched which data and where it went, most rows and bytes first.',
  query: DataQuery.extend({ limit: z.coerce.number().int().min(1).max(1000).default(200) }),
  response: z.object({ items: z.array(DataFlow), total: COUNT }),
});

export const listDataTouches = defineOperation({
  id: 'listDataTouches',
  method: 'GET',
  path: '/data/touches',
  permission: 'read',
  summary: 'Who touched data: run by run, latest first.',
  query: DataQuery.extend({ name: z.string().max(500).optional(), direction: Direction.optional() }).extend(
    PageQuery.shape,
  ),
  response: pageOf(
    z.object({
      runId: z.uuid(),
      at: Timestamp,
      familyId: z.string(),
      scriptName: z.string(),
      userName: z.string(),
      hostName: z.string(),
      direction: Direction,
      kind: z.string(),
      name: z.string(),
      labels: z.array(z.string()),
      rows: COUNT,
      bytes: COUNT,
    }),
  ),
});

export const listLabelledFiles = defineOperation({
  id: 'listLabelledFiles',
  method: 'GET',
  path: '/data/files',
  permission: 'read',
  summary: 'Copies of labelled data that scripts made, the latest first.',
  query: z
    .object({
      label: z.string().max(60).optional(),
      familyId: z.string().max(100).optional(),
      isGone: z.enum(['true', 'false']).optional(),
    })
    .extend(PageQuery.shape),
  response: pageOf(
    z.object({
      endpointId: z.uuid(),
      hostName: z.string(),
      path: z.string(),
      labels: z.array(z.string()),
      bytes: COUNT,
      familyId: z.string(),
      scriptName: z.string(),
      runId: z.uuid(),
      madeAt: Timestamp,
      seenAt: Timestamp,
      goneAt: Timestamp.optional(),
    }),
  ),
});
