import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { constants, zstdCompressSync } from 'node:zlib';

/** A folder as one block of bytes, and the hash of what is in it. */
export interface PackedApp {
  /**
   * Zstandard over: length of the index as 4 bytes, big-endian; the index, a JSON array of
   * `[path, sizeBytes]`; the files one after the other.
   */
  readonly bytes: Buffer;
  /** SHA-256 of the bytes before compression, in hex. */
  readonly sha256: string;
}

/** Packs a folder; the same files give the same bytes. */
export function packApp(folder: string): PackedApp {
  const files = readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .sort();
  const contents = files.map((file) => readFileSync(file));
  const index = Buffer.from(
    JSON.stringify(
      files.map((file, place) => [relative(folder, file).split(sep).join('/'), contents[place]?.length ?? 0]),
    ),
  );
  const length = Buffer.alloc(4);
  length.writeUInt32BE(index.length);
  const raw = Buffer.concat([length, index, ...contents]);
  return {
    bytes: zstdCompressSync(raw, { params: { [constants.ZSTD_c_compressionLevel]: 19 } }),
    sha256: createHash('sha256').update(raw).digest('hex'),
  };
}
