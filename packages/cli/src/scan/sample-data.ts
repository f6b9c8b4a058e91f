import { closeSync, constants, lstatSync, openSync, readdirSync, readSync, type Stats } from 'node:fs';
import { join } from 'node:path';
import { isPlaceholder } from '@sentinel/discovery';
import type { Analysis, DataFileFound, DataSample } from '@sentinel/protocol';

/** Most data files of one folder, and of one scan: a folder with thousands of exports tells the same as fifty. */
const FOLDER_LIMIT = 50;
const SCAN_LIMIT = 5_000;
const MAX_NAMED = 20;

/** A script whose folder is looked at. */
export interface SampledScript {
  readonly path: string;
  readonly analysis: Pick<Analysis, 'flows'>;
}

/**
 * Kinds of personal data in the data files beside scripts and in those that their flows name. Reads the beginning of
 * each only, opens no link, no file whose content lies in a cloud and none on another disk or share than the script that
 * names it; no value leaves this function.
 */
export async function sampleData(scripts: readonly SampledScript[], signal?: AbortSignal): Promise<DataSample> {
  const { howToSample, namesFile } = await import('@sentinel/analyser');
  const paths = new Map<string, string[]>();
  const folders = new Map<string, readonly string[]>();
  let leftOut = 0;
  for (const { path, analysis } of scripts) {
    const folder = folderOf(path);
    let names = folders.get(folder);
    if (names === undefined) {
      names = namesIn(folder).filter((name) => howToSample(name) !== undefined);
      leftOut += Math.max(0, names.length - FOLDER_LIMIT);
      folders.set(folder, names);
      for (const name of names.slice(0, FOLDER_LIMIT)) paths.set(join(folder, name), []);
    }
    const named = [...new Set(analysis.flows.flatMap(({ source }) => source.detail ?? []))];
    for (const detail of named) {
      const found = pathOf(detail, folder);
      if (found === undefined || howToSample(nameOf(found)) === undefined || !namesFile(detail, found)) continue;
      if (!paths.has(found) && statsOf(found)?.dev !== statsOf(path)?.dev) continue;
      paths.set(found, [...(paths.get(found) ?? []), path]);
    }
  }
  const files: DataFileFound[] = [];
  let lookedAt = 0;
  for (const [path, namedBy] of [...paths].sort(([left], [right]) => (left < right ? -1 : 1))) {
    if (lookedAt >= SCAN_LIMIT || signal?.aborted === true) {
      leftOut += 1;
      continue;
    }
    const found = await sampleOne(path, namedBy.slice(0, MAX_NAMED));
    if (found === undefined) continue;
    if (found.notRead === undefined) lookedAt += 1;
    if (found.kinds.length > 0 || found.notRead !== undefined) files.push(found);
    // Reading is blocking: whoever waits for a signal or a worker gets a turn.
    await new Promise(setImmediate);
  }
  return { lookedAt, leftOut, files };
}

async function sampleOne(path: string, namedBy: string[]): Promise<DataFileFound | undefined> {
  const { howToSample, sampleFile } = await import('@sentinel/analyser');
  const how = howToSample(nameOf(path));
  const stats = statsOf(path);
  if (how === undefined || stats?.isFile() !== true || stats.size === 0) return undefined;
  const { size: sizeBytes } = stats;
  const unread = (notRead: NonNullable<DataFileFound['notRead']>): DataFileFound => ({
    path,
    sizeBytes,
    sampledBytes: 0,
    kinds: [],
    namedBy,
    notRead,
  });
  if (isPlaceholder(stats)) return unread('placeholder');
  if (how.isWhole && sizeBytes > how.maxBytes) return unread('too-large');
  let bytes: Buffer;
  try {
    bytes = readBeginning(path, Math.min(sizeBytes, how.maxBytes));
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    return unread(code === 'EACCES' || code === 'EPERM' ? 'no-permission' : 'failed');
  }
  try {
    return { path, sizeBytes, sampledBytes: bytes.length, kinds: sampleFile(path, bytes), namedBy };
  } catch {
    return unread('failed');
  }
}

/** Where a path of the code lies: as it stands where it is absolute, else below the script's folder. */
function pathOf(detail: string, folder: string): string | undefined {
  // A hole, an address or a share on another computer.
  if (/[*{}\0]|^[a-z][a-z0-9+.-]{1,20}:\/\/|^[\\/]{2}/i.test(detail)) return undefined;
  return /^(?:[\\/]|[A-Za-z]:)/.test(detail) ? detail : join(folder, detail.replaceAll('\\', '/'));
}

function readBeginning(path: string, sizeBytes: number): Buffer {
  // A link or a pipe that took the file's place since is not followed and not waited for.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const descriptor = openSync(path, flags);
  try {
    const buffer = Buffer.alloc(sizeBytes);
    let at = 0;
    for (let read = -1; read !== 0 && at < sizeBytes; at += read)
      read = readSync(descriptor, buffer, at, sizeBytes - at, at);
    return buffer.subarray(0, at);
  } finally {
    closeSync(descriptor);
  }
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder === '' ? '.' : folder).sort();
  } catch {
    return [];
  }
}

function statsOf(path: string): Stats | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false });
  } catch {
    return undefined;
  }
}

function nameOf(path: string): string {
  return path.slice(Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\')) + 1);
}

function folderOf(path: string): string {
  return path.slice(0, Math.max(path.lastIndexOf('/'), path.lastIndexOf('\\'), 0));
}
