import type { Activity } from '@sentinel/protocol';
import type { ReactNode } from 'react';
import { attributeText, targetOf, titleOf } from '../../ui/activity-words.ts';
import { formatBytes } from '../../ui/format-bytes.ts';
import { formatCount } from '../../ui/format-count.ts';
import type { LaneId } from '../../ui/lanes.ts';
import type { Column } from '../../ui/table.tsx';
import { Time } from '../../ui/time.tsx';

/** A column over activities. */
export interface ActivityColumn extends Column {
  readonly className?: string;
  readonly cell: (activity: Activity) => ReactNode;
}

const times = number('Times', ({ count }) => count, formatCount);
const errors = number('Errors', (activity) => activity.errors, formatCount);
const first: ActivityColumn = { title: 'First seen', cell: ({ firstSeen }) => <Time iso={firstSeen} /> };

const COLUMNS: Record<LaneId, readonly ActivityColumn[]> = {
  modules: [
    {
      title: 'Library',
      cell: (activity) => attributeText(activity, 'sentinel.distribution.name') || targetOf(activity),
    },
    attribute('Version', 'sentinel.distribution.version', 'nowrap'),
    attribute('Module', 'sentinel.module.name', 'mono'),
    attribute('From', 'sentinel.module.kind', 'nowrap'),
    attribute('Place', 'sentinel.module.path', 'mono cell-path'),
    first,
  ],
  files: [
    { title: 'File', className: 'mono cell-path', cell: fileText },
    attribute('Operation', 'sentinel.file.operation', 'nowrap'),
    { title: 'Place', className: 'nowrap', cell: placeText },
    number('Rows', ({ rows }) => counted(rows), formatCount),
    number('Size', (activity) => numberOf(activity, 'file.size'), formatBytes),
    times,
    number('Read', ({ bytesIn }) => counted(bytesIn), formatBytes),
    number('Written', ({ bytesOut }) => counted(bytesOut), formatBytes),
    first,
  ],
  network: [
    { title: 'Host', className: 'cell-path', cell: hostText },
    { title: 'What', className: 'nowrap', cell: networkText },
    attribute('Path', 'url.template', 'mono cell-path'),
    attribute('Status', 'http.response.status_code', 'num', true),
    times,
    number('Sent', ({ bytesOut }) => bytesOut, formatBytes),
    number('Received', ({ bytesIn }) => bytesIn, formatBytes),
    errors,
    first,
  ],
  ai: [
    { title: 'Model or tool', cell: targetOf },
    {
      title: 'What',
      className: 'nowrap',
      cell: (activity) =>
        attributeText(activity, 'gen_ai.operation.name') || attributeText(activity, 'mcp.method.name'),
    },
    attribute('Provider', 'gen_ai.provider.name', 'nowrap'),
    attribute('Host', 'server.address', 'cell-path'),
    times,
    number('Tokens in', (activity) => numberOf(activity, 'gen_ai.usage.input_tokens'), formatCount),
    number('Tokens out', (activity) => numberOf(activity, 'gen_ai.usage.output_tokens'), formatCount),
    attribute('Secrets', 'sentinel.ai.secret_kinds', 'cell-text'),
    attribute('Personal data', 'sentinel.ai.pii_kinds', 'cell-text'),
    errors,
    first,
  ],
  databases: [
    attribute('System', 'db.system.name', 'nowrap'),
    attribute('Database', 'db.namespace', 'mono cell-path'),
    {
      title: 'Operation',
      className: 'nowrap',
      cell: (activity) => attributeText(activity, 'db.operation.name') || titleOf(activity),
    },
    attribute('Tables', 'db.collection.name', 'cell-text'),
    number('Rows', ({ rows }) => rows, formatCount),
    times,
    errors,
    attribute('Statement', 'db.query.summary', 'mono cell-path'),
    first,
  ],
  processes: [
    {
      title: 'Program',
      className: 'nowrap',
      cell: (activity) =>
        activity.type === 'process.spawn' ? attributeText(activity, 'process.executable.name') : targetOf(activity),
    },
    attribute('Path', 'process.executable.path', 'mono cell-path'),
    {
      title: 'Launched by',
      className: 'mono nowrap',
      cell: (activity) =>
        attributeText(activity, 'sentinel.process.launcher') || attributeText(activity, 'sentinel.code.kind'),
    },
    attribute('Packages', 'sentinel.package.names', 'cell-text'),
    { title: 'Shell', cell: (activity) => (activity.attributes['sentinel.process.shell'] === true ? 'yes' : 'no') },
    attribute('Arguments', 'sentinel.process.argument_shape', 'cell-text'),
    times,
    errors,
    first,
  ],
  desktop: [
    { title: 'What', className: 'nowrap', cell: targetOf },
    attribute('Member', 'sentinel.com.member', 'mono nowrap'),
    attribute('Host', 'server.address', 'cell-path'),
    attribute('Library', 'sentinel.library.name', 'mono nowrap'),
    times,
    first,
  ],
  probe: [{ title: 'Type', className: 'nowrap', cell: titleOf }, { title: 'What', cell: targetOf }, times, first],
  other: [
    { title: 'Type', cell: ({ type }) => type },
    { title: 'Facts', className: 'mono cell-path', cell: factsText },
    times,
    first,
  ],
};

