import { z } from 'zod';
import { Timestamp } from './activity.ts';
import { Analysis } from './analysis.ts';
import { field } from './field.ts';
import { Inventory, ScanCoverage } from './inventory.ts';
import { Risk } from './risk.ts';

/** What analysis and risk say of one script or notebook that was found. */
export const ScriptAssessment = z.object({
  path: field(z.string(), { description: 'Script or notebook of the inventory.', sensitivity: 'internal' }),
  risk: Risk,
  analysis: Analysis,
});
export type ScriptAssessment = z.infer<typeof ScriptAssessment>;

/** Report of one scan of one computer. */
export const ScanReport = z.object({
  kind: z.literal('sentinel-scan'),
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
  assessments: field(z.array(ScriptAssessment), {
    description: 'Analysed scripts and notebooks, the highest risk first.',
    sensitivity: 'internal',
  }),
});
export type ScanReport = z.infer<typeof ScanReport>;
