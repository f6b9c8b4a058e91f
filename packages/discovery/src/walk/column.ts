const FIRST_ITEMS = 64;

/** What a column can be made of. */
type Numbers = Uint8Array | Uint32Array | Float64Array;

/** Numbers in a row that grows: no object for any of them. */
export class Column<T extends Numbers> {
  #values: T;
  #length = 0;

  /** @param first - An empty array of the kind that is wanted. */
  constructor(first: T) {
    this.#values = this.#make(first, FIRST_ITEMS);
  }

  get length(): number {
    return this.#length;
  }

  push(value: number): void {
    this.#reserve(1);
    this.#values[this.#length] = value;
    this.#length += 1;
  }

  append(values: ArrayLike<number>): void {
    this.#reserve(values.length);
    this.#values.set(values, this.#length);
    this.#length += values.length;
  }

  /** A copy without room to grow, in memory of its own. */
  trimmed(): T {
    return this.#values.slice(0, this.#length) as T;
  }

  /** The numbers as they lie here: no copy, and good until the next change. */
  view(): T {
    return this.#values.subarray(0, this.#length) as T;
  }

  #reserve(more: number): void {
    const wanted = this.#length + more;
    if (wanted <= this.#values.length) return;
    const grown = this.#make(this.#values, Math.max(wanted, Math.ceil(this.#values.length * 1.5)));
    grown.set(this.#values.subarray(0, this.#length));
    this.#values = grown;
  }

  #make(like: T, length: number): T {
    return new (like.constructor as new (length: number) => T)(length);
  }
}

/** Texts one after the other as UTF-8, each closed by a byte 0. */
export class TextColumn {
  readonly #bytes = new Column(new Uint8Array());
  #scratch = Buffer.alloc(4096);

  get sizeBytes(): number {
    return this.#bytes.length;
  }

  push(text: string): void {
    // Three bytes a UTF-16 unit are the most that UTF-8 needs.
    if (this.#scratch.length < text.length * 3 + 1) this.#scratch = Buffer.alloc(text.length * 3 + 1);
    const length = this.#scratch.write(text, 'utf8');
    this.#scratch[length] = 0;
    this.#bytes.append(this.#scratch.subarray(0, length + 1));
  }

  append(bytes: ArrayLike<number>): void {
    this.#bytes.append(bytes);
  }

  trimmed(): Uint8Array {
    return this.#bytes.trimmed();
  }

  view(): Uint8Array {
    return this.#bytes.view();
  }
}
