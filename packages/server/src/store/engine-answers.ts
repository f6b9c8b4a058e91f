import { SentinelError } from '@sentinel/protocol';
import type { QueryOptions } from './event-store.ts';

const DEFAULT_TIMEOUT_MS = 15_000;
const DEFAULT_MAX_ROWS = 20_000;

/**
 * Codes with which the engine says "these rows, never": it could not parse them or a value does not
 * fit its column. Everything else (memory, disk, timeout) may pass, so the rows are sent again.
 * Source: ClickHouse `src/Common/ErrorCodes.cpp`.
 */
const REFUSED_ROWS = new Set([6, 25, 26, 27, 33, 38, 41, 53, 69, 70, 72, 117, 130, 131, 321, 349, 376, 467, 469]);

/**
 * Codes of a question that may be answered at a better time: timeout, network, too many queries, memory,
 * table read-only, keeper away, no replica alive, disk full.
 */
const TOO_MUCH = new Set([159, 202, 209, 210, 225, 241, 242, 243, 252, 279, 285, 319, 999]);

/** Codes of files that are not as they were written: checksum, file missing in a part, size, corrupted data. */
const DAMAGE = new Set([40, 226, 228, 246]);

/** Codes of a disk without room: what cannot be opened or written, and what is not even tried. */
export const NO_ROOM: readonly number[] = [75, 76, 243];

/**
 * What the engine said of a statement: the name of its code, nothing more. The engine's own text repeats
 * the statement and the values in it, and those belong neither in a log nor in an answer.
 */
export class EngineError extends Error {
  readonly code: number;

  constructor(name: string, code: number, message: string) {
    super(`the event store engine said ${/\(([A-Z_]+)\)\s*$/.exec(message)?.[1] ?? name} (${code})`);
    this.name = name;
    this.code = code;
  }

  /** Whether the same rows are refused whenever they come. */
  get isRefusalOfRows(): boolean {
    return REFUSED_ROWS.has(this.code);
  }

  /** Whether files of the store are not as they were written. */
  get isDamage(): boolean {
    return DAMAGE.has(this.code);
  }

  /** Whether the disk has no room. */
  get isNoRoom(): boolean {
    return NO_ROOM.includes(this.code);
  }

  /** Whether the same question may be answered later. */
  get isPassing(): boolean {
    return TOO_MUCH.has(this.code);
  }
}

/** The error of a store that does not answer now. */
export function unavailable(error: unknown): SentinelError {
  return new SentinelError('store-unavailable', 'The event store does not answer right now.', { cause: error });
}

/** A question with its limits, and how long it may take. */
export function limited(sql: string, options: QueryOptions): { sql: string; timeoutMs: number } {
  const timeoutMs = options.timeoutMs ?? DEFAULT_TIMEOUT_MS;
  const maxRows = options.maxRows ?? DEFAULT_MAX_ROWS;
  if (!/^\s*(select|with)\b/i.test(sql)) return { sql, timeoutMs };
  return {
    sql: `${sql}\nSETTINGS max_execution_time = ${timeoutMs / 1000}, max_result_rows = ${maxRows}`,
    timeoutMs,
  };
}

/** Rows of an answer in the form JSONEachRow. */
export function rowsOf<Row>(text: string): Row[] {
  return text === ''
    ? []
    : text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line) as Row);
}
