import { closeSync, lstatSync, openSync, readdirSync, readFileSync, readSync, type Stats, statSync } from 'node:fs';
import type { OwnerFound } from '@sentinel/protocol';
import type { MachineFacts } from '../machine-facts.ts';
import { noteTouch } from '../walk/touch-log.ts';

/** Files from here on may be placeholders; smaller ones can live inside an inode. */
const PLACEHOLDER_MIN_BYTES = 4096;

/** Metadata of a file without following links, or undefined where it cannot be had. */
export function fileStats(path: string): Stats | undefined {
  let stats: Stats | undefined;
  try {
    stats = lstatSync(path, { throwIfNoEntry: false });
  } catch {
    stats = undefined;
  }
  noteTouch(path, stats);
  return stats;
}

/**
 * Whether a file has a size but no content on this disk: its content lies in a cloud and reading would fetch it.
 * A sparse file without any block looks the same and is left alone as well.
 */
export function isPlaceholder({ size, blocks }: Pick<Stats, 'size' | 'blocks'>): boolean {
  return size >= PLACEHOLDER_MIN_BYTES && blocks === 0;
}

/** Owner of a file. */
export function ownerOf({ uid }: Pick<Stats, 'uid'>, machine: MachineFacts): OwnerFound {
  if (machine.platform === 'windows') return {};
  const name = machine.users[uid];
  return name === undefined ? { uid } : { uid, name };
}

/** Time as the protocol writes it. */
export function timestamp(timeMs: number): string {
  // Dates beyond what a file system can mean are clamped, never thrown on.
  const clamped = Math.min(Math.max(Math.trunc(timeMs), 0), 253402300799000);
  return new Date(Number.isFinite(clamped) ? clamped : 0).toISOString();
}

/** Creation and last change of a file. */
export function timesOf({ birthtimeMs, mtimeMs }: Stats): { createdAt?: string; modifiedAt: string } {
  const modifiedAt = timestamp(mtimeMs);
  return birthtimeMs > 0 && birthtimeMs <= mtimeMs + 86_400_000
    ? { createdAt: timestamp(birthtimeMs), modifiedAt }
    : { modifiedAt };
}

/** First bytes of a file into a buffer; the number read, 0 where it cannot be read. */
export function readHead(path: string, buffer: Buffer): number {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    return readSync(descriptor, buffer, 0, buffer.length, 0);
  } catch {
    return 0;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Last bytes of a file into a buffer; the number read, 0 where it cannot be read. */
export function readTail(path: string, sizeBytes: number, buffer: Buffer): number {
  let descriptor: number | undefined;
  try {
    descriptor = openSync(path, 'r');
    const length = Math.min(buffer.length, sizeBytes);
    return readSync(descriptor, buffer, 0, length, sizeBytes - length);
  } catch {
    return 0;
  } finally {
    if (descriptor !== undefined) closeSync(descriptor);
  }
}

/** Text of a small regular file that is on this disk, or undefined. */
export function readSmallText(path: string, maxBytes = 262_144): string | undefined {
  try {
    const stats = fileStats(path);
    if (stats === undefined || stats.size > maxBytes || isPlaceholder(stats)) return undefined;
    if (!stats.isFile() && !stats.isSymbolicLink()) return undefined;
    if (stats.isSymbolicLink() && !isSmallFileBehind(path, maxBytes)) return undefined;
    return decodeText(readFileSync(path));
  } catch {
    return undefined;
  }
}

/** Text of bytes by their byte order mark, else UTF-8. */
export function decodeText(bytes: Buffer): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2);
  if (bytes[0] === 0xfe && bytes[1] === 0xff)
    return Buffer.from(bytes.subarray(2, bytes.length & ~1))
      .swap16()
      .toString('utf16le');
  return bytes.toString('utf8', bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0);
}

function isSmallFileBehind(path: string, maxBytes: number): boolean {
  const stats = statBehind(path);
  return stats !== undefined && stats.isFile() && stats.size <= maxBytes && !isPlaceholder(stats);
}

/** Metadata of what a path leads to, or undefined where it leads nowhere. */
export function statBehind(path: string): Stats | undefined {
  let stats: Stats | undefined;
  try {
    stats = statSync(path, { throwIfNoEntry: false });
  } catch {
    stats = undefined;
  }
  noteTouch(path, stats, true);
  return stats;
}

/** Names in a folder besides the one that is being walked; none where it cannot be read. */
export function namesInside(folder: string): string[] {
  fileStats(folder);
  try {
    return readdirSync(folder);
  } catch {
    return [];
  }
}
