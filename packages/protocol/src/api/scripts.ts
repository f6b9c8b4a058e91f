import { z } from 'zod';
import { defineOperation } from '../operation.ts';
import { PageQuery, pageOf } from '../page.ts';
import { Script } from '../script.ts';

/** A script as the list shows it: what all its runs add up to. */
export const ScriptRow = Script.extend({
  paths: z.array(z.string()).meta({ description: 'Places that it ran from, at most ten.' }),
  runs: z.int().nonnegative(),
  running: z.int().nonnegative().meta({ description: 'Runs going on.' }),
  failures: z
    .int()
    .nonnegative()
    .meta({ description: 'Runs that ended by an exception, a signal, or with a known exit code other than 0.' }),
  endpoints: z.int().nonnegative(),
  users: z.array(z.string()).meta({ description: 'Accounts that ran it, at most ten.' }),
  firstRunAt: z.iso.datetime({ precision: 3 }),
  lastRunAt: z.iso.datetime({ precision: 3 }),
  medianDurationMs: z.number().nonnegative().optional(),
});
export type ScriptRow = z.infer<typeof ScriptRow>;

/** Something a script touched, over all its runs. */
export const Touched = z.object({
  type: z.string().meta({ description: 'Activity type.' }),
  target: z.string().meta({ description: 'Library, file, host, database or program.' }),
  detail: z.string().meta({ description: 'Version, operation, method or statement kind.' }),
  runs: z.int().nonnegative(),
  count: z.int().nonnegative(),
  bytesIn: z.int().nonnegative(),
  bytesOut: z.int().nonnegative(),
  rows: z.int().nonnegative(),
  firstSeen: z.iso.datetime({ precision: 3 }),
  lastSeen: z.iso.datetime({ precision: 3 }),
});
export type Touched = z.infer<typeof Touched>;

/** Filters of the list of scripts. */
export const ScriptQuery = z.object({
  q: z.string().max(200).optional().meta({ description: 'Text in the name or path.' }),
  endpointId: z.uuid().optional(),
  userName: z.string().max(128).optional(),
  target: z.string().max(500).optional().meta({ description: 'Text in something that it touched.' }),
  library: z.string().max(200).optional(),
  since: z.iso.datetime().optional().meta({ description: 'Ran at or after.' }),
  newSince: z.iso.datetime().optional().meta({ description: 'First ran at or after.' }),
  sort: z.enum(['lastRunAt', 'runs', 'endpoints', 'name']).default('lastRunAt'),
});
export type ScriptQuery = z.infer<typeof ScriptQuery>;

export const listScripts = defineOperation({
  id: 'listScripts',
  method: 'GET',
  path: '/scripts',
  permission: 'read',
  summary: 'Scripts that ran.',
  query: ScriptQuery.extend(PageQuery.shape),
  response: pageOf(ScriptRow),
});

export const getScript = defineOperation({
  id: 'getScript',
  method: 'GET',
  path: '/scripts/:scriptId',
  permission: 'read',
  summary: 'One script with all it touched.',
  params: z.object({ scriptId: z.string().max(64) }),
  response: ScriptRow.extend({
    touched: z.array(Touched).meta({ description: 'At most 500, most used first within a type.' }),
    touchedTotal: z.int().nonnegative(),
    interpreters: z.array(z.object({ path: z.string(), version: z.string(), runs: z.int().nonnegative() })),
    machines: z.array(
      z.object({
        endpointId: z.uuid(),
        hostName: z.string(),
        runs: z.int().nonnegative(),
        lastRunAt: z.iso.datetime({ precision: 3 }),
      }),
    ),
  }),
});
