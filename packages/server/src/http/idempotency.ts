import { createHash } from 'node:crypto';
import { SentinelError } from '@sentinel/protocol';
import type { Seal } from '../seal.ts';
import type { ControlStore } from '../store/control-store.ts';

/** Row of a request that must not be carried out twice. */
export interface IdempotencyKeyTable {
  key_hash: string;
  /** Hash of the request: a key stands for one request only. */
  request_hash: string;
  /** Answer as JSON, sealed: it may hold a secret that is shown once. Null while the request is under way. */
  answer: string | null;
  expires_at: number;
}

/** How long a repeated request gets the first one's answer. */
const LIFE_MS = 24 * 60 * 60 * 1000;

/** A request with the key of its sender. */
export interface KeyedRequest {
  readonly accountId: string;
  readonly operationId: string;
  readonly key: string;
  /** Parameters, query and body. */
  readonly request: unknown;
  readonly nowMs: number;
}

/**
 * Carries requests out once per key, whichever server they reach: a repetition gets the answer of the first.
 * Source: draft-ietf-httpapi-idempotency-key-header-07.
 */
export class IdempotencyKeys {
  readonly #control: ControlStore;
  readonly #seal: Seal;

  constructor(control: ControlStore, seal: Seal) {
    this.#control = control;
    this.#seal = seal;
  }

  /**
   * @throws SentinelError `conflict` if the key was used for another request, or its first one is still under way.
   */
  async once(
    { accountId, operationId, key, request, nowMs }: KeyedRequest,
    work: () => Promise<unknown>,
  ): Promise<{ answer: unknown; isReplay: boolean }> {
    const keyHash = hashOf([accountId, operationId, key]);
    const requestHash = hashOf(request);
    await this.#control.deleteFrom('idempotency_key').where('expires_at', '<=', nowMs).execute();
    const { numInsertedOrUpdatedRows } = await this.#control
      .insertInto('idempotency_key')
      .values({ key_hash: keyHash, request_hash: requestHash, expires_at: nowMs + LIFE_MS })
      .onConflict((conflict) => conflict.column('key_hash').doNothing())
      .executeTakeFirstOrThrow();
    if (numInsertedOrUpdatedRows === 0n) return { answer: await this.#earlier(keyHash, requestHash), isReplay: true };
    let answer: unknown;
    try {
      answer = await work();
    } catch (error) {
      // Nothing was done, as far as the answer says: the same key may try again.
      await this.#control.deleteFrom('idempotency_key').where('key_hash', '=', keyHash).execute();
      throw error;
    }
    await this.#control
      .updateTable('idempotency_key')
      .set({ answer: this.#seal.sealText(JSON.stringify(answer), `idempotency/${keyHash}`) })
      .where('key_hash', '=', keyHash)
      .execute();
    return { answer, isReplay: false };
  }

  async #earlier(keyHash: string, requestHash: string): Promise<unknown> {
    const row = await this.#control
      .selectFrom('idempotency_key')
      .selectAll()
      .where('key_hash', '=', keyHash)
      .executeTakeFirst();
    if (row !== undefined && row.request_hash !== requestHash)
      throw new SentinelError('conflict', 'This idempotency key stands for another request.');
    if (row === undefined || row.answer === null)
      throw new SentinelError(
        'conflict',
        'The first request with this idempotency key is under way, or its end is not known.',
      );
    return JSON.parse(this.#seal.unsealText(row.answer, `idempotency/${keyHash}`));
  }
}

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}
