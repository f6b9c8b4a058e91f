import type { Activity, Run } from '@sentinel/protocol';
import type { Logger } from 'pino';
import type { BatchRows } from './batch-file.ts';
import type { Spool } from './spool.ts';

/** Most rows and bytes of a batch. */
const MAX_ROWS = 2000;
const MAX_BYTES = 1024 * 1024;
/** Longest time that a row waits for others. */
const WAIT_MS = 150;
/** Time until the next attempt when the disk refused. */
const RETRY_MS = 1000;

interface PendingRow {
  readonly kind: 'run' | 'activity';
  /** Whether it may be given up where room is short: no run, no decision. */
  readonly isBulk: boolean;
  readonly json: string;
}

/** Collects rows and makes them durable in batches. A row replaces its earlier self that still waits. */
export class BatchFormer {
  readonly #spool: Spool;
  readonly #log: Logger;
  readonly #onBatch: () => void;
  #pending = new Map<string, PendingRow>();
  #bytes = 0;
  #generation = 0;
  #durable = 0;
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<boolean> | undefined;

  /** @param onBatch - Called after each batch that became durable. */
  constructor(spool: Spool, log: Logger, onBatch: () => void) {
    this.#spool = spool;
    this.#log = log;
    this.#onBatch = onBatch;
  }

  /** Whether so much waits that the caller should flush before it adds more. */
  get isFull(): boolean {
    return this.#pending.size >= MAX_ROWS || this.#bytes >= MAX_BYTES;
  }

  /** Everything added up to this mark is durable. */
  get durableMark(): number {
    return this.#durable;
  }

  /** Adds rows. @returns a mark; see {@link durableMark}. */
  add(runs: readonly Run[], activities: readonly Activity[]): number {
    for (const run of runs) this.#put(run.id, 'run', run);
    for (const activity of activities) this.#put(`${activity.runId}/${activity.id}`, 'activity', activity);
    if (runs.length + activities.length > 0) {
      this.#generation++;
      this.#schedule(WAIT_MS);
    }
    return this.#generation;
  }

  /**
   * Makes everything added so far durable.
   * @returns false when the disk refused; the rows are kept and tried again.
   */
  async flush(): Promise<boolean> {
    while (this.#flushing !== undefined) await this.#flushing;
    this.#flushing = this.#write();
    try {
      return await this.#flushing;
    } finally {
      this.#flushing = undefined;
    }
  }

  /** Stops the timer; call {@link flush} for what is left. */
  stop(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
  }

  #put(key: string, kind: PendingRow['kind'], row: Run | Activity): void {
    const json = JSON.stringify(row);
    this.#bytes += json.length - (this.#pending.get(key)?.json.length ?? 0);
    this.#pending.set(key, { kind, isBulk: kind === 'activity' && !('decision' in row), json });
  }

  #schedule(delayMs: number): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      void this.flush();
    }, delayMs);
  }

  async #write(): Promise<boolean> {
    const generation = this.#generation;
    const rows = this.#pending;
    this.#pending = new Map();
    this.#bytes = 0;
    try {
      for (const portion of portions(rows)) {
        for (const batch of this.#spool.isUnderPressure ? byClass(portion) : [portion]) {
          const isBulk = this.#spool.isUnderPressure && batch.every(([, row]) => row.isBulk);
          await this.#spool.append(rowsOf(batch), isBulk ? 'bulk' : 'batch');
          for (const [key] of batch) rows.delete(key);
          this.#onBatch();
        }
      }
    } catch (error) {
      this.#log.error({ err: error }, 'the spool cannot be written; rows wait in memory and in probe files');
      this.#takeBack(rows);
      this.#schedule(RETRY_MS);
      return false;
    }
    this.#durable = Math.max(this.#durable, generation);
    return true;
  }

  /** Puts unwritten rows back, but for those that a newer one replaced meanwhile. */
  #takeBack(rows: Map<string, PendingRow>): void {
    for (const [key, row] of this.#pending) rows.set(key, row);
    this.#pending = rows;
    this.#bytes = [...rows.values()].reduce((sum, row) => sum + row.json.length, 0);
  }
}

function* portions(rows: ReadonlyMap<string, PendingRow>): Generator<[string, PendingRow][]> {
  let portion: [string, PendingRow][] = [];
  let bytes = 0;
  for (const entry of rows) {
    if (portion.length > 0 && (portion.length >= MAX_ROWS || bytes + entry[1].json.length > MAX_BYTES)) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(entry);
    bytes += entry[1].json.length;
  }
  if (portion.length > 0) yield portion;
}

function byClass(rows: readonly [string, PendingRow][]): [string, PendingRow][][] {
  const isBulk = ([, row]: readonly [string, PendingRow]) => row.isBulk;
  return [rows.filter((row) => !isBulk(row)), rows.filter(isBulk)].filter((batch) => batch.length > 0);
}

function rowsOf(batch: readonly [string, PendingRow][]): BatchRows {
  const texts = (kind: PendingRow['kind']) => batch.filter(([, row]) => row.kind === kind).map(([, row]) => row.json);
  return { runs: texts('run'), activities: texts('activity') };
}
