import { z } from 'zod';
import { Timestamp } from '../activity.ts';
import { PackageVerdict } from '../analysis.ts';
import { defineOperation } from '../operation.ts';
import { PageQuery, pageOf } from '../page.ts';

const COUNT = z.int().nonnegative();

/** What is wrong with one version of a distribution. */
const LibraryVerdict = PackageVerdict.pick({
  kind: true,
  severity: true,
  advisories: true,
  fixedIn: true,
  isKnownExploited: true,
  resembles: true,
});

/** One version of a distribution: where it is installed, and whether anybody uses it. */
export const LibraryRow = z.object({
  distribution: z.string().meta({ description: 'Distribution, normalised.' }),
  version: z.string().optional().meta({ description: 'Absent where neither inventory nor run told it.' }),
  computers: COUNT.meta({ description: 'Computers whose newest inventory has it, those without an agent included.' }),
  runs: COUNT.meta({ description: 'Runs of the last 30 days that imported it.' }),
  scripts: COUNT.meta({ description: 'Scripts of the last 30 days that imported it.' }),
  endpoints: COUNT.meta({ description: 'Computers on which it was imported in the last 30 days.' }),
  lastImportedAt: Timestamp.optional(),
  verdict: LibraryVerdict.optional(),
});
export type LibraryRow = z.infer<typeof LibraryRow>;

/** Filters of the list of libraries; the same names stand in the console's URL. */
export const LibraryQuery = z.object({
  q: z.string().max(200).optional().meta({ description: 'Part of the name, or an advisory.' }),
  verdict: z
    .enum(['any', 'vulnerable', 'malicious', 'squat', 'unknown-name'])
    .optional()
    .meta({ description: 'any: something is wrong with it.' }),
  use: z
    .enum(['imported', 'unused'])
    .optional()
    .meta({ description: 'imported: a run of the last 30 days imported it; unused: installed, and none did.' }),
  sort: z.enum(['verdict', 'scripts', 'computers', 'name']).default('verdict'),
});
export type LibraryQuery = z.infer<typeof LibraryQuery>;

export const listLibraries = defineOperation({
  id: 'listLibraries',
  method: 'GET',
  path: '/libraries',
  permission: 'read',
  summary: 'Python libraries of the fleet by version: installed where, imported by whom, and what is wrong with them.',
  query: LibraryQuery.extend(PageQuery.shape),
  response: pageOf(LibraryRow).extend({
    summary: z.object({
      libraries: COUNT.meta({ description: 'Versions of distributions that are known, without any filter.' }),
      imported: COUNT.meta({ description: 'Those that a run imported.' }),
      flagged: COUNT.meta({ description: 'Those with a verdict.' }),
      flaggedImported: COUNT.meta({ description: 'Those with a verdict that a run imported.' }),
      inventories: COUNT.meta({ description: 'Computers whose inventory is known.' }),
    }),
  }),
});

export const getLibrary = defineOperation({
  id: 'getLibrary',
  method: 'GET',
  path: '/libraries/:distribution',
  permission: 'read',
  summary: 'One distribution: its versions, the computers that have it, the scripts that import it.',
  params: z.object({ distribution: z.string().min(1).max(200) }),
  response: z.object({
    distribution: z.string(),
    versions: z.array(LibraryRow),
    computers: z
      .array(
        z.object({
          hostName: z.string(),
          endpointId: z.uuid().optional(),
          version: z.string().optional(),
          sites: z.array(z.string()).meta({ description: 'Folders it is installed in, sorted.' }),
          scannedAt: Timestamp,
        }),
      )
      .meta({ description: 'At most 500, by name.' }),
    scripts: z
      .array(
        z.object({
          scriptId: z.string(),
          name: z.string(),
          version: z.string().optional(),
          runs: COUNT,
          endpoints: COUNT,
          lastImportedAt: Timestamp,
        }),
      )
      .meta({ description: 'At most 200 of the last 30 days, the most runs first.' }),
  }),
});
