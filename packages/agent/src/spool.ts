import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { AgentCounters, BatchEnvelope } from '@sentinel/protocol';
import type { Logger } from 'pino';
import { type BatchRows, decodeBatch, encodeBatch, type SpooledBatch } from './batch-file.ts';
import { MAX_SEQUENCE, readSpoolState, type SpoolState } from './spool-state.ts';
import { TEMPORARY_PREFIX, writeDurably } from './write-durably.ts';

/** Numbers reserved at a time, so that not every batch rewrites `spool.json`. */
const RESERVED_AT_ONCE = 256;
const STATE_FILE = 'spool.json';
const NAME = /^(\d{16})\.(batch|bulk)$/;
/** Share of the limit from which rows that may be given up are kept apart from those that may not. */
const PRESSURE = 0.25;
/** Files kept in quarantine; the oldest go first. */
const MAX_QUARANTINED = 1000;

/** What {@link Spool.open} needs. */
export interface SpoolOptions {
  readonly folder: string;
  readonly quarantine: string;
  readonly counters: AgentCounters;
  readonly log: Logger;
  /** Bytes that it may hold; beyond, batches of bulk are given up. */
  readonly limitBytes?: number;
}

/** What a batch holds: rows that are kept whatever happens, or mere bulk that goes last and is given up first. */
export type BatchClass = 'batch' | 'bulk';

/**
 * The agent's queue on disk.
 *
 * Opens whatever it finds: damage costs the damaged file, which goes into quarantine and is counted.
 * A number is never given twice under one spool id: numbers are reserved on disk before they are used,
 * and a lost or damaged `spool.json` means a new spool id.
 */
export class Spool {
  readonly #folder: string;
  readonly #quarantine: string;
  readonly #counters: AgentCounters;
  readonly #log: Logger;
  readonly #limitBytes: number;
  /** Size of each batch by number; numbers rise, so the order of insertion is that of the numbers. */
  readonly #sizes = new Map<number, number>();
  /** The same for bulk. */
  readonly #bulkSizes = new Map<number, number>();
  #bytes = 0;
  #spoolId: string;
  #next: number;
  #reserved = 0;
  #dropped: SpoolState['dropped'];
  /** Batch that is being given up: not to be sent any more. */
  #givenUp: number | undefined;
  #makingRoom: Promise<void> | undefined;
  #lastWrite: Promise<void> = Promise.resolve();

  private constructor(options: SpoolOptions, state: SpoolState | undefined) {
    this.#folder = options.folder;
    this.#quarantine = options.quarantine;
    this.#counters = options.counters;
    this.#log = options.log;
    this.#limitBytes = options.limitBytes ?? Number.POSITIVE_INFINITY;
    this.#spoolId = state?.spoolId ?? randomUUID();
    this.#next = (state?.highest ?? 0) + 1;
    this.#dropped = state?.dropped;
  }

  /** Opens the spool, empty or with what an earlier agent left. */
  static async open(options: SpoolOptions): Promise<Spool> {
    await makeFolder(options.quarantine);
    await makeFolder(options.folder);
    const state = readSpoolState(join(options.folder, STATE_FILE));
    const spool = new Spool(options, state);
    spool.#takeStock(state === undefined);
    return spool;
  }

