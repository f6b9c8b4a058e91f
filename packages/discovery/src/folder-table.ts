import { Column, TextColumn } from './walk/column.ts';
import type { RepositoryFacts } from './walk/folder-task.ts';
import type { Touch } from './walk/touch-log.ts';

/** Numbers of a folder in `counts`, by their place. */
const COUNTS = 8;
const ENTRIES = 0;
const LIBRARY_SOURCES = 1;
const PRUNED = 2;
const PLACEHOLDERS = 3;
/** Place in `repositories`, from 1; 0 for none. */
const REPOSITORY = 4;
const IS_LIBRARY = 5;
const DETAIL_END = 6;
const TOUCH_END = 7;

/** Folders in columns: what workers hand over, what is remembered, and what stands in a state file. */
export interface FolderColumns {
  /** Paths, each closed by a byte 0. */
  readonly paths: Uint8Array;
  readonly pathEnds: Uint32Array;
  /** Modification and inode of each. */
  readonly stamps: Float64Array;
  readonly counts: Uint32Array;
  /** JSON of what a folder told, one after the other; most folders have none. */
  readonly details: Uint8Array;
  readonly touchPaths: Uint8Array;
  readonly touchPathEnds: Uint32Array;
  /** Modification and size of each. */
  readonly touchStamps: Float64Array;
  readonly touchFollows: Uint8Array;
  readonly repositories: readonly RepositoryFacts[];
}

/** Names of the columns that are arrays, in the order of a state file. */
export const COLUMN_KINDS = {
  paths: Uint8Array,
  pathEnds: Uint32Array,
  stamps: Float64Array,
  counts: Uint32Array,
  details: Uint8Array,
  touchPaths: Uint8Array,
  touchPathEnds: Uint32Array,
  touchStamps: Float64Array,
  touchFollows: Uint8Array,
} as const;

/** What is remembered of one folder. */
export interface FolderRow {
  readonly path: string;
  readonly mtimeMs: number;
  readonly ino: number;
  readonly isLibrary: boolean;
  readonly repository?: RepositoryFacts;
  readonly entries: number;
  readonly librarySources: number;
  readonly pruned: number;
  readonly placeholders: number;
  /** JSON of what it told; empty for nothing. */
  readonly detail: string;
  readonly touched: Iterable<Touch>;
}

/** Totals over folders. */
export interface FolderTotals {
  folders: number;
  entries: number;
  librarySources: number;
  pruned: number;
  placeholders: number;
}

/** Folders in columns that grow. */
export class FolderTable {
  readonly #paths = new TextColumn();
  readonly #pathEnds = new Column(new Uint32Array());
  readonly #stamps = new Column(new Float64Array());
  readonly #counts = new Column(new Uint32Array());
  readonly #details = new TextColumn();
  readonly #touchPaths = new TextColumn();
  readonly #touchPathEnds = new Column(new Uint32Array());
  readonly #touchStamps = new Column(new Float64Array());
  readonly #touchFollows = new Column(new Uint8Array());
  readonly #repositories: RepositoryFacts[] = [];
  readonly #repositoryPlaces = new Map<string, number>();

  get length(): number {
    return this.#pathEnds.length;
  }

  add(row: FolderRow): void {
    this.#paths.push(row.path);
    this.#pathEnds.push(this.#paths.sizeBytes);
    this.#stamps.push(row.mtimeMs);
    this.#stamps.push(row.ino);
    if (row.detail !== '') this.#details.push(row.detail);
    for (const { path, isFollowed, mtimeMs, sizeBytes } of row.touched) {
      this.#touchPaths.push(path);
      this.#touchPathEnds.push(this.#touchPaths.sizeBytes);
      this.#touchStamps.push(mtimeMs);
      this.#touchStamps.push(sizeBytes);
      this.#touchFollows.push(isFollowed ? 1 : 0);
    }
    this.#counts.push(row.entries);
    this.#counts.push(row.librarySources);
    this.#counts.push(row.pruned);
    this.#counts.push(row.placeholders);
    this.#counts.push(row.repository === undefined ? 0 : this.#repositoryPlace(row.repository));
    this.#counts.push(row.isLibrary ? 1 : 0);
    this.#counts.push(this.#details.sizeBytes);
    this.#counts.push(this.#touchFollows.length);
  }

