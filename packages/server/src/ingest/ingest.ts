import { createHash } from 'node:crypto';
import { type BatchAcknowledgement, SentinelError } from '@sentinel/protocol';
import type { Metrics } from '../metrics.ts';
import { findMark } from '../store/batch-mark.ts';
import type { ControlStore } from '../store/control-store.ts';
import { setAside } from '../store/quarantine.ts';
import type { GroupCommit, Stored } from './group-commit.ts';
import { inflate } from './inflate.ts';
import { type ReadBatch, readBatch } from './read-batch.ts';

/** A body as it came over the network. */
export interface ReceivedBatch {
  readonly endpointId: string;
  readonly body: Buffer;
  readonly encoding: string | undefined;
  /** Called with the size after inflation; throws if that is too much together with what is under way. */
  readonly claim: (bytes: number) => void;
}

/** A batch that was read. */
interface KnownBatch {
  readonly endpointId: string;
  readonly batch: ReadBatch;
  readonly body: Buffer;
  readonly sha256: string;
  /** Tells the group that it need not wait for this batch any longer. */
  readonly arrived: () => void;
}

/** A batch between its arrival and its mark. */
interface UnderWay {
  readonly sha256: string;
  readonly stored: Promise<Stored>;
}

/** The server's write path: inflate, read, deduplicate, write, acknowledge. */
export class Ingest {
  readonly #control: ControlStore;
  readonly #commit: GroupCommit;
  readonly #metrics: Metrics;
  readonly #underWay = new Map<string, UnderWay>();

  constructor(parts: { control: ControlStore; commit: GroupCommit; metrics: Metrics }) {
    this.#control = parts.control;
    this.#commit = parts.commit;
    this.#metrics = parts.metrics;
  }

  /** Takes a batch; resolves once its rows are durable. */
  async accept(received: ReceivedBatch): Promise<BatchAcknowledgement> {
    const started = performance.now();
    const arrived = this.#commit.announce();
    let acknowledgement: BatchAcknowledgement;
    try {
      const { body, batch } = await this.#read(received);
      const sha256 = createHash('sha256').update(body).digest('hex');
      acknowledgement = await this.#store({ endpointId: received.endpointId, batch, body, sha256, arrived });
    } finally {
      arrived();
    }
    this.#metrics.ingestSeconds.observe((performance.now() - started) / 1000);
    this.#metrics.batches.inc({ result: acknowledgement.status });
    return acknowledgement;
  }

  async #read({ endpointId, body: raw, encoding, claim }: ReceivedBatch): Promise<{ body: Buffer; batch: ReadBatch }> {
    let body = raw;
    try {
      body = await inflate(raw, encoding);
      claim(body.byteLength);
      return { body, batch: readBatch(body, Date.now()) };
    } catch (error) {
      if (!(error instanceof SentinelError)) throw error;
      if (error.code === 'too-large') this.#metrics.batches.inc({ result: 'too-large' });
      if (error.code !== 'malformed-batch' && error.code !== 'unsupported-protocol') throw error;
      this.#metrics.batches.inc({ result: error.code === 'malformed-batch' ? 'malformed' : 'unsupported' });
      await setAside(this.#control, [{ endpointId, kind: 'batch', reason: error.message, body }], Date.now());
      throw error;
    }
  }

  async #store(known: KnownBatch): Promise<BatchAcknowledgement> {
    const { endpointId, batch, body, sha256, arrived } = known;
    const { spoolId, sequence } = batch;
    const key = `${endpointId}/${spoolId}/${sequence}`;
    const duplicate: BatchAcknowledgement = { spoolId, sequence, status: 'duplicate', rowsStored: 0, rowsSetAside: 0 };
    const before = this.#underWay.get(key);
    if (before !== undefined) {
      arrived();
      if (before.sha256 !== sha256) throw await this.#conflict(endpointId, batch, body);
      await before.stored;
      return duplicate;
    }
    // Entered before anything is awaited: two copies that arrive together must meet here.
    const stored = this.#storeOnce(known);
    this.#underWay.set(key, { sha256, stored: stored.then((result) => result ?? { rowsStored: 0, rowsSetAside: 0 }) });
    this.#underWay.get(key)?.stored.catch(() => {});
    try {
      const result = await stored;
      if (result === undefined) return duplicate;
      this.#metrics.rows.inc({ result: 'stored' }, result.rowsStored);
      this.#metrics.rows.inc({ result: 'set-aside' }, result.rowsSetAside);
      return { spoolId, sequence, status: 'stored', ...result };
    } finally {
      this.#underWay.delete(key);
    }
  }

  async #storeOnce({ endpointId, batch, body, sha256, arrived }: KnownBatch): Promise<Stored | undefined> {
    const { spoolId, sequence } = batch;
    const mark = await findMark(this.#control, endpointId, spoolId, sequence);
    if (mark?.sha256 === sha256) return undefined;
    if (mark !== undefined) throw await this.#conflict(endpointId, batch, body);
    const stored = this.#commit.submit(batch, { endpointId, spoolId, sequence }, sha256);
    arrived();
    return stored;
  }

  async #conflict(endpointId: string, { spoolId, sequence }: ReadBatch, body: Buffer): Promise<SentinelError> {
    const reason = `another batch with number ${sequence} of this spool was stored before`;
    this.#metrics.batches.inc({ result: 'conflict' });
    await setAside(this.#control, [{ endpointId, kind: 'batch', reason, body, spoolId, sequence }], Date.now());
    return new SentinelError(
      'batch-conflict',
      `Batch ${sequence} of this spool was stored before with another content.`,
    );
  }
}
