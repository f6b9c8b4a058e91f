/** One complete line of a file. */
export interface Line {
  /** The line without its line feed; undefined where it was longer than the limit and was let go. */
  readonly text: string | undefined;
  /** Byte offset behind the line feed: how far the file is read with this line. */
  readonly endOffset: number;
}

/** Longest line that is kept, in bytes. The probe bounds its fields far below. */
export const MAX_LINE_BYTES = 256 * 1024;

const LINE_FEED = 0x0a;

/**
 * Bytes in, complete lines out, whatever the portions.
 *
 * A line counts only with its line feed. Lines are cut as bytes and decoded whole, so no character is
 * ever split; bytes that are no UTF-8 become the replacement character.
 */
export class LineReader {
  #offset = 0;
  #pending: Buffer[] = [];
  #pendingBytes = 0;
  #isTooLong = false;

  /** Byte offset up to which complete lines were given out. */
  get lineOffset(): number {
    return this.#offset - this.#pendingBytes;
  }

  /** Byte offset of the next byte to push. */
  get offset(): number {
    return this.#offset;
  }

  /** Takes the next portion of the file and gives the lines that it completes. */
  push(portion: Buffer): Line[] {
    const lines: Line[] = [];
    let from = 0;
    for (;;) {
      const at = portion.indexOf(LINE_FEED, from);
      if (at === -1) break;
      const tail = portion.subarray(from, at);
      const isTooLong = this.#isTooLong || this.#pendingBytes + tail.length > MAX_LINE_BYTES;
      this.#offset += tail.length + 1;
      lines.push({ text: isTooLong ? undefined : this.#text(tail), endOffset: this.#offset });
      this.#pending = [];
      this.#pendingBytes = 0;
      this.#isTooLong = false;
      from = at + 1;
    }
    this.#keep(portion.subarray(from));
    return lines;
  }

  #text(tail: Buffer): string {
    if (this.#pending.length === 0) return tail.toString('utf8');
    return Buffer.concat([...this.#pending, tail]).toString('utf8');
  }

  #keep(rest: Buffer): void {
    if (rest.length === 0) return;
    this.#offset += rest.length;
    this.#pendingBytes += rest.length;
    if (this.#isTooLong || this.#pendingBytes > MAX_LINE_BYTES) {
      // The bytes are let go, their number is not: offsets must stay those of the file.
      this.#isTooLong = true;
      this.#pending = [];
    } else {
      // A copy: the caller may use its buffer again.
      this.#pending.push(Buffer.from(rest));
    }
  }
}
