import { createHash } from 'node:crypto';

/** Numbers that look random and are the same for the same seed. Source: SplitMix32 as in Steele, Lea, Flood 2014. */
export class SeededRandom {
  #state: number;

  constructor(seed: string | number) {
    this.#state = typeof seed === 'number' ? seed | 0 : createHash('sha256').update(seed).digest().readInt32LE(0);
  }

  /** From 0 up to but not 1. */
  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0;
    let value = this.#state ^ (this.#state >>> 16);
    value = Math.imul(value, 0x21f0aaad);
    value ^= value >>> 15;
    value = Math.imul(value, 0x735a2d97);
    return ((value ^ (value >>> 15)) >>> 0) / 2 ** 32;
  }

  /** A whole number from 0 up to but not `below`. */
  below(below: number): number {
    return Math.floor(this.next() * below);
  }

  /** One of a list; `skew` above 1 prefers those at its beginning. */
  pick<T>(list: readonly T[], skew = 1): T {
    const one = list[Math.floor(this.next() ** skew * list.length)];
    if (one === undefined) throw new RangeError('there is nothing to pick from');
    return one;
  }

  /** Waiting time of something that happens once in `mean`. */
  exponential(mean: number): number {
    return -Math.log(1 - this.next()) * mean;
  }

  /** About 1, seldom less than a third or more than three. */
  factor(spread = 0.5): number {
    const normal = Math.sqrt(-2 * Math.log(1 - this.next())) * Math.cos(2 * Math.PI * this.next());
    return Math.exp(spread * normal);
  }

  /** A UUIDv7 of a moment. Source: RFC 9562 section 5.7. */
  uuidV7(timeMs: number): string {
    const time = Math.floor(timeMs).toString(16).padStart(12, '0');
    const hex = () => this.below(0x10000).toString(16).padStart(4, '0');
    const variant = (0x8000 | this.below(0x4000)).toString(16);
    return `${time.slice(0, 8)}-${time.slice(8)}-7${hex().slice(1)}-${variant}-${hex()}${hex()}${hex()}`;
  }
}
