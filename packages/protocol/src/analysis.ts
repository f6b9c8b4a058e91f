import { z } from 'zod';
import { field } from './field.ts';
import { Confidence, Severity } from './finding.ts';

/** Where in a source something stands. Lines from 1, columns from 0, in UTF-16 units; cells from 0 in notebooks. */
export const SourcePlace = z.object({
  line: field(z.int().positive(), { description: 'First line.', sensitivity: 'public' }),
  endLine: field(z.int().positive(), { description: 'Last line.', sensitivity: 'public' }),
  column: field(z.int().nonnegative().optional(), { description: 'First column.', sensitivity: 'public' }),
  cell: field(z.int().nonnegative().optional(), {
    description: 'Cell of a notebook; lines count within it.',
    sensitivity: 'public',
  }),
  member: field(z.string().optional(), {
    description: 'File inside an archive; lines count within it.',
    sensitivity: 'internal',
  }),
});
export type SourcePlace = z.infer<typeof SourcePlace>;

/** Something the code could do; no blame. */
export const Capability = z.object({
  id: field(z.string().regex(/^[a-z0-9_]+(\.[a-z0-9_]+)*$/), {
    description: 'Capability, such as network.http or gui.sap.',
    sensitivity: 'public',
  }),
  evidence: field(z.array(SourcePlace), { description: 'Where it shows.', sensitivity: 'public' }),
  detail: field(z.array(z.string()), {
    description: 'Resolved names behind it: calls, ProgIDs, providers.',
    sensitivity: 'internal',
  }),
});
export type Capability = z.infer<typeof Capability>;

/** How far data goes. */
export const Reach = z.enum([
  'local',
  'share',
  'internal',
  'approved-cloud',
  'personal-cloud',
  'llm-provider',
  'mail-outside',
  'messaging',
  'unknown',
]);
export type Reach = z.infer<typeof Reach>;

/** Data that the code could move from a source to a sink. */
export const Flow = z.object({
  source: field(
    z.object({
      kind: z.string(),
      detail: z.string().optional(),
      place: SourcePlace,
      labels: z.array(z.string()).optional(),
    }),
    {
      description: 'Where the data comes from; its labels are kinds of personal or confidential data.',
      sensitivity: 'internal',
    },
  ),
  sink: field(z.object({ kind: z.string(), detail: z.string().optional(), place: SourcePlace }), {
    description: 'Where it goes.',
    sensitivity: 'internal',
  }),
  reach: field(Reach, { description: 'How far it goes.', sensitivity: 'public' }),
  confidence: field(Confidence, { description: 'How sure.', sensitivity: 'public' }),
});
export type Flow = z.infer<typeof Flow>;

/** A kind of personal or confidential data that names in the source promise. */
export const DataLabel = z.object({
  kind: field(z.string(), { description: 'Kind of the data, such as iban or email.', sensitivity: 'public' }),
  names: field(z.array(z.string()), {
    description: 'Names of columns and keys behind it, as written, sorted.',
    sensitivity: 'internal',
  }),
  evidence: field(z.array(SourcePlace), { description: 'Where it shows.', sensitivity: 'public' }),
});
export type DataLabel = z.infer<typeof DataLabel>;

/** A credential in the source. Never its value. */
export const SecretFound = z.object({
  ruleId: field(z.string(), {
    description: 'Format or context rule, such as secret-aws-access-key or secret-assigned.',
    sensitivity: 'public',
  }),
  title: field(z.string(), { description: 'For people.', sensitivity: 'public' }),
  tier: field(z.enum(['high', 'medium', 'info']), {
    description: 'high: surely a credential; info: placeholder or weak sign.',
    sensitivity: 'public',
  }),
  score: field(z.number().min(0).max(1), {
    description: 'How much it looks like a live credential.',
    sensitivity: 'public',
  }),
  fingerprint: field(z.string(), {
    description: 'Keyed hash of the value: the same value has the same one.',
    sensitivity: 'internal',
  }),
  preview: field(z.string().max(8), { description: 'First and last characters at most.', sensitivity: 'secret' }),
  name: field(z.string().optional(), { description: 'Name that the value was bound to.', sensitivity: 'internal' }),
  place: SourcePlace,
  uses: field(
    z
      .array(
        z.object({
          call: field(z.string(), { description: 'Resolved name of the call.', sensitivity: 'internal' }),
          place: SourcePlace,
          isDirect: field(z.boolean(), {
            description: 'Whether the call is given the value; else it is one of what such a call made.',
            sensitivity: 'public',
          }),
        }),
      )
      .optional(),
    { description: 'Calls that the value goes to; absent where none was seen.', sensitivity: 'internal' },
  ),
});
export type SecretFound = z.infer<typeof SecretFound>;

/** An insecure pattern in the code. */
export const Weakness = z.object({
  ruleId: field(z.string(), { description: 'Our rule id, such as weak-subprocess-shell.', sensitivity: 'public' }),
  engineRule: field(z.string().optional(), {
    description: 'Rule of the engine that saw it, such as S602.',
    sensitivity: 'public',
  }),
  title: field(z.string(), { description: 'For people.', sensitivity: 'public' }),
  severity: Severity,
  confidence: Confidence,
  cwe: field(z.int().positive().optional(), { description: 'CWE number.', sensitivity: 'public', source: 'MITRE CWE' }),
  advice: field(z.string(), { description: 'What to do.', sensitivity: 'public' }),
  place: SourcePlace,
});
export type Weakness = z.infer<typeof Weakness>;

