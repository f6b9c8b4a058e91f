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
    attribute('Program', 'process.executable.name', 'nowrap'),
    attribute('Path', 'process.executable.path', 'mono cell-path'),
    attribute('Launched by', 'sentinel.process.launcher', 'mono nowrap'),
    { title: 'Shell', cell: (activity) => (activity.attributes['sentinel.process.shell'] === true ? 'yes' : 'no') },
    attribute('Arguments', 'sentinel.process.argument_shape', 'cell-text'),
    times,
    errors,
    first,
  ],
  probe: [{ title: 'Fault', cell: targetOf }, times, first],
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
  const transport = attributeText(activity, 'network.transport');
  return activity.type === 'net.listen' ? `${transport} listener` : `${transport} connection`;
}

function factsText(activity: Activity): string {
  return Object.keys(activity.attributes)
    .map((name) => `${name}=${attributeText(activity, name)}`)
    .join('  ');
}
