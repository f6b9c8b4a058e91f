import { setTimeout as delay } from 'node:timers/promises';
import type { RequestSigner } from '@sentinel/client';
import type { AgentCounters } from '@sentinel/protocol';
import type { Logger } from 'pino';
import { BackOff } from './back-off.ts';
import type { Contact } from './contact.ts';
import type { Identity } from './identity.ts';
import { Pause } from './pause.ts';
import type { SentLog } from './sent-log.ts';
import type { Answer, ServerLink } from './server-link.ts';
import type { Spool } from './spool.ts';

/** Time between two attempts when the server refuses who we are, or speaks another protocol. */
const REFUSED_RETRY_MS = 30_000;
/** Time between two looks at an empty spool; a new batch ends the wait. */
const EMPTY_WAIT_MS = 60_000;
/** Time between two looks at a spool that is being emptied. */
const DRAIN_LOOK_MS = 50;
/** Refusals of the batch itself: sending it again can never help. */
const POISON = new Set(['malformed-batch', 'bad-request', 'unsupported-media', 'batch-conflict']);

/** What {@link Uploader} needs. */
export interface UploaderOptions {
  readonly spool: Spool;
  readonly link: ServerLink;
  readonly identity: Identity;
  readonly contact: Contact;
  readonly counters: AgentCounters;
  readonly sent: SentLog;
  readonly log: Logger;
}

/** Ships the spool, oldest batch first, one at a time. A batch leaves the spool only when the server named it. */
export class Uploader {
  readonly #options: UploaderOptions;
  readonly #backOff = new BackOff();
  readonly #pause = new Pause();
  readonly #abort = new AbortController();
  #isIdle = false;
  #isStopping = false;
  #loop: Promise<void> | undefined;

  constructor(options: UploaderOptions) {
    this.#options = options;
  }

  /** Begins to ship. */
  start(): void {
    this.#loop = this.#run();
  }

  /** Says that a batch was added. A back-off under way is not cut short. */
  wake(): void {
    if (this.#isIdle) this.#pause.wake();
  }

  /** Waits until the spool is empty, at most so long. @returns batches left. */
  async drain(withinMs: number): Promise<number> {
    const { spool } = this.#options;
    this.wake();
    for (const end = Date.now() + withinMs; spool.batches > 0 && Date.now() < end && !this.#isStopping; )
      await delay(DRAIN_LOOK_MS);
    return spool.batches;
  }

  /** Ships what it can within a time and stops. */
  async stop(withinMs: number): Promise<void> {
    this.#isStopping = true;
    this.#pause.wake();
    const timer = setTimeout(() => this.#abort.abort(), withinMs);
    await this.#loop;
    // One more round for what was spooled last; a failure ends it.
    while (this.#options.spool.first !== undefined && !this.#abort.signal.aborted) {
      if ((await this.#sendFirst()) > 0) break;
    }
    clearTimeout(timer);
  }

  async #run(): Promise<void> {
    while (!this.#isStopping) {
      const isEmpty = this.#options.spool.first === undefined || this.#options.identity.current === undefined;
      const waitMs = isEmpty ? EMPTY_WAIT_MS : await this.#guardedSend();
      if (waitMs <= 0 || this.#isStopping) continue;
      this.#isIdle = isEmpty;
      // A batch may have come between the look and here.
      const stillEmpty = this.#options.spool.first === undefined || this.#options.identity.current === undefined;
      if (!isEmpty || stillEmpty) await this.#pause.wait(waitMs);
      this.#isIdle = false;
    }
  }

  async #guardedSend(): Promise<number> {
    try {
      return await this.#sendFirst();
    } catch (error) {
      this.#options.log.error({ err: error }, 'shipping failed; trying again');
      return this.#backOff.next();
    }
  }

  /** Sends the oldest batch. @returns how long to wait before the next attempt. */
  async #sendFirst(): Promise<number> {
    const { spool, link, identity, contact, counters, sent } = this.#options;
    const sequence = spool.first;
    const signer = identity.current?.signer;
    if (sequence === undefined || signer === undefined) return EMPTY_WAIT_MS;
    const batch = await spool.read(sequence);
    if (batch === undefined) return 0;
    const answer = await link.sendBatch(signer, batch, this.#abort.signal);
    if (answer.kind !== 'ok') return this.#failed(sequence, signer, answer);
    contact.succeeded();
    this.#backOff.reset();
    await spool.remove(sequence);
    counters.batchesShipped++;
    sent.note(batch);
    return 0;
  }

  async #failed(
    sequence: number,
    signer: RequestSigner,
    answer: Exclude<Answer<unknown>, { kind: 'ok' }>,
  ): Promise<number> {
    const { spool, identity, contact, log } = this.#options;
    if (this.#abort.signal.aborted) return EMPTY_WAIT_MS;
    if (answer.kind === 'refused') {
      if (answer.code !== undefined && POISON.has(answer.code)) {
        if (answer.code === 'batch-conflict') spool.renew();
        await spool.quarantine(sequence, `${answer.code}: ${answer.detail}`);
        return 0;
      }
      if (answer.status === 413) {
        await spool.split(sequence);
        return 0;
      }
    }
    if (contact.failed(answer.detail))
      log.warn({ reason: answer.detail }, 'the server did not take a batch; it stays in the spool');
    if (answer.kind === 'unreachable') return this.#backOff.next();
    if (answer.status === 401 && answer.code !== 'sequence-used') {
      if (await identity.refused(signer)) return 0;
      return this.#slow();
    }
    const isLasting = answer.status === 403 || answer.code === 'unsupported-protocol';
    return isLasting ? this.#slow() : this.#backOff.next(answer.retryAfterMs);
  }

  #slow(): number {
    return REFUSED_RETRY_MS * (0.5 + Math.random());
  }
}