  /** Batches that wait. */
  get batches(): number {
    return this.#sizes.size + this.#bulkSizes.size;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Id under which new batches are numbered. */
  get spoolId(): string {
    return this.#spoolId;
  }

  /** Number of the batch to send next: the oldest, bulk last. */
  get first(): number | undefined {
    if (this.#sizes.size > 0) return this.#sizes.keys().next().value;
    for (const sequence of this.#bulkSizes.keys()) if (sequence !== this.#givenUp) return sequence;
    return undefined;
  }

  /** Whether so much waits that bulk should be kept apart. */
  get isUnderPressure(): boolean {
    return this.#bytes >= this.#limitBytes * PRESSURE;
  }

  /** Rows that were given up for want of room, since the spool began. */
  get rowsDropped(): number {
    return this.#dropped?.rows ?? 0;
  }

  /**
   * Makes rows durable as one batch.
   * @returns its number, once it would survive a power cut.
   */
  async append(rows: BatchRows, kind: BatchClass = 'batch'): Promise<number> {
    if (this.#next > this.#reserved) await this.#reserve();
    const sequence = this.#next++;
    const file = await encodeBatch(this.#spoolId, sequence, rows);
    await writeDurably(join(this.#folder, name(sequence, kind)), file);
    this.#add(sequence, file.length, kind);
    this.#counters.batchesSpooled++;
    return sequence;
  }

  /** Reads a batch; a damaged one goes into quarantine and nothing is returned. */
  async read(sequence: number): Promise<SpooledBatch | undefined> {
    let problem: string;
    try {
      const batch = decodeBatch(readFileSync(this.#path(sequence)), sequence);
      if (typeof batch !== 'string') return batch;
      problem = batch;
    } catch (error) {
      problem = (error as Error).message;
    }
    await this.quarantine(sequence, problem);
    return undefined;
  }

  /** Forgets a batch that the server has. */
  async remove(sequence: number): Promise<void> {
    await rm(this.#path(sequence), { force: true });
    this.#drop(sequence);
  }

  /** Sets a batch aside, with its reason in the log. */
  async quarantine(sequence: number, reason: string): Promise<void> {
    this.#log.warn({ sequence, reason }, 'batch set aside');
    try {
      await rename(this.#path(sequence), join(this.#quarantine, `${Date.now()}-${name(sequence, 'batch')}`));
    } catch {
      await rm(this.#path(sequence), { force: true, recursive: true });
    }
    this.#drop(sequence);
    this.#counters.batchesQuarantined++;
    trimQuarantine(this.#quarantine);
  }

  /**
   * Replaces a batch that is too large for the server by two of half its rows; a single row is set
   * aside. A crash in between sends rows twice, which changes nothing.
   */
  async split(sequence: number): Promise<void> {
    const batch = await this.read(sequence);
    if (batch === undefined) return;
    const { runs, activities } = JSON.parse(gunzipSync(batch.body).toString('utf8')) as BatchEnvelope;
    if (runs.length + activities.length < 2) return this.quarantine(sequence, 'one row is too large for the server');
    const texts = {
      runs: runs.map((row) => JSON.stringify(row)),
      activities: activities.map((row) => JSON.stringify(row)),
    };
    const kind = this.#bulkSizes.has(sequence) ? 'bulk' : 'batch';
    const half = { runs: Math.ceil(runs.length / 2), activities: Math.floor(activities.length / 2) };
    const first = { runs: texts.runs.slice(0, half.runs), activities: texts.activities.slice(0, half.activities) };
    await this.append(first, kind);
    const rest = { runs: texts.runs.slice(half.runs), activities: texts.activities.slice(half.activities) };
    await this.append(rest, kind);
    await this.remove(sequence);
  }

  /**
   * Gives up bulk, oldest first, until there is room again, and counts its rows durably before they go. The very oldest
   * stays: it alone may have reached the server without our knowing.
   * @returns whether there is room.
   */
  async makeRoom(): Promise<boolean> {
    if (this.#bytes < this.#limitBytes) return true;
    this.#makingRoom ??= this.#giveUpBulk().finally(() => {
      this.#makingRoom = undefined;
    });
    await this.#makingRoom;
    return this.#bytes < this.#limitBytes;
  }

  /** Numbers anew: to be called when the server has other batches under our numbers. */
  renew(): void {
    this.#spoolId = randomUUID();
    this.#reserved = 0;
  }

  async #giveUpBulk(): Promise<void> {
    const before = this.rowsDropped;
    try {
      while (this.#bytes >= this.#limitBytes) {
        const [, sequence] = this.#bulkSizes.keys();
        if (sequence === undefined) break;
        this.#givenUp = sequence;
        await this.#giveUp(sequence);
      }
    } catch (error) {
      this.#log.error({ err: error }, 'what is given up cannot be counted on the disk; it stays');
    } finally {
      this.#givenUp = undefined;
    }
    const rows = this.rowsDropped - before;
    if (rows > 0) this.#log.warn({ rows }, 'bulk activity was given up: the spool is full');
  }

  async #giveUp(sequence: number): Promise<void> {
    const batch = await this.read(sequence);
    if (batch === undefined) return;
    const before = this.#dropped;
    const { rows, batches } = before ?? { rows: 0, batches: 0 };
    this.#dropped = { rows: rows + batch.rows, batches: batches + 1, last: sequence };
    try {
      await this.#writeState();
    } catch (error) {
      this.#dropped = before;
      throw error;
    }
    await this.remove(sequence);
  }

  #takeStock(isStateLost: boolean): void {
    const found: number[] = [];
    for (const entry of readdirSync(this.#folder).sort()) {
      const path = join(this.#folder, entry);
      if (entry.startsWith(TEMPORARY_PREFIX)) {
        rmSync(path, { force: true, recursive: true });
        continue;
      }
      const [, digits, kind] = NAME.exec(entry) ?? [];
      const sequence = Number(digits ?? 0);
      if (kind === 'bulk' && sequence === this.#dropped?.last) {
        rmSync(path, { force: true, recursive: true });
        continue;
      }
      const stat = statSync(path, { throwIfNoEntry: false });
      const isOurs = sequence > 0 && sequence < MAX_SEQUENCE && stat?.isFile() === true;
      if (isOurs) {
        found.push(sequence);
        this.#add(sequence, stat.size, kind === 'bulk' ? 'bulk' : 'batch');
      } else if (entry !== STATE_FILE || (isStateLost && stat !== undefined)) {
        this.#setAsideStranger(entry);
      }
    }
    this.#next = Math.max(this.#next, (found.at(-1) ?? 0) + 1, highestQuarantined(this.#quarantine) + 1);
  }

  #setAsideStranger(entry: string): void {
    this.#log.warn({ 'file.path': entry }, 'unreadable file in the spool set aside');
    try {
      renameSync(join(this.#folder, entry), join(this.#quarantine, `${Date.now()}-${entry}`));
    } catch {
      rmSync(join(this.#folder, entry), { force: true, recursive: true });
    }
    this.#counters.batchesQuarantined++;
  }

  async #reserve(): Promise<void> {
    const before = this.#reserved;
    this.#reserved = this.#next + RESERVED_AT_ONCE - 1;
    try {
      await this.#writeState();
    } catch (error) {
      this.#reserved = before;
      throw error;
    }
  }

  /** One write at a time: the later one knows all. */
  #writeState(): Promise<void> {
    this.#lastWrite = this.#lastWrite
      .catch(() => undefined)
      .then(() => {
        const highest = Math.max(this.#reserved, this.#next - 1);
        const state = { spoolId: this.#spoolId, highest, dropped: this.#dropped };
        return writeDurably(join(this.#folder, STATE_FILE), `${JSON.stringify(state)}\n`);
      });
    return this.#lastWrite;
  }

  #add(sequence: number, sizeBytes: number, kind: BatchClass): void {
    (kind === 'bulk' ? this.#bulkSizes : this.#sizes).set(sequence, sizeBytes);
    this.#bytes += sizeBytes;
  }

  #drop(sequence: number): void {
    this.#bytes -= this.#sizes.get(sequence) ?? this.#bulkSizes.get(sequence) ?? 0;
    this.#sizes.delete(sequence);
    this.#bulkSizes.delete(sequence);
  }

  #path(sequence: number): string {
    return join(this.#folder, name(sequence, this.#bulkSizes.has(sequence) ? 'bulk' : 'batch'));
  }
}

function name(sequence: number, kind: BatchClass): string {
  return `${String(sequence).padStart(16, '0')}.${kind}`;
}

/** Makes a folder, also where something else has its name. */
async function makeFolder(path: string): Promise<void> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory()) await rename(path, `${path}.set-aside-${Date.now()}`);
  await mkdir(path, { recursive: true, mode: 0o700 });
}

function highestQuarantined(folder: string): number {
  const numbers = readdirSync(folder).map((entry) => Number(/-(\d{16})\.batch$/.exec(entry)?.[1] ?? 0));
  return numbers.reduce((highest, number) => (number < MAX_SEQUENCE ? Math.max(highest, number) : highest), 0);
}

function trimQuarantine(folder: string): void {
  const entries = readdirSync(folder).sort();
  for (const entry of entries.slice(0, Math.max(0, entries.length - MAX_QUARANTINED))) {
    rmSync(join(folder, entry), { force: true, recursive: true });
  }
}
