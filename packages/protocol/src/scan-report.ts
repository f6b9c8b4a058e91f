import { z } from 'zod';
import { Timestamp } from './activity.ts';
import { Analysis, PackageVerdict } from './analysis.ts';
import { field } from './field.ts';
import { Inventory, ScanCoverage } from './inventory.ts';
import { DataSample } from './pii.ts';
import { Risk } from './risk.ts';
import { FamilyHash } from './script-facts.ts';

/** What analysis and risk say of one script or notebook that was found. */
export const ScriptAssessment = z.object({
  path: field(z.string(), { description: 'Script or notebook of the inventory.', sensitivity: 'internal' }),
  risk: Risk,
  analysis: Analysis,
  familyHash: field(FamilyHash.optional(), {
    description: 'Hash of the normalised syntax; only where the inventory is sent to a server.',
    sensitivity: 'public',
  }),
});
export type ScriptAssessment = z.infer<typeof ScriptAssessment>;

/** What is wrong with a distribution that is installed, and where it is. */
export const InstalledVerdict = PackageVerdict.extend({
  sites: field(z.array(z.string()), { description: 'Folders it is installed in, sorted.', sensitivity: 'internal' }),
});
export type InstalledVerdict = z.infer<typeof InstalledVerdict>;

/** Report of one scan of one computer. */
export const ScanReport = z.object({
  kind: z.literal('sentinel-scan'),
  id: field(z.uuid().optional(), {
    description: 'Id of the report: the same report twice is one.',
    sensitivity: 'public',
  }),
  reportVersion: field(z.int().positive(), { description: 'Version of this shape.', sensitivity: 'public' }),
  product: field(z.string(), { description: 'Sentinel and its version.', sensitivity: 'public' }),
  host: field(z.object({ name: z.string(), os: z.string(), osVersion: z.string(), account: z.string() }), {
    description: 'Computer, and the account that the scan ran under.',
    sensitivity: 'internal',
  }),
  startedAt: field(Timestamp, { description: 'Start of the scan.', sensitivity: 'public' }),
  durationMs: field(z.int().nonnegative(), { description: 'How long it took.', sensitivity: 'public', unit: 'ms' }),
  roots: field(z.array(z.string()), { description: 'Folders that were walked.', sensitivity: 'internal' }),
  coverage: ScanCoverage,
  inventory: Inventory,
  analysis: field(z.object({ isIncluded: z.boolean(), note: z.string() }), {
    description: 'Whether sources were analysed, and why not.',
    sensitivity: 'public',
  }),
  advisories: field(
    z
      .object({
        isImported: z.boolean(),
        dataDate: z.iso.date().optional(),
        note: z.string(),
      })
      .optional(),
    {
      description: 'Which data packages were checked against; without any, nothing is said of packages.',
      sensitivity: 'public',
    },
  ),
  packageVerdicts: field(z.array(InstalledVerdict).optional(), {
    description: 'Installed distributions that are vulnerable, malicious or imitate another, the worst first.',
    sensitivity: 'internal',
  }),
  dataSample: field(DataSample.optional(), {
    description: 'Kinds of personal data in data files beside the scripts; absent: looking was not asked for.',
    sensitivity: 'internal',
  }),
  uploadedTo: field(z.string().optional(), {
    description: 'Origin of the server that the inventory is sent to, as asked; absent: no connection was opened.',
    sensitivity: 'internal',
  }),
  keptFiles: field(z.array(z.enum(['state', 'signature'])).optional(), {
    description: 'What was written besides the report, as asked; absent: nothing.',
    sensitivity: 'public',
  }),
  assessments: field(z.array(ScriptAssessment), {
    description: 'Analysed scripts and notebooks, the highest risk first.',
    sensitivity: 'internal',
  }),
});
export type ScanReport = z.infer<typeof ScanReport>;