  /** Takes over folders of other columns. @param isKept - Which of them; all where absent. */
  append(from: FolderColumns, isKept: (index: number) => boolean = () => true): void {
    const places = from.repositories.map((repository) => this.#repositoryPlace(repository));
    const { length } = from.pathEnds;
    // Neighbours are taken over together: a run of folders is a few copies, however long it is.
    for (let start = 0; start < length; start += 1) {
      if (!isKept(start)) continue;
      let end = start + 1;
      while (end < length && isKept(end)) end += 1;
      this.#appendRun(from, places, start, end);
      start = end;
    }
  }

  /** @param how - trimmed: copies that can be handed to another thread; view: no copies, good until the next change. */
  columns(how: 'trimmed' | 'view'): FolderColumns {
    return {
      paths: this.#paths[how](),
      pathEnds: this.#pathEnds[how](),
      stamps: this.#stamps[how](),
      counts: this.#counts[how](),
      details: this.#details[how](),
      touchPaths: this.#touchPaths[how](),
      touchPathEnds: this.#touchPathEnds[how](),
      touchStamps: this.#touchStamps[how](),
      touchFollows: this.#touchFollows[how](),
      repositories: [...this.#repositories],
    };
  }

  #appendRun(from: FolderColumns, places: readonly number[], start: number, end: number): void {
    const pathStart = startOf(from.pathEnds, start);
    const pathShift = this.#paths.sizeBytes - pathStart;
    this.#paths.append(from.paths.subarray(pathStart, from.pathEnds[end - 1]));
    for (let index = start; index < end; index += 1) this.#pathEnds.push((from.pathEnds[index] ?? 0) + pathShift);
    this.#stamps.append(from.stamps.subarray(start * 2, end * 2));
    const detailStart = countBefore(from, start, DETAIL_END);
    const detailShift = this.#details.sizeBytes - detailStart;
    this.#details.append(from.details.subarray(detailStart, countAt(from, end - 1, DETAIL_END)));
    const touchStart = countBefore(from, start, TOUCH_END);
    const touchEnd = countAt(from, end - 1, TOUCH_END);
    const touchShift = this.#touchFollows.length - touchStart;
    const touchPathStart = startOf(from.touchPathEnds, touchStart);
    const touchPathShift = this.#touchPaths.sizeBytes - touchPathStart;
    this.#touchPaths.append(from.touchPaths.subarray(touchPathStart, startOf(from.touchPathEnds, touchEnd)));
    for (let index = touchStart; index < touchEnd; index += 1)
      this.#touchPathEnds.push((from.touchPathEnds[index] ?? 0) + touchPathShift);
    this.#touchStamps.append(from.touchStamps.subarray(touchStart * 2, touchEnd * 2));
    this.#touchFollows.append(from.touchFollows.subarray(touchStart, touchEnd));
    const counts = from.counts.slice(start * COUNTS, end * COUNTS);
    for (let at = 0; at < counts.length; at += COUNTS) {
      counts[at + REPOSITORY] = places[(counts[at + REPOSITORY] ?? 0) - 1] ?? 0;
      counts[at + DETAIL_END] = (counts[at + DETAIL_END] ?? 0) + detailShift;
      counts[at + TOUCH_END] = (counts[at + TOUCH_END] ?? 0) + touchShift;
    }
    this.#counts.append(counts);
  }

  #repositoryPlace(repository: RepositoryFacts): number {
    const key = `${repository.hasRemote}${repository.root}`;
    let place = this.#repositoryPlaces.get(key);
    if (place === undefined) {
      place = this.#repositories.push(repository);
      this.#repositoryPlaces.set(key, place);
    }
    return place;
  }
}

/** Number of folders. */
export function folderCount({ pathEnds }: FolderColumns): number {
  return pathEnds.length;
}

/** Paths of some neighbouring folders. */
export function pathsOf({ paths, pathEnds }: FolderColumns, start: number, end: number): string[] {
  return textsOf(paths, pathEnds, start, end);
}

/** Texts of a column from one place to another. */
function textsOf(texts: Uint8Array, ends: Uint32Array, start: number, end: number): string[] {
  if (end <= start) return [];
  // A view that Node decodes at once, shared memory included; the last text closes with a byte 0 as well.
  const from = startOf(ends, start);
  const view = Buffer.from(texts.buffer, texts.byteOffset + from, (ends[end - 1] ?? 0) - from - 1);
  return view.toString('utf8').split('\0');
}

/** JSON of what a folder told; empty for nothing. */
export function detailOf(columns: FolderColumns, index: number): string {
  const start = countBefore(columns, index, DETAIL_END);
  const end = countAt(columns, index, DETAIL_END);
  if (end === start) return '';
  const { details } = columns;
  return Buffer.from(details.buffer, details.byteOffset + start, end - start - 1).toString('utf8');
}

/** Folders that told something, in their order. */
export function* foldersWithDetail({ counts }: FolderColumns): Generator<number> {
  let before = 0;
  for (let at = DETAIL_END, index = 0; at < counts.length; at += COUNTS, index += 1) {
    const end = counts[at] ?? 0;
    if (end !== before) yield index;
    before = end;
  }
}

/** What a task to read a folder again needs besides its path. */
export function contextOf(columns: FolderColumns, index: number): { isLibrary: boolean; repository?: RepositoryFacts } {
  const repository = columns.repositories[countAt(columns, index, REPOSITORY) - 1];
  return {
    isLibrary: countAt(columns, index, IS_LIBRARY) === 1,
    ...(repository === undefined ? {} : { repository }),
  };
}

/** Folder that a touched file or folder belongs to, for every touch. */
export function touchOwners({ counts }: FolderColumns, onTouch: (touch: number, folder: number) => void): void {
  let touch = 0;
  for (let folder = 0; folder * COUNTS < counts.length; folder += 1)
    for (const end = counts[folder * COUNTS + TOUCH_END] ?? 0; touch < end; touch += 1) onTouch(touch, folder);
}

/** Adds up the folders that are kept. */
export function totalsOf({ counts }: FolderColumns, isKept: (index: number) => boolean): FolderTotals {
  const totals = { folders: 0, entries: 0, librarySources: 0, pruned: 0, placeholders: 0 };
  for (let index = 0; index * COUNTS < counts.length; index += 1) {
    if (!isKept(index)) continue;
    const at = index * COUNTS;
    totals.folders += 1;
    totals.entries += counts[at + ENTRIES] ?? 0;
    totals.librarySources += counts[at + LIBRARY_SOURCES] ?? 0;
    totals.pruned += counts[at + PRUNED] ?? 0;
    totals.placeholders += counts[at + PLACEHOLDERS] ?? 0;
  }
  return totals;
}

function countAt({ counts }: FolderColumns, index: number, which: number): number {
  return counts[index * COUNTS + which] ?? 0;
}

function countBefore(columns: FolderColumns, index: number, which: number): number {
  return index === 0 ? 0 : countAt(columns, index - 1, which);
}

function startOf(ends: Uint32Array, index: number): number {
  return index === 0 ? 0 : (ends[index - 1] ?? 0);
}
