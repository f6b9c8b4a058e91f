import { basename, dirname, relative } from 'node:path';
import type { Attributes, ObservedActivity, Run, RunReport } from '@sentinel/protocol';
import type { DemoFolder } from './demo-folder.ts';

const READ = 'read';

/** Says in plain words what a run did: rows, files, hosts, programs, libraries, cost. */
export function describeRun(report: RunReport, folder: DemoFolder): string[] {
  const { run, activities } = report;
  return [
    ...describeDatabases(activities),
    ...describeFiles(activities, folder),
    ...describeHosts(activities),
    ...describePrograms(activities),
    ...describeLibraries(activities),
    ...(run === null ? [] : describeCost(run)),
  ];
}

function describeCost(run: Run): string[] {
  const cpuMs = (run.cpuUserMs ?? 0) + (run.cpuSystemMs ?? 0);
  const cost = [
    run.durationMs === undefined ? undefined : `took ${seconds(run.durationMs)}`,
    cpuMs > 0 ? `${seconds(cpuMs)} of processor time` : undefined,
    run.peakMemoryBytes === undefined ? undefined : `${bytes(run.peakMemoryBytes)} of memory at most`,
  ].filter((part) => part !== undefined);
  return [
    `As ${run.user.name} on ${run.hostName} with Python ${run.interpreter.version}${cost.map((part) => `, ${part}`).join('')}.`,
  ];
}

function describeDatabases(activities: readonly ObservedActivity[]): string[] {
  const queries = activities.filter(({ type, rows }) => type === 'db.query' && rows > 0);
  return [
    ...sumBy(
      queries,
      (activity) => `${text(activity.attributes, 'db.operation.name')} ${text(activity.attributes, 'db.namespace')}`,
    ),
  ].map(([, { first, rows }]) => {
    const operation = text(first.attributes, 'db.operation.name');
    const verb = operation === 'SELECT' ? 'Read' : (WRITES[operation] ?? operation);
    return `${verb} ${count(rows, 'row')} ${operation === 'SELECT' ? 'from' : 'in'} the database ${basename(text(first.attributes, 'db.namespace'))}.`;
  });
}

const WRITES: Readonly<Record<string, string>> = { INSERT: 'Inserted', UPDATE: 'Updated', DELETE: 'Deleted' };

function describeFiles(activities: readonly ObservedActivity[], folder: DemoFolder): string[] {
  const files = activities.filter(
    ({ type, attributes }) =>
      type === 'file.open' && !relative(folder.root, text(attributes, 'file.path')).startsWith('..'),
  );
  const isRead = ({ attributes }: ObservedActivity) => text(attributes, 'sentinel.file.operation') === READ;
  const place = (path: string) => relative(folder.root, path);
  const isData = ({ attributes }: ObservedActivity) => {
    const path = text(attributes, 'file.path');
    return (
      [folder.people, folder.share].some((root) => !relative(root, path).startsWith('..')) && !/\.(py|ini)$/.test(path)
    );
  };
  const read = [
    ...sumBy(
      files.filter((file) => isRead(file) && isData(file)),
      ({ attributes }) => dirname(text(attributes, 'file.path')),
    ),
  ].map(([directory, { first, kinds }]) =>
    kinds === 1
      ? `Read the file ${place(text(first.attributes, 'file.path'))}.`
      : `Read ${kinds} files in ${place(directory)}.`,
  );
  const written = [
    ...sumBy(
      files.filter((file) => !isRead(file) && isData(file)),
      ({ attributes }) => text(attributes, 'file.path'),
    ),
  ].map(([path, { first, bytesOut }]) => {
    const size = bytesOut > 0 ? bytesOut : Number(first.attributes['file.size'] ?? 0);
    return `Wrote ${place(path)}${size > 0 ? ` (${bytes(size)})` : ''}.`;
  });
  const deleted = activities
    .filter(
      ({ type, attributes }) => type === 'file.change' && text(attributes, 'sentinel.file.operation') === 'delete',
    )
    .filter(isData)
    .map(({ attributes }) => `Deleted ${place(text(attributes, 'file.path'))}.`);
  return [...read, ...written, ...deleted];
}

function describeHosts(activities: readonly ObservedActivity[]): string[] {
  const connections = activities.filter(
    ({ type, attributes }) => type === 'net.connect' && text(attributes, 'network.transport') !== 'unix',
  );
  const host = ({ attributes }: ObservedActivity) =>
    `${text(attributes, 'server.address') || text(attributes, 'network.peer.address')}:${text(attributes, 'server.port')}`;
  return [...sumBy(connections, host)].map(
    ([name, { bytesIn, bytesOut }]) => `Talked to ${name}: ${bytes(bytesOut)} sent, ${bytes(bytesIn)} received.`,
  );
}

function describePrograms(activities: readonly ObservedActivity[]): string[] {
  const programs = activities.filter(({ type }) => type === 'process.spawn');
  return [...sumBy(programs, ({ attributes }) => text(attributes, 'process.executable.name'))].map(
    ([name, sum]) => `Launched the program ${name}${sum.count > 1 ? ` ${sum.count} times` : ''}.`,
  );
}

function describeLibraries(activities: readonly ObservedActivity[]): string[] {
  const libraries = new Set<string>();
  for (const { type, attributes } of activities) {
    const name = text(attributes, 'sentinel.distribution.name');
    if (type === 'module.import' && name !== '')
      libraries.add(`${name} ${text(attributes, 'sentinel.distribution.version')}`.trim());
  }
  return libraries.size === 0 ? [] : [`Used ${[...libraries].sort().join(', ')}.`];
}

/** Totals of activities that share a key. */
interface Sum {
  readonly first: ObservedActivity;
  /** How many activities. */
  kinds: number;
  count: number;
  rows: number;
  bytesIn: number;
  bytesOut: number;
}

function sumBy(activities: readonly ObservedActivity[], key: (activity: ObservedActivity) => string): Map<string, Sum> {
  const sums = new Map<string, Sum>();
  for (const activity of activities) {
    const name = key(activity);
    const sum = sums.get(name) ?? { first: activity, kinds: 0, count: 0, rows: 0, bytesIn: 0, bytesOut: 0 };
    sum.kinds += 1;
    sum.count += activity.count;
    sum.rows += activity.rows;
    sum.bytesIn += activity.bytesIn;
    sum.bytesOut += activity.bytesOut;
    sums.set(name, sum);
  }
  return sums;
}

function text(attributes: Attributes, name: string): string {
  const value = attributes[name];
  return value === undefined ? '' : String(value);
}

function count(value: number, noun: string): string {
  return `${value.toLocaleString('en')} ${noun}${value === 1 ? '' : 's'}`;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}

function bytes(value: number): string {
  if (value < 1000) return `${value} B`;
  if (value < 1e6) return `${(value / 1e3).toFixed(1)} kB`;
  return value < 1e9 ? `${(value / 1e6).toFixed(1)} MB` : `${(value / 1e9).toFixed(1)} GB`;
}