/** Columns of the table of a lane. */
export function columnsOf(lane: LaneId): readonly ActivityColumn[] {
  return COLUMNS[lane];
}

function attribute(title: string, name: string, className?: string, numeric = false): ActivityColumn {
  return {
    title,
    ...(numeric ? { numeric } : {}),
    ...(className === undefined ? {} : { className }),
    cell: (activity) => attributeText(activity, name) || <span className="muted">–</span>,
  };
}

function number(
  title: string,
  of: (activity: Activity) => number | undefined,
  format: (value: number) => string,
): ActivityColumn {
  return {
    title,
    numeric: true,
    className: 'num',
    cell: (activity) => {
      const value = of(activity);
      if (value === undefined) return <span className="muted">–</span>;
      return value === 0 ? <span className="muted">{format(0)}</span> : format(value);
    },
  };
}

/** Kind of place, with the sync client behind it. */
function placeText(activity: Activity): string {
  const place = attributeText(activity, 'sentinel.file.place').replaceAll('_', ' ');
  const provider = attributeText(activity, 'sentinel.file.provider').replaceAll('_', ' ');
  return provider === '' ? place : `${place} (${provider})`;
}

/** Bytes of a file: none may mean that nobody counted them, so none is not shown as zero. */
function counted(bytes: number): number | undefined {
  return bytes === 0 ? undefined : bytes;
}

function numberOf(activity: Activity, name: string): number | undefined {
  const value = activity.attributes[name];
  return typeof value === 'number' ? value : undefined;
}

function fileText(activity: Activity): string {
  const target = attributeText(activity, 'sentinel.file.path.target');
  return target === '' ? targetOf(activity) : `${targetOf(activity)} → ${target}`;
}

function hostText(activity: Activity): string {
  const port = attributeText(activity, 'server.port') || attributeText(activity, 'network.local.port');
  return port === '' ? targetOf(activity) : `${targetOf(activity)}:${port}`;
}

function networkText(activity: Activity): string {
  const method = attributeText(activity, 'http.request.method');
  if (method !== '') return `${attributeText(activity, 'url.scheme')} ${method}`;
  if (activity.type === 'mail.send') return `mail through ${attributeText(activity, 'sentinel.library.name')}`;
  if (activity.type === 'storage.call')
    return `${attributeText(activity, 'cloud.provider')} ${attributeText(activity, 'sentinel.storage.operation')}`;
  const transport = attributeText(activity, 'network.transport');
  return activity.type === 'net.listen' ? `${transport} listener` : `${transport} connection`;
}

function factsText(activity: Activity): string {
  return Object.keys(activity.attributes)
    .map((name) => `${name}=${attributeText(activity, name)}`)
    .join('  ');
}
