import { z } from 'zod';
import { Activity, Timestamp } from './activity.ts';
import { field } from './field.ts';
import { Run } from './run.ts';

/** Largest batch body that the server takes, after inflation. An agent splits a larger one. */
export const MAX_BATCH_BYTES = 8 * 1024 * 1024;

/** Protocol major that this source speaks. */
export const PROTOCOL_VERSION = 1;

/**
 * What every batch has, whatever its rows. The server reads it before the rows, so that a batch
 * with a bad row is told apart from something that is no batch.
 */
export const BatchEnvelope = z.object({
  protocolVersion: field(z.int().positive(), { description: 'Protocol major.', sensitivity: 'public' }),
  spoolId: field(z.uuid(), {
    description: 'Id of the spool; new when an agent lost its spool, so numbers never collide.',
    sensitivity: 'public',
  }),
  sequence: field(z.int().positive(), {
    description: 'Number of the batch within its spool, from 1, never reused.',
    sensitivity: 'public',
  }),
  createdAt: field(Timestamp, {
    description: 'When it was made, by the clock of the endpoint.',
    sensitivity: 'public',
  }),
  runs: field(z.array(z.unknown()), { description: 'Runs, new or changed.', sensitivity: 'internal' }),
  activities: field(z.array(z.unknown()), { description: 'Activities, new or changed.', sensitivity: 'internal' }),
});
export type BatchEnvelope = z.infer<typeof BatchEnvelope>;

/** The unit of upload. */
export const Batch = BatchEnvelope.extend({
  runs: field(z.array(Run), { description: 'Runs, new or changed.', sensitivity: 'internal' }),
  activities: field(z.array(Activity), { description: 'Activities, new or changed.', sensitivity: 'internal' }),
});
export type Batch = z.infer<typeof Batch>;

/** The server's answer once a batch is durable. */
export const BatchAcknowledgement = z.object({
  spoolId: field(z.uuid(), { description: 'As sent.', sensitivity: 'public' }),
  sequence: field(z.int().positive(), { description: 'As sent.', sensitivity: 'public' }),
  status: field(z.enum(['stored', 'duplicate']), {
    description: 'Stored now, or stored before and left alone.',
    sensitivity: 'public',
  }),
  rowsStored: field(z.int().nonnegative(), { description: 'Rows stored by this batch.', sensitivity: 'public' }),
  rowsSetAside: field(z.int().nonnegative(), {
    description: 'Malformed rows kept in quarantine with their reason.',
    sensitivity: 'public',
  }),
});
export type BatchAcknowledgement = z.infer<typeof BatchAcknowledgement>;
