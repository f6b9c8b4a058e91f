import { SentinelError } from '@sentinel/protocol';

/** Lets so many in at once; the others wait in line, first come first served. */
export class Turnstile {
  readonly #longestLine: number;
  readonly #line: (() => void)[] = [];
  #free: number;

  constructor(width: number, longestLine: number) {
    this.#free = width;
    this.#longestLine = longestLine;
  }

  /**
   * Waits for a place; gives what must be called to leave it.
   * @throws SentinelError `overloaded` if the line is too long.
   */
  async enter(): Promise<() => void> {
    if (this.#free > 0) this.#free--;
    else {
      if (this.#line.length >= this.#longestLine)
        throw new SentinelError('overloaded', 'Too many questions are waiting.');
      await new Promise<void>((resolve) => this.#line.push(resolve));
    }
    let inside = true;
    return () => {
      if (!inside) return;
      inside = false;
      const next = this.#line.shift();
      if (next === undefined) this.#free++;
      else next();
    };
  }
}
