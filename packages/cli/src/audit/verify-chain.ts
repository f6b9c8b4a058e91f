import { createHash } from 'node:crypto';
import type { ChainedAuditRecord } from '@sentinel/protocol';

/** What is wrong at one place of the chain. */
export interface ChainFault {
  /** `changed`: bytes are not those that were kept. `missing`: records are not there. `order`: not in its place. */
  readonly kind: 'changed' | 'missing' | 'order';
  /** Number of the record at which it shows. */
  readonly number: number;
  readonly detail: string;
}

/** The end of a chain that somebody kept elsewhere. */
export interface KeptHead {
  readonly number: number;
  readonly hash: string;
}

/** Hash before the first record. */
const FIRST_PREVIOUS = '0'.repeat(64);
/** Faults that are told one by one; the rest is counted. */
const MAX_FAULTS = 100;

/**
 * Checks a chain of audit records, one after the other, with nothing but a hash function.
 *
 * It finds a record that was changed, dropped, put elsewhere or inserted. Whoever rewrites the whole chain
 * after a record is found by a head that was kept elsewhere before, and so is an end that was cut off.
 */
export class ChainVerifier {
  readonly #head: KeptHead | undefined;
  readonly #faults: ChainFault[] = [];
  #faultCount = 0;
  #last: KeptHead = { number: 0, hash: FIRST_PREVIOUS };
  #records = 0;

  constructor(head?: KeptHead) {
    this.#head = head;
    if (head !== undefined && head.number === 0 && head.hash !== FIRST_PREVIOUS)
      this.#fault('changed', 0, 'the kept head of an empty chain is none');
  }

  /** Takes the next record. */
  add(record: ChainedAuditRecord): void {
    this.#records++;
    const { number, content, hash } = record;
    const expected = this.#last.number + 1;
    if (number > expected) this.#fault('missing', expected, `records ${expected} to ${number - 1} are not there`);
    if (number < expected) this.#fault('order', number, `record ${number} comes after record ${expected - 1}`);
    const said = read(content);
    if (said === undefined) this.#fault('changed', number, 'its content is no record');
    else if (said.number !== number)
      this.#fault('changed', number, `its content says number ${JSON.stringify(said.number)}`);
    const found = leafHash(content);
    if (found !== hash) this.#fault('changed', number, 'its hash is not that of its content');
    if (said !== undefined && number === expected && said.previous !== this.#last.hash)
      this.#fault('changed', number, `it does not follow record ${expected - 1} as that stands now`);
    if (number === this.#head?.number && found !== this.#head.hash)
      this.#fault('changed', number, 'it is not the record that was the end when the head was kept');
    // What follows is judged by what it should follow, so that one fault is told once.
    if (number >= expected) this.#last = { number, hash: found };
  }

  /** What came of it. */
  end(): { records: number; head: KeptHead; faults: readonly ChainFault[]; faultCount: number } {
    if (this.#head !== undefined && this.#last.number < this.#head.number)
      this.#fault(
        'missing',
        this.#last.number + 1,
        `the chain ends at ${this.#last.number}, and stood at ${this.#head.number} when the head was kept`,
      );
    return { records: this.#records, head: this.#last, faults: this.#faults, faultCount: this.#faultCount };
  }

  #fault(kind: ChainFault['kind'], number: number, detail: string): void {
    this.#faultCount++;
    if (this.#faults.length < MAX_FAULTS) this.#faults.push({ kind, number, detail });
  }
}

/** Hash of a record's content as a leaf. Source: RFC 6962, 2.1. */
function leafHash(content: string): string {
  return createHash('sha256')
    .update(Buffer.from([0]))
    .update(content)
    .digest('hex');
}

function read(content: string): { number: unknown; previous: unknown } | undefined {
  try {
    const value: unknown = JSON.parse(content);
    return typeof value === 'object' && value !== null ? (value as { number: unknown; previous: unknown }) : undefined;
  } catch {
    return undefined;
  }
}
