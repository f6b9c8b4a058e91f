import { SentinelError } from '@sentinel/protocol';

/** A share of the memory for batches that are not acknowledged yet. */
export interface Claim {
  /** @throws SentinelError `overloaded` if the new size does not fit. */
  resize(bytes: number): void;
  release(): void;
}

/** Keeps the memory of all batches under way within a limit. */
export class BytesUnderWay {
  readonly #limit: number;
  #bytes = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** @throws SentinelError `overloaded` if so many bytes do not fit. */
  claim(bytes: number): Claim {
    let held = 0;
    const resize = (wanted: number): void => {
      if (this.#bytes - held + wanted > this.#limit)
        throw new SentinelError('overloaded', 'Too many batches are under way.');
      this.#bytes += wanted - held;
      held = wanted;
    };
    resize(bytes);
    return { resize, release: () => resize(0) };
  }
}
