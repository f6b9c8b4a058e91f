import { randomUUID } from 'node:crypto';
import { readdirSync, readFileSync, renameSync, rmSync, statSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { AgentCounters, BatchEnvelope } from '@sentinel/protocol';
import type { Logger } from 'pino';
import { type BatchRows, decodeBatch, encodeBatch, type SpooledBatch } from './batch-file.ts';
import { TEMPORARY_PREFIX, writeDurably } from './write-durably.ts';

/** Numbers reserved at a time, so that not every batch rewrites `spool.json`. */
const RESERVED_AT_ONCE = 256;
const STATE_FILE = 'spool.json';
const NAME = /^(\d{16})\.batch$/;
/** Largest number that is believed to be ours; a stranger's file name must not use up the numbers. */
const MAX_SEQUENCE = 2 ** 50;
/** Files kept in quarantine; the oldest go first. */
const MAX_QUARANTINED = 1000;

/** What {@link Spool.open} needs. */
export interface SpoolOptions {
  readonly folder: string;
  readonly quarantine: string;
  readonly counters: AgentCounters;
  readonly log: Logger;
}

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
  /** Size of each batch by number; numbers rise, so the order of insertion is that of the numbers. */
  readonly #sizes = new Map<number, number>();
  #bytes = 0;
  #spoolId: string;
  #next: number;
  #reserved = 0;

  private constructor(options: SpoolOptions, spoolId: string, next: number) {
    this.#folder = options.folder;
    this.#quarantine = options.quarantine;
    this.#counters = options.counters;
    this.#log = options.log;
    this.#spoolId = spoolId;
    this.#next = next;
  }

  /** Opens the spool, empty or with what an earlier agent left. */
  static async open(options: SpoolOptions): Promise<Spool> {
    await makeFolder(options.quarantine);
    await makeFolder(options.folder);
    const state = readState(join(options.folder, STATE_FILE));
    const spool = new Spool(options, state?.spoolId ?? randomUUID(), (state?.highest ?? 0) + 1);
    spool.#takeStock(state === undefined);
    return spool;
  }

  /** Batches that wait. */
  get batches(): number {
    return this.#sizes.size;
  }

  /** Bytes that wait. */
  get bytes(): number {
    return this.#bytes;
  }

  /** Id under which new batches are numbered. */
  get spoolId(): string {
    return this.#spoolId;
  }

  /** Number of the oldest batch. */
  get first(): number | undefined {
    return this.#sizes.keys().next().value;
  }

  /**
   * Makes rows durable as one batch.
   * @returns its number, once it would survive a power cut.
   */
  async append(rows: BatchRows): Promise<number> {
    if (this.#next > this.#reserved) await this.#reserve();
    const sequence = this.#next++;
    const file = await encodeBatch(this.#spoolId, sequence, rows);
    await writeDurably(this.#path(sequence), file);
    this.#add(sequence, file.length);
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
      await rename(this.#path(sequence), join(this.#quarantine, `${Date.now()}-${name(sequence)}`));
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
    const half = { runs: Math.ceil(runs.length / 2), activities: Math.floor(activities.length / 2) };
    await this.append({ runs: texts.runs.slice(0, half.runs), activities: texts.activities.slice(0, half.activities) });
    await this.append({ runs: texts.runs.slice(half.runs), activities: texts.activities.slice(half.activities) });
    await this.remove(sequence);
  }

  /** Numbers anew: to be called when the server has other batches under our numbers. */
  renew(): void {
    this.#spoolId = randomUUID();
    this.#reserved = 0;
  }

  #takeStock(isStateLost: boolean): void {
    const found: number[] = [];
    for (const entry of readdirSync(this.#folder).sort()) {
      const path = join(this.#folder, entry);
      if (entry.startsWith(TEMPORARY_PREFIX)) {
        rmSync(path, { force: true, recursive: true });
        continue;
      }
      const sequence = Number(NAME.exec(entry)?.[1] ?? 0);
      const stat = statSync(path, { throwIfNoEntry: false });
      const isOurs = sequence > 0 && sequence < MAX_SEQUENCE && stat?.isFile() === true;
      if (isOurs) {
        found.push(sequence);
        this.#add(sequence, stat.size);
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
    const highest = this.#next + RESERVED_AT_ONCE - 1;
    await writeDurably(join(this.#folder, STATE_FILE), `${JSON.stringify({ spoolId: this.#spoolId, highest })}\n`);
    this.#reserved = highest;
  }

  #add(sequence: number, sizeBytes: number): void {
    this.#sizes.set(sequence, sizeBytes);
    this.#bytes += sizeBytes;
  }

  #drop(sequence: number): void {
    this.#bytes -= this.#sizes.get(sequence) ?? 0;
    this.#sizes.delete(sequence);
  }

  #path(sequence: number): string {
    return join(this.#folder, name(sequence));
  }
}

function name(sequence: number): string {
  return `${String(sequence).padStart(16, '0')}.batch`;
}

/** Makes a folder, also where something else has its name. */
async function makeFolder(path: string): Promise<void> {
  const stat = statSync(path, { throwIfNoEntry: false });
  if (stat !== undefined && !stat.isDirectory()) await rename(path, `${path}.set-aside-${Date.now()}`);
  await mkdir(path, { recursive: true, mode: 0o700 });
}

function readState(path: string): { readonly spoolId: string; readonly highest: number } | undefined {
  try {
    const { spoolId, highest } = JSON.parse(readFileSync(path, 'utf8')) as { spoolId?: unknown; highest?: unknown };
    const isId =
      typeof spoolId === 'string' &&
      /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(spoolId);
    const isNumber =
      typeof highest === 'number' && Number.isSafeInteger(highest) && highest >= 0 && highest < MAX_SEQUENCE;
    return isId && isNumber ? { spoolId, highest } : undefined;
  } catch {
    return undefined;
  }
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
