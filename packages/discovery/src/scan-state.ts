import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import { crc32 } from 'node:zlib';
import { COLUMN_KINDS, type FolderColumns } from './folder-table.ts';
import type { FolderTask, RepositoryFacts } from './walk/folder-task.ts';

/** Begins a state file, with its version: another one is not read. */
const MAGIC = 'SNTSCAN2';
/** Magic, length of the head, checksum of all that follows. */
const PREFIX_BYTES = 16;
const ALIGNMENT = 8;

/** Where a scan stands, enough to go on or to look only for changes. */
export interface ScanState {
  readonly roots: readonly string[];
  /** What the findings depend on besides the files: options and rules. */
  readonly method: string;
  /** Folders that are still to be read; empty after a complete scan. */
  readonly pending: readonly FolderTask[];
  readonly folders: FolderColumns;
}

type Head = Omit<ScanState, 'folders'> & {
  readonly repositories: readonly RepositoryFacts[];
  readonly sizesBytes: readonly number[];
};

/** Parts of a state file, one after the other: the columns as they lie in memory. */
export function encodeState(state: ScanState): Uint8Array[] {
  const columns = Object.keys(COLUMN_KINDS).map((name) => bytesOf(state.folders[name as keyof typeof COLUMN_KINDS]));
  const head: Head = {
    roots: state.roots,
    method: state.method,
    pending: state.pending,
    repositories: state.folders.repositories,
    sizesBytes: columns.map(({ length }) => length),
  };
  const headBytes = Buffer.from(JSON.stringify(head));
  const parts = [padded(headBytes), ...columns.map(padded)].flat();
  const prefix = Buffer.alloc(PREFIX_BYTES);
  prefix.write(MAGIC, 'latin1');
  prefix.writeUInt32LE(headBytes.length, 8);
  prefix.writeUInt32LE(checksum(parts), 12);
  return [prefix, ...parts];
}

/** State of the bytes of a file; undefined where they are none of this version or damaged. */
export function decodeState(file: Uint8Array): ScanState | undefined {
  try {
    // Views on numbers need an even start, and threads need memory that they share.
    const bytes = file.buffer instanceof SharedArrayBuffer && file.byteOffset === 0 ? file : sharedCopy(file);
    const buffer = Buffer.from(bytes.buffer as ArrayBuffer, 0, bytes.length);
    if (buffer.toString('latin1', 0, MAGIC.length) !== MAGIC) return undefined;
    if (checksum([buffer.subarray(PREFIX_BYTES)]) !== buffer.readUInt32LE(12)) return undefined;
    const headLength = buffer.readUInt32LE(8);
    const head = JSON.parse(buffer.toString('utf8', PREFIX_BYTES, PREFIX_BYTES + headLength)) as Head;
    let at = PREFIX_BYTES + aligned(headLength);
    const columns: Record<string, unknown> = { repositories: head.repositories };
    for (const [index, [name, Kind]] of Object.entries(COLUMN_KINDS).entries()) {
      const size = head.sizesBytes[index] ?? 0;
      columns[name] = new Kind(bytes.buffer as ArrayBuffer, at, size / Kind.BYTES_PER_ELEMENT);
      at += aligned(size);
    }
    const { roots, method, pending } = head;
    return { roots, method, pending, folders: columns as unknown as FolderColumns };
  } catch {
    return undefined;
  }
}

/**
 * State in a file; undefined where it is none of this version or damaged.
 * @throws where the file cannot be read.
 */
export function readState(path: string): ScanState | undefined {
  const descriptor = openSync(path, 'r');
  try {
    const { size } = fstatSync(descriptor);
    const bytes = new Uint8Array(new SharedArrayBuffer(size));
    let at = 0;
    while (at < size) {
      const length = readSync(descriptor, bytes, at, size - at, at);
      if (length === 0) break;
      at += length;
    }
    return decodeState(bytes);
  } finally {
    closeSync(descriptor);
  }
}

function sharedCopy(file: Uint8Array): Uint8Array {
  const copy = new Uint8Array(new SharedArrayBuffer(file.length));
  copy.set(file);
  return copy;
}

function bytesOf(column: Uint8Array | Uint32Array | Float64Array): Uint8Array {
  return new Uint8Array(column.buffer, column.byteOffset, column.byteLength);
}

function padded(bytes: Uint8Array): Uint8Array[] {
  const gap = aligned(bytes.length) - bytes.length;
  return gap === 0 ? [bytes] : [bytes, new Uint8Array(gap)];
}

function aligned(length: number): number {
  return Math.ceil(length / ALIGNMENT) * ALIGNMENT;
}

function checksum(parts: readonly Uint8Array[]): number {
  return parts.reduce((sum, part) => crc32(part, sum), 0);
}
