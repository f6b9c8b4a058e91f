import type { ObservedActivity, Run } from '@sentinel/protocol';
import { z } from 'zod';

/** Measures of a run that are compared with earlier ones. */
export const MEASURES = {
  rowsRead: 'rows read from databases',
  bytesSent: 'bytes sent over the network',
  bytesReceived: 'bytes received over the network',
  filesRead: 'files read',
  filesWritten: 'files written',
  requests: 'requests',
  tokens: 'tokens of language models',
} as const;
export type Measure = keyof typeof MEASURES;

/** What is kept of one run for comparison; numbers and names of places only. */
export const RunSummary = z.strictObject({
  startedAt: z.string(),
  hostName: z.string(),
  measures: z.record(z.string(), z.number()),
  hosts: z.array(z.string()),
  databases: z.array(z.string()),
});
export type RunSummary = z.infer<typeof RunSummary>;

/** Middle and spread of a measure. */
export const Spread = z.strictObject({
  median: z.number(),
  /** Median of the distances to the median. */
  mad: z.number(),
  most: z.number(),
});
export type Spread = z.infer<typeof Spread>;

/** What the script did in its earlier runs. */
export const Baseline = z.strictObject({
  runs: z.int().nonnegative(),
  measures: z.record(z.string(), Spread),
  /** Minutes of the day (UTC) at which runs began. */
  startMinutes: z.array(z.int().min(0).max(1439)),
  hosts: z.array(z.string()),
  databases: z.array(z.string()),
  machines: z.array(z.string()),
});
export type Baseline = z.infer<typeof Baseline>;

/** Runs that a comparison needs at least; before, it stays quiet. */
export const LEAST_RUNS = 8;

/** Standard deviation of a normal distribution in units of the median absolute deviation. Source: Rousseeuw and Croux 1993. */
const MAD_SCALE = 1.4826;
/** Robust standard deviations beyond which a value is an outlier. Source: Iglewicz and Hoaglin 1993 give 3.5; twice that is quieter. */
const OUTLIER = 7;
/** A value must also be this many times the median: a script that always does the same has no spread. */
const LEAST_RATIO = 3;

/** Whether a value stands out from earlier ones. */
export function isUnusual(value: number, spread: Spread, least: number): boolean {
  if (value < least || value <= spread.most) return false;
  return value > spread.median + OUTLIER * MAD_SCALE * spread.mad && value >= LEAST_RATIO * spread.median;
}

/** Summary of one run. */
export function summariseRun(run: Run, activities: readonly ObservedActivity[]): RunSummary {
  const measures: Record<Measure, number> = {
    rowsRead: 0,
    bytesSent: 0,
    bytesReceived: 0,
    filesRead: 0,
    filesWritten: 0,
    requests: 0,
    tokens: 0,
  };
  const hosts = new Set<string>();
  const databases = new Set<string>();
  for (const { type, attributes, count, rows, bytesIn, bytesOut } of activities) {
    switch (type) {
      case 'db.query':
        if (attributes['db.operation.name'] === 'SELECT') measures.rowsRead += rows;
        databases.add(databaseKey(attributes));
        break;
      case 'net.connect':
        measures.bytesSent += bytesOut;
        measures.bytesReceived += bytesIn;
        if (typeof attributes['server.address'] === 'string') hosts.add(attributes['server.address'].toLowerCase());
        break;
      case 'http.request':
        measures.requests += count;
        if (typeof attributes['server.address'] === 'string') hosts.add(attributes['server.address'].toLowerCase());
        break;
      case 'file.open':
        if (attributes['sentinel.file.operation'] === 'read') measures.filesRead += 1;
        else measures.filesWritten += 1;
        break;
      case 'ai.request':
        measures.tokens +=
          Number(attributes['gen_ai.usage.input_tokens'] ?? 0) + Number(attributes['gen_ai.usage.output_tokens'] ?? 0);
        break;
      default:
    }
  }
  return {
    startedAt: run.startedAt,
    hostName: run.hostName,
    measures,
    hosts: [...hosts].sort(),
    databases: [...databases].sort(),
  };
}

/** Name of a database, the same in every run: product, server and name; of a database that is a file, its path. */
export function databaseKey(attributes: ObservedActivity['attributes']): string {
  return [attributes['db.system.name'], attributes['server.address'], attributes['db.namespace']]
    .filter((part) => part !== undefined && part !== '')
    .join(' ');
}

/** Baseline of earlier runs. */
export function makeBaseline(summaries: readonly RunSummary[]): Baseline {
  const measures: Record<string, Spread> = {};
  for (const measure of Object.keys(MEASURES)) {
    const values = summaries.map((summary) => summary.measures[measure] ?? 0);
    const median = medianOf(values);
    const mad = medianOf(values.map((value) => Math.abs(value - median)));
    measures[measure] = { median, mad, most: values.reduce((most, value) => Math.max(most, value), 0) };
  }
  const all = (pick: (summary: RunSummary) => readonly string[]) => [...new Set(summaries.flatMap(pick))].sort();
  return {
    runs: summaries.length,
    measures,
    startMinutes: summaries.map(({ startedAt }) => minuteOf(startedAt)),
    hosts: all(({ hosts }) => hosts),
    databases: all(({ databases }) => databases),
    machines: all(({ hostName }) => [hostName]),
  };
}

/** Minute of the day (UTC) of a time. */
export function minuteOf(time: string): number {
  const date = new Date(time);
  return date.getUTCHours() * 60 + date.getUTCMinutes();
}

function medianOf(values: readonly number[]): number {
  if (values.length === 0) return 0;
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length >> 1;
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] ?? 0) + upper) / 2;
}