/** A distribution that the source needs. */
export const PackageUse = z.object({
  importName: field(z.string().optional(), {
    description: 'Module that is imported, where that is the ground.',
    sensitivity: 'public',
  }),
  distribution: field(z.string(), {
    description: 'Distribution, normalised.',
    sensitivity: 'public',
    source: 'PEP 503',
  }),
  version: field(z.string().optional(), {
    description: 'Exact version, where known.',
    sensitivity: 'public',
    source: 'PEP 440',
  }),
  specifier: field(z.string().optional(), {
    description: 'Version range asked for.',
    sensitivity: 'public',
    source: 'PEP 440',
  }),
  ground: field(
    z.enum(['import', 'installed', 'requirements', 'script-header', 'lock-file', 'pip-call', 'shell', 'notebook']),
    { description: 'How it is known.', sensitivity: 'public' },
  ),
  place: SourcePlace.optional(),
});
export type PackageUse = z.infer<typeof PackageUse>;

/** What is wrong with a distribution. */
export const PackageVerdict = z.object({
  distribution: z.string(),
  version: z.string().optional(),
  kind: field(z.enum(['vulnerable', 'malicious', 'squat', 'unknown-name']), {
    description: 'What it is.',
    sensitivity: 'public',
  }),
  advisories: field(z.array(z.string()), { description: 'Advisory ids, the best known first.', sensitivity: 'public' }),
  severity: Severity,
  isKnownExploited: field(z.boolean(), {
    description: 'Whether an alias stands in the KEV list.',
    sensitivity: 'public',
    source: 'CISA KEV',
  }),
  epss: field(z.number().min(0).max(1).optional(), {
    description:
      'Highest probability among the advisories that somebody uses the hole within 30 days, where the data has one.',
    sensitivity: 'public',
    source: 'FIRST EPSS',
  }),
  fixedIn: field(z.string().optional(), {
    description: 'Lowest version without any of the advisories.',
    sensitivity: 'public',
  }),
  resembles: field(z.string().optional(), { description: 'Name that a squat imitates.', sensitivity: 'public' }),
  dataDate: field(z.iso.date().optional(), {
    description: 'Date of the advisory data; absent: no data imported.',
    sensitivity: 'public',
  }),
});
export type PackageVerdict = z.infer<typeof PackageVerdict>;

/** A rule pack that was used. */
export const PackUse = z.object({
  name: field(z.string(), { description: 'Name of the pack.', sensitivity: 'public' }),
  version: field(z.int().positive(), { description: 'Its version.', sensitivity: 'public' }),
  expired: field(z.array(z.string()).optional(), {
    description: 'Its entries that no longer count, by what they are about.',
    sensitivity: 'internal',
  }),
});
export type PackUse = z.infer<typeof PackUse>;

/** A finding that a company pack took out, and on whose word. */
export const SuppressedFinding = z.object({
  kind: field(z.enum(['secret', 'weakness', 'flow', 'capability', 'package']), {
    description: 'What it is.',
    sensitivity: 'public',
  }),
  ruleId: field(z.string(), { description: 'Rule that found it.', sensitivity: 'public' }),
  title: field(z.string(), { description: 'For people, without any value.', sensitivity: 'internal' }),
  place: SourcePlace.optional(),
  suppressedBy: field(
    z.object({
      pack: z.string(),
      change: z.enum(['off', 'allow']),
      reason: z.string(),
      author: z.string(),
      until: z.iso.date(),
    }),
    { description: 'Entry of the pack that took it out.', sensitivity: 'internal' },
  ),
});
export type SuppressedFinding = z.infer<typeof SuppressedFinding>;

/** All that analysis says of one source. */
export const Analysis = z.object({
  path: field(z.string(), { description: 'Path as given.', sensitivity: 'internal' }),
  sha256: field(z.string(), { description: 'SHA-256 of the bytes.', sensitivity: 'public' }),
  language: field(z.enum(['python3', 'python2', 'notebook', 'archive', 'not-python']), {
    description: 'What it is.',
    sensitivity: 'public',
  }),
  parse: field(z.enum(['clean', 'with-errors', 'failed']), {
    description: 'Whether the source parsed.',
    sensitivity: 'public',
  }),
  imports: field(z.array(z.string()), { description: 'Top-level modules, sorted.', sensitivity: 'public' }),
  capabilities: z.array(Capability),
  flows: z.array(Flow),
  hosts: field(z.array(z.string()), { description: 'Host names in literals, sorted.', sensitivity: 'internal' }),
  places: field(z.object({ files: z.array(z.string()), tables: z.array(z.string()) }).optional(), {
    description: 'Files and database tables that literals name, sorted; absent where they were not looked for.',
    sensitivity: 'internal',
  }),
  secrets: z.array(SecretFound),
  weaknesses: z.array(Weakness),
  packages: z.array(PackageUse),
  verdicts: z.array(PackageVerdict),
  dataLabels: field(z.array(DataLabel).optional(), {
    description: 'Kinds of personal data that the code names as columns, keys or in queries; absent: none.',
    sensitivity: 'internal',
  }),
  unresolved: field(z.object({ calls: z.int().nonnegative(), reasons: z.array(z.string()) }), {
    description: 'What could not be resolved; never silently clean.',
    sensitivity: 'public',
  }),
  failures: field(z.array(z.string()), {
    description: 'Parts of the analysis that failed, each with its reason.',
    sensitivity: 'public',
  }),
  suppressed: field(z.array(SuppressedFinding).optional(), {
    description: 'Findings that a company pack took out; never silently dropped.',
    sensitivity: 'internal',
  }),
  packs: field(z.array(PackUse).optional(), {
    description: 'Rule packs behind it, the one that ships first.',
    sensitivity: 'public',
  }),
  advisoryDate: field(z.iso.date().optional(), {
    description: 'Date of the advisory data; absent: no data imported, packages were not checked.',
    sensitivity: 'public',
  }),
});
export type Analysis = z.infer<typeof Analysis>;
