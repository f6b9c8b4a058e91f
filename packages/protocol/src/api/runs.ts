import { z } from 'zod';
import { Activity } from '../activity.ts';
import { defineOperation } from '../operation.ts';
import { PageQuery, pageOf } from '../page.ts';
import { ExitRoute, Run } from '../run.ts';

/** Totals of a run's activities, for lists. */
export const RunTotals = z.object({
  activities: z.int().nonnegative(),
  libraries: z.int().nonnegative(),
  filesRead: z.int().nonnegative(),
  filesWritten: z.int().nonnegative(),
  hosts: z.int().nonnegative(),
  databases: z.int().nonnegative(),
  programs: z.int().nonnegative(),
  bytesIn: z.int().nonnegative().meta({ description: 'Bytes received over the network.', 'x-unit': 'By' }),
  bytesOut: z.int().nonnegative().meta({ description: 'Bytes sent over the network.', 'x-unit': 'By' }),
  rows: z.int().nonnegative().meta({ description: 'Database rows fetched or changed.' }),
});
export type RunTotals = z.infer<typeof RunTotals>;

/** A run as the server shows it. */
export const StoredRun = Run.extend({ endpointId: z.uuid() });
export type StoredRun = z.infer<typeof StoredRun>;

/** A run in a list. */
export const RunRow = StoredRun.extend({ totals: RunTotals });
export type RunRow = z.infer<typeof RunRow>;

/** Filters of the list of runs; the same names stand in the console's URL. */
export const RunQuery = z.object({
  q: z.string().max(200).optional().meta({ description: 'Text in the name or path of the script.' }),
  endpointId: z.uuid().optional(),
  scriptId: z.string().max(64).optional(),
  userName: z.string().max(128).optional(),
  status: z.enum(['running', 'ended']).optional(),
  exitRoute: ExitRoute.optional(),
  outcome: z
    .enum(['failed'])
    .optional()
    .meta({ description: 'failed: ended by an exception, a signal, or with a known exit code other than 0.' }),
  target: z
    .string()
    .max(500)
    .optional()
    .meta({ description: 'Text in a file, host, database or program that the run touched.' }),
  library: z.string().max(200).optional().meta({ description: 'Distribution or module that the run imported.' }),
  since: z.iso.datetime().optional().meta({ description: 'Started at or after.' }),
  until: z.iso.datetime().optional().meta({ description: 'Started before.' }),
});
export type RunQuery = z.infer<typeof RunQuery>;

const RunId = z.object({ runId: z.uuid() });

export const listRuns = defineOperation({
  id: 'listRuns',
  method: 'GET',
  path: '/runs',
  permission: 'read',
  summary: 'Runs, newest first.',
  query: RunQuery.extend(PageQuery.shape),
  response: pageOf(RunRow).extend({
    totalIsLeast: z.literal(true).optional().meta({
      description: 'There are more than `total`: runs found by what they touched are counted as long as that is quick.',
    }),
  }),
});

export const getRun = defineOperation({
  id: 'getRun',
  method: 'GET',
  path: '/runs/:runId',
  permission: 'read',
  summary: 'One run.',
  params: RunId,
  response: RunRow.extend({
    children: z.array(StoredRun).meta({ description: 'Runs that this one forked or launched.' }),
  }),
});

export const listRunActivities = defineOperation({
  id: 'listRunActivities',
  method: 'GET',
  path: '/runs/:runId/activities',
  permission: 'read',
  summary: 'Activities of one run, in the order of first sight.',
  params: RunId,
  query: z.object({
    type: z.string().max(64).optional(),
    limit: z.coerce.number().int().min(1).max(5000).default(1000),
    after: z.coerce.number().int().nonnegative().default(0).meta({ description: 'Only activities with a higher id.' }),
  }),
  response: z.object({
    items: z.array(Activity),
    total: z.int().nonnegative(),
  }),
});

export const streamRuns = defineOperation({
  id: 'streamRuns',
  method: 'GET',
  path: '/runs/stream',
  permission: 'read',
  summary: 'Live stream of new and changed runs.',
  query: RunQuery.pick({ q: true, endpointId: true, scriptId: true, userName: true }),
  response: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('run'), run: RunRow }),
    z.object({
      kind: z.literal('dropped'),
      count: z
        .int()
        .positive()
        .meta({ description: 'Runs left out since the last event because there were too many.' }),
    }),
  ]),
  stream: true,
});
