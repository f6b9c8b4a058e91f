import { z } from 'zod';
import { defineOperation } from '../operation.ts';

const Ranked = z.object({
  name: z.string(),
  runs: z.int().nonnegative(),
  scripts: z.int().nonnegative(),
  bytesOut: z.int().nonnegative(),
  bytesIn: z.int().nonnegative(),
});

export const getOverview = defineOperation({
  id: 'getOverview',
  method: 'GET',
  path: '/overview',
  permission: 'read',
  summary: 'The whole at a glance.',
  response: z.object({
    generatedAt: z.iso.datetime({ precision: 3 }),
    endpoints: z.object({ known: z.int().nonnegative(), reporting: z.int().nonnegative() }),
    runsNow: z.int().nonnegative(),
    runs24h: z.int().nonnegative(),
    failures24h: z.int().nonnegative(),
    scripts: z.int().nonnegative(),
    scriptsNew7d: z.int().nonnegative(),
    users: z.int().nonnegative(),
    runsByHour: z
      .array(
        z.object({
          hour: z.iso.datetime({ precision: 3 }),
          runs: z.int().nonnegative(),
          failures: z.int().nonnegative(),
        }),
      )
      .meta({ description: 'The last 24 hours, oldest first.' }),
    hosts: z
      .array(Ranked)
      .meta({ description: 'Network hosts of the last 7 days, most bytes sent first, at most ten.' }),
    databases: z.array(Ranked).meta({ description: 'Databases of the last 7 days, at most ten.' }),
    libraries: z.array(Ranked).meta({ description: 'Distributions imported in the last 7 days, at most ten.' }),
    demo: z
      .object({ available: z.boolean(), running: z.boolean() })
      .meta({ description: 'Whether this server can play the demo.' }),
  }),
});
