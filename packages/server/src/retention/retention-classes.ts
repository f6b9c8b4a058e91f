import type { RetentionClass } from '@sentinel/protocol';
import { sql } from 'kysely';
import type { ControlStore } from '../store/control-store.ts';
import type { EventStore } from '../store/event-store.ts';
import { auditRows } from './audit-rows.ts';
import { controlRows } from './control-rows.ts';
import { eventRows } from './event-rows.ts';
import type { RetainedRows } from './retained-rows.ts';

/** How one class is kept. */
export interface ClassOfRows {
  /** Days without another rule; null for always. */
  readonly defaultDays: number | null;
  readonly shortestDays: number;
  rows(stores: { control: ControlStore; events: EventStore }): readonly RetainedRows[];
}

const isUser = (name: string) => sql<boolean>`user_name = ${name}`;

/** Every class. A test holds that each table of the event store belongs to one. */
export const RETENTION_CLASSES: Readonly<Record<RetentionClass, ClassOfRows>> = {
  activities: {
    defaultDays: 90,
    shortestDays: 1,
    rows: ({ events }) => [eventRows(events, 'activity', 'first_seen')],
  },
  runs: {
    defaultDays: 400,
    shortestDays: 1,
    rows: ({ events, control }) => [
      eventRows(events, 'run', 'started_at'),
      controlRows(control, {
        table: 'judged_run',
        isDerived: true,
        time: 'started_at',
        user: isUser,
        script: 'script_id',
        endpoint: 'endpoint_id',
        with: [{ table: 'run_touch', column: 'run_id', of: 'run_id' }],
      }),
      controlRows(control, { table: 'labelled_file', isDerived: true, time: 'seen_at', endpoint: 'endpoint_id' }),
      controlRows(control, { table: 'sampled_file', isDerived: true, time: 'sampled_at', endpoint: 'endpoint_id' }),
    ],
  },
  rollups: {
    defaultDays: null,
    shortestDays: 30,
    rows: ({ control }) => [
      controlRows(control, { table: 'family_event', time: 'at' }),
      controlRows(control, { table: 'notification', time: 'at' }),
    ],
  },
  findings: {
    defaultDays: 730,
    shortestDays: 30,
    rows: ({ control }) => [
      controlRows(control, {
        table: 'finding',
        time: 'last_seen_at',
        user: isUser,
        script: 'script_id',
        endpoint: 'endpoint_id',
        with: [
          { table: 'finding_run', column: 'fingerprint', of: 'fingerprint' },
          { table: 'finding_event', column: 'fingerprint', of: 'fingerprint' },
        ],
      }),
    ],
  },
  vault: {
    defaultDays: null,
    shortestDays: 30,
    rows: ({ control }) => [
      controlRows(control, {
        table: 'vault_version',
        time: 'collected_at',
        // A copy belongs to a script, and through its copies on endpoints to the accounts that have it.
        user: (name) => sql`script_id in (select script_id from family_copy where user_name = ${name})`,
        script: 'script_id',
        endpoint: 'endpoint_id',
      }),
    ],
  },
  audit: { defaultDays: null, shortestDays: 365, rows: ({ control }) => [auditRows(control)] },
  quarantine: {
    defaultDays: 30,
    shortestDays: 1,
    rows: ({ control }) => [
      controlRows(control, { table: 'quarantine', time: 'received_at', endpoint: 'endpoint_id' }),
    ],
  },
};
