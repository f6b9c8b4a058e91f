import { z } from 'zod';
import { Attributes } from './attributes.ts';
import { Decision } from './decision.ts';
import { field } from './field.ts';

const COUNTER = z.int().nonnegative();

/** Time as ISO 8601 in UTC with milliseconds. */
export const Timestamp = z.iso.datetime({ precision: 3 });

/** What was observed, as a report of one run shows it. */
export const ObservedActivity = z.object({
  id: field(z.int().positive(), {
    description: 'Ordinal within the run, in the order of first sight. (runId, id) is unique.',
    sensitivity: 'public',
  }),
  type: field(z.string().regex(/^[a-z]+\.[a-z]+$/), {
    description: 'Activity type, noun.verb.',
    sensitivity: 'public',
  }),
  attributes: field(Attributes, {
    description: 'Facts by dotted name; see the attribute dictionary.',
    sensitivity: 'internal',
  }),
  unmapped: field(Attributes.optional(), {
    description: 'Facts whose name the dictionary does not know.',
    sensitivity: 'internal',
    source: 'OCSF unmapped',
  }),
  count: field(COUNTER, { description: 'How often it was seen.', sensitivity: 'public' }),
  bytesIn: field(COUNTER, { description: 'Bytes received or read.', sensitivity: 'public', unit: 'By' }),
  bytesOut: field(COUNTER, { description: 'Bytes sent or written.', sensitivity: 'public', unit: 'By' }),
  rows: field(COUNTER, { description: 'Rows fetched or changed.', sensitivity: 'public', unit: '{row}' }),
  errors: field(COUNTER, { description: 'How often it failed.', sensitivity: 'public' }),
  firstSeen: field(Timestamp, { description: 'When it was first seen.', sensitivity: 'public' }),
  lastSeen: field(Timestamp, { description: 'When it was last seen.', sensitivity: 'public' }),
  decision: field(Decision.optional(), { description: 'What policy said of it.', sensitivity: 'public' }),
});
export type ObservedActivity = z.infer<typeof ObservedActivity>;

/**
 * One thing observed in a run: one row per distinct kind and target.
 *
 * Counters are totals, not differences, so a later revision replaces an earlier one and a repeated
 * one changes nothing.
 */
export const Activity = ObservedActivity.extend({
  runId: field(z.uuid(), { description: 'Run that it belongs to.', sensitivity: 'public' }),
  revision: field(z.int().nonnegative(), {
    description: 'Grows with every change of this row; the highest wins.',
    sensitivity: 'public',
  }),
});
export type Activity = z.infer<typeof Activity>;
