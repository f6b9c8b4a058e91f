import type { ObservedActivity, PlaceLabels } from '@sentinel/protocol';
import { matchesGlob } from '../context/glob.ts';
import { isUnder } from '../context/known-hosts.ts';
import { lineOf, textOf } from './activity-facts.ts';
import { databaseName, tablesOf } from './databases.ts';
import type { RunView } from './run-view.ts';
import { fileName } from './sentence.ts';

/** Something that data was read from. */
export interface DataSource {
  readonly activity: ObservedActivity;
  readonly kind: 'file' | 'database' | 'http';
  /** For people. */
  readonly name: string;
  /** Kinds of data; empty where nothing is known. */
  readonly labels: readonly string[];
  /** How the labels are known: the company's map, an earlier run's copy, a sample of the file, or names in the script's code. */
  readonly ground: 'place' | 'earlier-run' | 'sample' | 'code' | 'none';
  readonly isOnShare: boolean;
  readonly rows: number;
  readonly bytes: number;
}

/** Files of the interpreter and the system that no script reads for their data. */
const MACHINERY = /[\\/](?:site-packages|dist-packages|__pycache__|zoneinfo|tzdata)[\\/]|\.(?:py|pyc|pyd|so|dll)$/i;

/** Where data of a run came from: files, databases, labelled hosts. */
export function findSources(view: RunView): readonly DataSource[] {
  return [...fileSources(view), ...databaseSources(view), ...hostSources(view)];
}

function fileSources(view: RunView): DataSource[] {
  const sources: DataSource[] = [];
  const { fileLabels, sampledLabels, labels: places } = view.context;
  const rows = rowsByPath(view);
  for (const activity of view.ofType('file.open')) {
    if (activity.attributes['sentinel.file.operation'] !== 'read') continue;
    const path = textOf(activity, 'file.path');
    if (activity.attributes['sentinel.file.place'] === 'system' || MACHINERY.test(path)) continue;
    const found = places.filter(({ kind, match }) => kind === 'path' && matchesGlob(path, match));
    const ofPlace = found.flatMap(({ labels }) => labels);
    const ofRun = fileLabels[path] ?? [];
    const ofSample = ofPlace.length > 0 ? [] : (sampledLabels[path] ?? []);
    const isKnown = ofPlace.length + ofRun.length + ofSample.length > 0;
    const ofCode = isKnown ? [] : codeLabels(view, activity, 'file');
    const labels = [...new Set([...ofPlace, ...ofRun, ...ofSample, ...ofCode])];
    sources.push({
      activity,
      kind: 'file',
      name: found.find(({ name }) => name !== undefined)?.name ?? fileName(path),
      labels,
      ground: groundOf({ place: ofPlace, 'earlier-run': ofRun, sample: ofSample, code: ofCode }),
      isOnShare: activity.attributes['sentinel.file.place'] === 'share' || found.some(({ place }) => place === 'share'),
      rows: rows.get(path) ?? 0,
      bytes: Math.max(activity.bytesIn, Number(activity.attributes['file.size'] ?? 0)),
    });
  }
  return sources;
}

/** The first ground that gave labels. */
function groundOf(
  labels: Readonly<Record<Exclude<DataSource['ground'], 'none'>, readonly string[]>>,
): DataSource['ground'] {
  const grounds = ['place', 'earlier-run', 'sample', 'code'] as const;
  return grounds.find((ground) => labels[ground].length > 0) ?? 'none';
}

function databaseSources(view: RunView): DataSource[] {
  const sources: DataSource[] = [];
  for (const activity of view.ofType('db.query')) {
    if (activity.attributes['db.operation.name'] !== 'SELECT' || activity.rows === 0) continue;
    const ofPlace = labelsOfDatabase(activity, view.context.labels);
    const ofCode = ofPlace.length > 0 ? [] : codeLabels(view, activity, 'database');
    sources.push({
      activity,
      kind: 'database',
      name: databaseName(activity, view.context),
      labels: [...new Set([...ofPlace, ...ofCode])],
      ground: ofPlace.length > 0 ? 'place' : ofCode.length > 0 ? 'code' : 'none',
      isOnShare: false,
      rows: activity.rows,
      bytes: activity.bytesIn,
    });
  }
  return sources;
}

function hostSources(view: RunView): DataSource[] {
  const places = view.context.labels.filter(({ kind }) => kind === 'host');
  if (places.length === 0) return [];
  return view.ofType('http.request').flatMap((activity) => {
    const host = textOf(activity, 'server.address').toLowerCase();
    const found = places.filter(({ match }) => isUnder(host, [match]));
    if (found.length === 0 || activity.bytesIn === 0) return [];
    return {
      activity,
      kind: 'http' as const,
      name: found.find(({ name }) => name !== undefined)?.name ?? host,
      labels: [...new Set(found.flatMap(({ labels }) => labels))],
      ground: 'place' as const,
      isOnShare: false,
      rows: 0,
      bytes: activity.bytesIn,
    };
  });
}

/** Labels of the tables of a statement and of its database. */
export function labelsOfDatabase(query: ObservedActivity, places: readonly PlaceLabels[]): string[] {
  if (places.length === 0) return [];
  const tables = tablesOf(query).map((name) => name.toLowerCase());
  const namespace = textOf(query, 'db.namespace');
  const host = textOf(query, 'server.address').toLowerCase();
  return places
    .filter(({ kind, match }) => {
      if (kind === 'table') return tables.some((table) => isTable(table, match.toLowerCase()));
      if (kind === 'database') return namespace !== '' && matchesGlob(namespace, match);
      return kind === 'host' && host !== '' && isUnder(host, [match]);
    })
    .flatMap(({ labels }) => labels);
}

/** `hr.salaries` is the table `salaries`; `salaries` may be that of any schema. */
function isTable(table: string, wanted: string): boolean {
  return table === wanted || table.endsWith(`.${wanted}`) || wanted.endsWith(`.${table}`);
}

/** Kinds that the source's own names promise for what this line reads. */
function codeLabels(view: RunView, activity: ObservedActivity, kind: DataSource['kind']): string[] {
  const flows = view.context.analysis?.flows ?? [];
  if (flows.length === 0) return [];
  const line = lineOf(activity);
  const ofLine = flows.filter(({ source }) => source.place.line === line);
  // A statement is executed in one line and its rows are fetched in another.
  const near =
    ofLine.length > 0 || kind !== 'database' ? ofLine : flows.filter(({ source }) => source.kind.startsWith('db'));
  const found = near.flatMap(({ source }) => source.labels ?? []);
  return found.length === 0 ? found : [...found, ...columnLabels(view)];
}

/** Labels that the company gives to columns which the source names. */
function columnLabels(view: RunView): string[] {
  const columns = view.context.labels.filter(({ kind }) => kind === 'column');
  if (columns.length === 0) return [];
  const names = new Set(
    (view.context.analysis?.dataLabels ?? []).flatMap((label) => label.names.map((name) => name.toLowerCase())),
  );
  return columns.filter(({ match }) => names.has(match.toLowerCase())).flatMap(({ labels }) => labels);
}

function rowsByPath(view: RunView): Map<string, number> {
  const rows = new Map<string, number>();
  for (const activity of view.ofType('document.use')) {
    if (activity.attributes['sentinel.file.operation'] !== 'read') continue;
    const path = textOf(activity, 'file.path');
    rows.set(path, (rows.get(path) ?? 0) + activity.rows);
  }
  return rows;
}
