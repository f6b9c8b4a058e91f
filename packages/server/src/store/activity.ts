import {
  type Activity,
  type ActivityType,
  type Attributes,
  type AttributeValue,
  activityTypes,
  type Decision,
  isAttributeName,
  parseAttribute,
} from '@sentinel/protocol';
import type { Origin } from './run.ts';

/** What an activity takes over from its run. */
export interface Owner {
  /** Empty while the run is not known; queries by script then look at the run. */
  readonly scriptId: string;
  readonly userName: string;
}

/** An activity as the event store gives it back. */
export interface ActivityRecord {
  readonly run_id: string;
  readonly id: number;
  readonly revision: number;
  readonly type: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly unmapped: string;
  readonly count: number;
  readonly bytes_in: number;
  readonly bytes_out: number;
  readonly rows: number;
  readonly errors: number;
  readonly first_seen: string;
  readonly last_seen: string;
  readonly decision: string;
}

/** Attribute that says how, beside the target that says what; the first one present. */
const DETAIL: Readonly<Record<string, readonly string[]>> = {
  'ai.request': ['gen_ai.provider.name'],
  'db.connect': ['db.system.name'],
  'db.query': ['db.operation.name'],
  'file.change': ['sentinel.file.operation'],
  'file.open': ['sentinel.file.operation'],
  'http.request': ['http.request.method'],
  'http.serve': ['http.request.method'],
  'mcp.call': ['mcp.method.name'],
  'module.import': ['sentinel.distribution.version', 'sentinel.module.kind'],
  'net.accept': ['network.local.port', 'network.transport'],
  'net.connect': ['server.port', 'network.transport'],
  'net.listen': ['network.local.port', 'network.transport'],
  'package.install': ['sentinel.distribution.version', 'sentinel.package.installer'],
  'process.spawn': ['sentinel.process.launcher'],
};

/** Attribute that names a database; the first one present. */
const DATABASE = ['db.namespace', 'server.address', 'db.system.name'];

/** Columns that an insert fills. */
export const activityColumns: readonly string[] = [
  'run_id',
  'id',
  'endpoint_id',
  'revision',
  'type',
  'target',
  'detail',
  'library',
  'database',
  'script_id',
  'user_name',
  'attributes',
  'unmapped',
  'count',
  'bytes_in',
  'bytes_out',
  'rows',
  'errors',
  'first_seen',
  'last_seen',
  'decision',
  'spool_id',
  'sequence',
];

/** Columns that a query reads, for `SELECT`. */
export const activitySelection =
  'run_id, id, revision, type, attributes, unmapped, count, bytes_in, bytes_out, rows, errors, first_seen, last_seen, decision';

/** One line of an insert. */
export function encodeActivity(activity: Activity, origin: Origin, owner: Owner): string {
  const { attributes } = activity;
  const types: Readonly<Record<string, ActivityType>> = activityTypes;
  return JSON.stringify([
    activity.runId,
    activity.id,
    origin.endpointId,
    activity.revision,
    activity.type,
    firstOf(attributes, types[activity.type]?.target ?? []),
    firstOf(attributes, DETAIL[activity.type] ?? []),
    activity.type === 'module.import' ? firstOf(attributes, ['sentinel.distribution.name']) : '',
    activity.type.startsWith('db.') ? firstOf(attributes, DATABASE) : '',
    owner.scriptId,
    owner.userName,
    toText(attributes),
    activity.unmapped === undefined ? '' : JSON.stringify(activity.unmapped),
    activity.count,
    activity.bytesIn,
    activity.bytesOut,
    activity.rows,
    activity.errors,
    activity.firstSeen,
    activity.lastSeen,
    activity.decision === undefined ? '' : JSON.stringify(activity.decision),
    origin.spoolId,
    origin.sequence,
  ]);
}

/** The domain shape of a row. */
export function toActivity(row: ActivityRecord): Activity {
  const attributes: Attributes = {};
  for (const [name, text] of Object.entries(row.attributes)) {
    attributes[name] = isAttributeName(name) ? parseAttribute(name, text) : text;
  }
  return {
    runId: row.run_id,
    id: row.id,
    revision: row.revision,
    type: row.type,
    attributes,
    ...(row.unmapped === '' ? {} : { unmapped: JSON.parse(row.unmapped) as Attributes }),
    count: row.count,
    bytesIn: row.bytes_in,
    bytesOut: row.bytes_out,
    rows: row.rows,
    errors: row.errors,
    firstSeen: row.first_seen,
    lastSeen: row.last_seen,
    ...(row.decision === '' ? {} : { decision: JSON.parse(row.decision) as Decision }),
  };
}

function firstOf(attributes: Attributes, names: readonly string[]): string {
  for (const name of names) {
    const value = attributes[name];
    if (value !== undefined && value !== '') return asText(value);
  }
  return '';
}

function toText(attributes: Attributes): Record<string, string> {
  const texts: Record<string, string> = {};
  for (const name in attributes) texts[name] = asText(attributes[name] as AttributeValue);
  return texts;
}

function asText(value: AttributeValue): string {
  return Array.isArray(value) ? value.join(',') : String(value);
}
