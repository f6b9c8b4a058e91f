import { inflateRawSync } from 'node:zlib';

/** A file inside an archive. */
export interface ZipMember {
  readonly path: string;
  readonly bytes: Uint8Array;
}

/** What is read of an archive at most. */
export interface ZipLimits {
  readonly maxMembers: number;
  readonly maxMemberBytes: number;
  readonly maxTotalBytes: number;
}

/** Enough for a zipapp with its dependencies; a bomb ends here. */
export const ZIP_LIMITS: ZipLimits = { maxMembers: 400, maxMemberBytes: 2_000_000, maxTotalBytes: 16_000_000 };

const END_OF_DIRECTORY = 0x06_05_4b_50;
const DIRECTORY_ENTRY = 0x02_01_4b_50;
const LOCAL_HEADER = 0x04_03_4b_50;

function findEnd(view: DataView): number {
  const lowest = Math.max(0, view.byteLength - 65_557);
  for (let at = view.byteLength - 22; at >= lowest; at -= 1) {
    if (view.getUint32(at, true) === END_OF_DIRECTORY) return at;
  }
  return -1;
}

/**
 * The members of a ZIP whose path is accepted, read through its directory; undefined when there is no directory.
 * Encrypted members and those beyond the limits are left out and named in `skipped`.
 * Source: PKWARE APPNOTE 6.3, sections 4.3.7 to 4.3.16.
 */
export function readZip(
  bytes: Uint8Array,
  accepts: (path: string) => boolean,
  limits: ZipLimits = ZIP_LIMITS,
): { members: ZipMember[]; skipped: string[] } | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const end = view.byteLength < 22 ? -1 : findEnd(view);
  if (end < 0) return undefined;
  const directorySize = view.getUint32(end + 12, true);
  const directoryOffset = view.getUint32(end + 16, true);
  // A zipapp has a shebang line in front: all offsets count from behind it.
  const shift = end - directorySize - directoryOffset;
  let at = directoryOffset + shift;
  const members: ZipMember[] = [];
  const skipped: string[] = [];
  let total = 0;
  while (at >= 0 && at + 46 <= view.byteLength && view.getUint32(at, true) === DIRECTORY_ENTRY) {
    const flags = view.getUint16(at + 8, true);
    const method = view.getUint16(at + 10, true);
    const packedSize = view.getUint32(at + 20, true);
    const nameLength = view.getUint16(at + 28, true);
    const local = view.getUint32(at + 42, true) + shift;
    const path = new TextDecoder().decode(bytes.subarray(at + 46, at + 46 + nameLength));
    at += 46 + nameLength + view.getUint16(at + 30, true) + view.getUint16(at + 32, true);
    if (!accepts(path)) continue;
    if (members.length >= limits.maxMembers || total >= limits.maxTotalBytes) {
      skipped.push(`${path}: beyond the limits of an archive`);
      if (skipped.length > 20) break;
      continue;
    }
    try {
      const content = readMember(bytes, view, local, packedSize, method, flags, limits);
      total += content.length;
      members.push({ path, bytes: content });
    } catch (error) {
      skipped.push(`${path}: ${error instanceof Error ? error.message : 'not readable'}`);
    }
  }
  return { members, skipped };
}

function readMember(
  bytes: Uint8Array,
  view: DataView,
  local: number,
  packedSize: number,
  method: number,
  flags: number,
  limits: ZipLimits,
): Uint8Array {
  if ((flags & 1) !== 0) throw new Error('encrypted');
  if (local < 0 || local + 30 > view.byteLength || view.getUint32(local, true) !== LOCAL_HEADER) {
    throw new Error('no local header');
  }
  const start = local + 30 + view.getUint16(local + 26, true) + view.getUint16(local + 28, true);
  const packed = bytes.subarray(start, start + packedSize);
  if (method === 0) {
    if (packed.length > limits.maxMemberBytes) throw new Error('too large');
    return packed;
  }
  if (method !== 8) throw new Error(`compression method ${method}`);
  return inflateRawSync(packed, { maxOutputLength: limits.maxMemberBytes });
}
