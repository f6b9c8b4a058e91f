import { z } from 'zod';
import { Timestamp } from '../activity.ts';
import { field } from '../field.ts';
import { Inventory, ScanCoverage } from '../inventory.ts';
import { defineOperation } from '../operation.ts';
import { RiskBand } from '../risk.ts';
import { InstalledVerdict } from '../scan-report.ts';
import { FamilyHash } from '../script-facts.ts';

/** Largest report of an inventory that is taken. */
export const MAX_INVENTORY_BYTES = 32 * 1024 * 1024;

/** Risk of one script or notebook, without its evidence: that stays in the report. */
const SourceRisk = z.object({
  path: field(z.string(), { description: 'Script or notebook of the inventory.', sensitivity: 'internal' }),
  score: field(z.int().min(0).max(100), { description: 'Risk.', sensitivity: 'public' }),
  band: RiskBand,
  reason: field(z.string().optional(), { description: 'What counts most.', sensitivity: 'internal' }),
  familyHash: field(FamilyHash.optional(), {
    description: 'Hash of the normalised syntax: copies that never ran are linked to their family by it.',
    sensitivity: 'public',
  }),
});

/** Inventory of one computer as it is uploaded: a scan's report without the evidence of its analysis. */
export const InventoryUpload = z.object({
  id: field(z.uuid(), { description: 'Id of the report: uploading it again changes nothing.', sensitivity: 'public' }),
  product: field(z.string().max(200), { description: 'Sentinel and its version.', sensitivity: 'public' }),
  host: field(
    z.object({
      name: z.string().min(1).max(255),
      os: z.string().max(255),
      osVersion: z.string().max(255),
      account: z.string().max(255),
    }),
    { description: 'Computer, and the account that the scan ran under.', sensitivity: 'internal' },
  ),
  startedAt: field(Timestamp, { description: 'Start of the scan.', sensitivity: 'public' }),
  durationMs: field(z.int().nonnegative(), { description: 'How long it took.', sensitivity: 'public', unit: 'ms' }),
  roots: field(z.array(z.string()), { description: 'Folders that were walked.', sensitivity: 'internal' }),
  coverage: ScanCoverage,
  inventory: Inventory,
  risks: z.array(SourceRisk),
  packageVerdicts: z.array(InstalledVerdict),
});
export type InventoryUpload = z.infer<typeof InventoryUpload>;

const COUNT = z.int().nonnegative();

/** The newest inventory of one computer. */
export const InventoryRow = z.object({
  id: z.uuid(),
  endpointId: z.uuid().optional().meta({ description: 'Absent for a computer without an agent.' }),
  hostName: z.string(),
  os: z.string(),
  startedAt: Timestamp,
  receivedAt: Timestamp,
  isComplete: z.boolean().meta({ description: 'Whether the walk came to its end.' }),
  interpreters: COUNT,
  environments: COUNT,
  packages: COUNT,
  scripts: COUNT.meta({ description: 'Scripts and notebooks that people wrote.' }),
  schedules: COUNT,
  highRisk: COUNT.meta({ description: 'Scripts and notebooks of high or critical risk.' }),
});
export type InventoryRow = z.infer<typeof InventoryRow>;

const GroupQuery = z.object({
  q: z.string().max(200).optional().meta({ description: 'Part of the name.' }),
  limit: z.coerce.number().int().min(1).max(500).default(100),
});

/** The same thing on several computers. */
const InventoryGroup = z.object({
  name: z.string().meta({ description: 'Implementation, tool or distribution.' }),
  version: z.string().optional(),
  kind: z.string().optional().meta({ description: 'How it came to the computer.' }),
  count: COUNT.meta({ description: 'How many of it there are.' }),
  endpoints: COUNT.meta({ description: 'Computers that have it, those without an agent included.' }),
  verdict: z.string().optional().meta({ description: 'Worst that is known of it, such as vulnerable.' }),
});
export type InventoryGroup = z.infer<typeof InventoryGroup>;

const Groups = z.object({ items: z.array(InventoryGroup), total: COUNT });

/** A script or notebook that was found on a computer. */
export const InventoryScript = z.object({
  path: z.string(),
  role: z.string(),
  owner: z.string().optional(),
  place: z.string(),
  modifiedAt: Timestamp,
  sha256: z.string().optional(),
  score: z.int().min(0).max(100).optional(),
  band: RiskBand.optional(),
  reason: z.string().optional(),
});
export type InventoryScript = z.infer<typeof InventoryScript>;

export const uploadInventory = defineOperation({
  id: 'uploadInventory',
  method: 'POST',
  path: '/inventories',
  permission: 'upload',
  summary: 'Store the inventory of a computer, with or without an agent. The same report again changes nothing.',
  maxBodyBytes: MAX_INVENTORY_BYTES,
  body: InventoryUpload,
  response: z.object({
    id: z.uuid(),
    outcome: z.enum(['stored', 'duplicate']),
    isCurrent: z.boolean().meta({ description: 'Whether it is the newest of its computer.' }),
    endpointId: z.uuid().optional(),
  }),
});

export const listInventories = defineOperation({
  id: 'listInventories',
  method: 'GET',
  path: '/inventories',
  permission: 'read',
  summary: 'The newest inventory of every computer.',
  query: z.object({ q: z.string().max(200).optional() }),
  response: z.object({ items: z.array(InventoryRow), total: COUNT }),
});

export const listInventoryInterpreters = defineOperation({
  id: 'listInventoryInterpreters',
  method: 'GET',
  path: '/inventory/interpreters',
  permission: 'read',
  summary: 'Python interpreters over all computers, by version and origin.',
  query: GroupQuery,
  response: Groups,
});

export const listInventoryEnvironments = defineOperation({
  id: 'listInventoryEnvironments',
  method: 'GET',
  path: '/inventory/environments',
  permission: 'read',
  summary: 'Environments over all computers, by the tool that made them and their Python.',
  query: GroupQuery,
  response: Groups,
});

export const listInventoryPackages = defineOperation({
  id: 'listInventoryPackages',
  method: 'GET',
  path: '/inventory/packages',
  permission: 'read',
  summary: 'Installed distributions over all computers, by version.',
  query: GroupQuery,
  response: Groups,
});

export const listInventoryScripts = defineOperation({
  id: 'listInventoryScripts',
  method: 'GET',
  path: '/inventories/:inventoryId/scripts',
  permission: 'read',
  summary: 'Scripts and notebooks that were found on a computer, the highest risk first.',
  params: z.object({ inventoryId: z.uuid() }),
  query: z.object({
    q: z.string().max(200).optional(),
    limit: z.coerce.number().int().min(1).max(500).default(100),
    offset: z.coerce.number().int().min(0).max(1_000_000).default(0),
  }),
  response: z.object({ items: z.array(InventoryScript), total: COUNT }),
});
