import { z } from 'zod';
import { Timestamp } from './activity.ts';
import { field } from './field.ts';
import { Script } from './script.ts';

/** Largest source that the vault takes, in bytes. */
export const MAX_VAULT_SOURCE_BYTES = 1024 * 1024;

const SHA256 = z.string().regex(/^[0-9a-f]{64}$/);
const COUNT = z.int().nonnegative();

/** What stands in a kept source where a credential stood. Never its value. */
export const SecretReference = z.object({
  reference: field(z.string().regex(/^SENTINEL_SECRET_[0-9a-f]{12}$/), {
    description: 'Text that stands in the place of the credential.',
    sensitivity: 'public',
  }),
  ruleId: field(z.string().max(120), { description: 'Rule that found it.', sensitivity: 'public' }),
  title: field(z.string().max(300), { description: 'What it is, for people.', sensitivity: 'public' }),
  fingerprint: field(z.string().regex(/^[0-9a-f]{64}$/), {
    description: 'Keyed hash of the value: the same credential has the same one in every script.',
    sensitivity: 'internal',
  }),
  name: field(z.string().max(120).optional(), {
    description: 'Name that the value was bound to.',
    sensitivity: 'internal',
  }),
  line: field(z.int().positive(), { description: 'Line where it was first found.', sensitivity: 'public' }),
});
export type SecretReference = z.infer<typeof SecretReference>;

/** A version of a script as an endpoint hands it in: its credentials are gone before it leaves the computer. */
export const CollectedScript = z.object({
  sha256: field(SHA256, { description: 'SHA-256 of the source as it ran.', sensitivity: 'public' }),
  scriptId: Script.shape.id,
  name: field(z.string().max(500), { description: 'File name or module name.', sensitivity: 'internal' }),
  kind: Script.shape.kind,
  path: field(z.string().max(4096), { description: 'Where it ran from.', sensitivity: 'internal' }),
  sizeBytes: field(COUNT.max(MAX_VAULT_SOURCE_BYTES), {
    description: 'Size of the source as it ran.',
    sensitivity: 'public',
    unit: 'By',
  }),
  text: field(z.string().max(MAX_VAULT_SOURCE_BYTES + 65_536), {
    description: 'The source with references in the place of its credentials.',
    sensitivity: 'secret',
  }),
  references: z.array(SecretReference).max(1000),
  collectedAt: field(Timestamp, { description: 'When it was read.', sensitivity: 'public' }),
});
export type CollectedScript = z.infer<typeof CollectedScript>;

/** A version of a script in the vault. */
export const VaultEntry = z.object({
  sha256: SHA256,
  scriptId: Script.shape.id,
  name: z.string(),
  kind: Script.shape.kind,
  path: z.string().meta({ description: 'Where it was when it was collected.' }),
  sizeBytes: COUNT,
  storedBytes: COUNT.meta({ description: 'Bytes that it takes: compressed and sealed.' }),
  secrets: COUNT.meta({ description: 'Credentials that were replaced by references.' }),
  collectedAt: Timestamp,
  endpointId: z.uuid().meta({ description: 'Computer that it was collected on.' }),
  restores: COUNT.meta({ description: 'How often it was restored.' }),
  restoredAt: Timestamp.optional(),
});
export type VaultEntry = z.infer<typeof VaultEntry>;

const Seen = z.object({ runs: COUNT, lastSeenAt: Timestamp });

/** Something that a version read from or wrote to. */
const Place = z.object({
  type: z.string().meta({ description: 'Activity type.' }),
  target: z.string().meta({ description: 'File, table, host or program.' }),
  detail: z.string(),
  database: z.string(),
  runs: COUNT,
  rows: COUNT,
  bytes: COUNT,
});

/** What a version of a script needs to run again, made from what was observed of its runs. */
export const RunRecipe = z.object({
  madeAt: Timestamp,
  runs: COUNT,
  firstRunAt: Timestamp.optional(),
  lastRunAt: Timestamp.optional(),
  users: z.array(z.string()).meta({ description: 'Accounts that ran it.' }),
  machines: z.array(z.object({ endpointId: z.uuid(), hostName: z.string(), runs: COUNT })),
  interpreters: z.array(Seen.extend({ implementation: z.string(), version: z.string() })),
  packages: z
    .array(
      Seen.extend({
        name: z.string(),
        version: z.string().meta({ description: 'Version that was last imported; empty where it is not known.' }),
        otherVersions: z.array(z.string()),
      }),
    )
    .meta({ description: 'Distributions that were really imported.' }),
  arguments: z.array(Seen.extend({ count: COUNT, shape: z.string() })),
  workingDirectories: z.array(Seen.extend({ path: z.string() })),
  schedules: z.array(
    z.object({
      hostName: z.string(),
      kind: z.string(),
      when: z.string(),
      source: z.string(),
      user: z.string().optional(),
    }),
  ),
  sources: z.array(Place).meta({ description: 'What it read from.' }),
  destinations: z.array(Place).meta({ description: 'What it wrote or sent to.' }),
  programs: z.array(Place),
});
export type RunRecipe = z.infer<typeof RunRecipe>;

/** A file of a restored folder. */
export const RestoredFile = z.object({
  path: z.string().meta({ description: 'Name within the folder.' }),
  text: z.string(),
});
export type RestoredFile = z.infer<typeof RestoredFile>;
