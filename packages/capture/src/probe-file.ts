import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs';
import { basename } from 'node:path';
import { PROBE_FILE_SUFFIX } from '@sentinel/protocol';
import type { Enrichment } from './enrichment.ts';
import { LineReader } from './line-reader.ts';
import { RunAssembler } from './run-assembler.ts';

/** Bytes read at a time. */
const PORTION_BYTES = 256 * 1024;

/** One probe spool file, read as far as it has grown. Keeps no descriptor between two reads. */
export class ProbeFile {
  /** Where the file is now; a held folder is renamed when its holder is done. */
  path: string;
  readonly assembler: RunAssembler;
  readonly #lines = new LineReader();
  #setAside: string | undefined;
  #mtimeMs = 0;

  constructor(path: string, enrichment: Enrichment) {
    this.path = path;
    this.assembler = new RunAssembler(basename(path, PROBE_FILE_SUFFIX), enrichment);
  }

  /** Bytes read so far. */
  get offset(): number {
    return this.#lines.offset;
  }

  /** Last change of the file, as of the last read. */
  get mtimeMs(): number {
    return this.#mtimeMs;
  }

  /** Why the file cannot be used; undefined while it can. */
  get setAsideReason(): string | undefined {
    return this.#setAside ?? this.assembler.setAsideReason;
  }

  /**
   * Reads what was added.
   * @param limitBytes - Most to read now.
   * @returns bytes read; 0 at the end of the file and for a file that cannot be used or is gone.
   */
  read(limitBytes = Number.POSITIVE_INFINITY): number {
    if (this.setAsideReason !== undefined) return 0;
    const handle = this.#open();
    if (handle === undefined) return 0;
    try {
      const stat = fstatSync(handle);
      if (!stat.isFile()) return this.#giveUp('it is no regular file');
      if (stat.size < this.offset) return this.#giveUp('it became shorter; a probe only appends');
      this.#mtimeMs = stat.mtimeMs;
      return this.#readUpTo(handle, Math.min(stat.size - this.offset, limitBytes));
    } finally {
      closeSync(handle);
    }
  }

  #readUpTo(handle: number, wantedBytes: number): number {
    const portion = Buffer.allocUnsafe(Math.min(PORTION_BYTES, wantedBytes));
    let total = 0;
    while (total < wantedBytes && this.setAsideReason === undefined) {
      const count = readSync(handle, portion, 0, Math.min(portion.length, wantedBytes - total), this.offset);
      if (count === 0) break;
      total += count;
      for (const line of this.#lines.push(portion.subarray(0, count))) this.assembler.accept(line);
    }
    return total;
  }

  #open(): number | undefined {
    try {
      // No link is followed and nothing blocks: the folder may be writable to others.
      return openSync(this.path, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      if (code === 'ELOOP') this.#giveUp('it is a link');
      if (code === 'EACCES' || code === 'EPERM') this.#giveUp('it may not be read');
      return undefined;
    }
  }

  #giveUp(reason: string): 0 {
    this.#setAside = reason;
    return 0;
  }
}
