import { readdirSync, readFileSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { type AdvisorySources, readTar } from '@sentinel/analyser/advisories';

/** A file that was looked at, by what it turned out to be. */
interface SourceFile {
  readonly name: string;
  readonly read: () => Buffer;
}

/** Sources of a bundle, and what was not understood. */
export interface ReadSources extends AdvisorySources {
  readonly records: readonly unknown[];
  readonly unreadable: readonly string[];
}

/**
 * Reads folders and archives of OSV records, the KEV list, EPSS scores and lists of names. Each file is told by its
 * content: an object with `id` is an OSV record, one with `vulnerabilities` and `cveID` the KEV list, a table whose header
 * has `cve` and `epss` the scores, one name a line a list of names. `.gz`, `.tar`, `.tar.gz` and `.tgz` are unpacked.
 *
 * @throws when a path does not exist.
 */
export function readSources(paths: readonly string[]): ReadSources {
  const records: unknown[] = [];
  const knownExploited = new Set<string>();
  const epss = new Map<string, number>();
  const names: string[] = [];
  const unreadable: string[] = [];
  for (const { name, read } of paths.flatMap((path) => [...filesOf(path)])) {
    try {
      for (const { entry, content } of unpack(name, read())) {
        if (entry.endsWith('.json')) readJson(JSON.parse(content.toString('utf8')), records, knownExploited);
        else if (entry.endsWith('.csv')) readEpss(content.toString('utf8'), epss);
        else if (/names?[^/]*\.txt$/i.test(entry)) names.push(...content.toString('utf8').split(/\r?\n/));
      }
    } catch {
      unreadable.push(name);
    }
  }
  return {
    records,
    knownExploited,
    epss,
    names: names.map((name) => name.trim()).filter((name) => name !== ''),
    unreadable,
  };
}

function* filesOf(path: string): Generator<SourceFile> {
  if (!statSync(path).isDirectory()) {
    yield { name: basename(path), read: () => readFileSync(path) };
    return;
  }
  const entries = readdirSync(path, { withFileTypes: true, recursive: true }).filter((entry) => entry.isFile());
  for (const entry of entries) {
    const file = join(entry.parentPath, entry.name);
    yield { name: entry.name, read: () => readFileSync(file) };
  }
}

function* unpack(name: string, bytes: Buffer): Generator<{ entry: string; content: Buffer }> {
  const isGzip = bytes[0] === 0x1f && bytes[1] === 0x8b;
  const content = isGzip ? gunzipSync(bytes) : bytes;
  const plain = name.replace(/\.gz$/i, '').replace(/\.tgz$/i, '.tar');
  if (!plain.endsWith('.tar')) {
    yield { entry: plain, content };
    return;
  }
  for (const { name: entry, content: inner } of readTar(content)) yield { entry, content: inner };
}

function readJson(document: unknown, records: unknown[], knownExploited: Set<string>): void {
  if (Array.isArray(document)) {
    for (const entry of document) readJson(entry, records, knownExploited);
    return;
  }
  if (typeof document !== 'object' || document === null) return;
  if ('vulnerabilities' in document && Array.isArray(document.vulnerabilities)) {
    for (const entry of document.vulnerabilities as unknown[]) {
      if (typeof entry === 'object' && entry !== null && 'cveID' in entry) knownExploited.add(String(entry.cveID));
    }
  } else if ('id' in document && 'affected' in document) {
    records.push(document);
  }
}

/** Scores of https://www.first.org/epss/data_stats: a comment, a header, then `cve,epss,percentile`. */
function readEpss(text: string, epss: Map<string, number>): void {
  let columns: string[] | undefined;
  for (const line of text.split(/\r?\n/)) {
    if (line.startsWith('#') || line === '') continue;
    const cells = line.split(',');
    if (columns === undefined) {
      columns = cells.map((cell) => cell.trim().toLowerCase());
      if (!columns.includes('cve') || !columns.includes('epss')) return;
      continue;
    }
    const score = Number(cells[columns.indexOf('epss')]);
    const cve = cells[columns.indexOf('cve')];
    if (cve !== undefined && score >= 0 && score <= 1) epss.set(cve, score);
  }
}
