import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { RequestSigner } from '@sentinel/client';
import { type EndpointFacts, Enrolment } from '@sentinel/protocol';
import type { Logger } from 'pino';
import { z } from 'zod';
import { BackOff } from './back-off.ts';
import type { Contact } from './contact.ts';
import { EndpointKey } from './endpoint-key.ts';
import { Pause } from './pause.ts';
import type { ServerLink } from './server-link.ts';
import { writeDurably } from './write-durably.ts';

/** Time between two attempts when the server refuses who we are. */
const REFUSED_RETRY_MS = 60_000;
/** Share of a key's life after which a new one is made. */
const RENEW_AFTER = 2 / 3;

/** Content of the identity file. */
const StoredIdentity = Enrolment.extend({
  keyMadeAt: z.iso.datetime({ precision: 3 }),
  serverUrl: z.string().optional(),
});
type StoredIdentity = z.infer<typeof StoredIdentity>;

/** Who this endpoint is. */
export interface KnownIdentity extends StoredIdentity {
  readonly signer: RequestSigner;
}

/** Where identity and key lie. */
export interface IdentityPaths {
  readonly identity: string;
  readonly key: string;
  readonly nextKey: string;
}

/** What {@link Identity} needs. */
export interface IdentityOptions {
  readonly paths: IdentityPaths;
  readonly token: string | undefined;
  readonly facts: () => EndpointFacts;
  readonly link: ServerLink;
  readonly contact: Contact;
  readonly log: Logger;
}

/** Reads the identity file; nothing where there is none or it cannot be read. */
export function readIdentity(path: string): StoredIdentity | undefined {
  try {
    return StoredIdentity.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

/** Who this endpoint is to the server: enrols once, renews its key, and enrols again when the server no longer knows it. */
export class Identity {
  readonly #options: IdentityOptions;
  readonly #pause = new Pause();
  readonly #abort = new AbortController();
  /** Life of this agent; a copy of the data folder elsewhere has another. */
  readonly bootId: string = randomUUID();
  #current: KnownIdentity | undefined;
  #enrolling: Promise<void> | undefined;
  #isStopped = false;
  /** A server that refuses whom it just enrolled must not be flooded. */
  #enrolAgainAt = 0;

  private constructor(options: IdentityOptions) {
    this.#options = options;
  }

  /** Reads who this endpoint is. */
  static async open(options: IdentityOptions): Promise<Identity> {
    const identity = new Identity(options);
    const stored = readIdentity(options.paths.identity);
    const key = EndpointKey.read(options.paths.key);
    if (stored !== undefined && key !== undefined) await identity.#become(stored, key);
    return identity;
  }

  /** The present identity; undefined until enrolled. */
  get current(): KnownIdentity | undefined {
    return this.#current;
  }

  /** Whether it is time for a new key. */
  isKeyDue(nowMs: number): boolean {
    if (this.#current === undefined) return false;
    const from = Date.parse(this.#current.keyMadeAt);
    return nowMs > from + (Date.parse(this.#current.keyExpiresAt) - from) * RENEW_AFTER;
  }

  /**
   * Tries to enrol once.
   * @param signal - Ends the attempt early.
   * @returns undefined when enrolled, else why not and whether trying again can help.
   */
  async tryEnrol(
    signal?: AbortSignal,
  ): Promise<{ readonly detail: string; readonly isRefused: boolean; readonly retryAfterMs: number } | undefined> {
    const { token, link, contact, paths, facts } = this.#options;
    if (token === undefined)
      return {
        detail: 'the server does not know this endpoint and no token was given',
        isRefused: true,
        retryAfterMs: 0,
      };
    const key = await EndpointKey.make(paths.nextKey);
    const answer = await link.enrol(
      { token, endpoint: facts(), publicKey: key.publicKey, proof: key.prove('enrolment', token) },
      signal === undefined ? this.#abort.signal : AbortSignal.any([signal, this.#abort.signal]),
    );
    if (answer.kind !== 'ok') {
      EndpointKey.discard(paths.nextKey);
      contact.failed(answer.detail);
      const isRefused = answer.kind === 'refused' && answer.status === 401 && answer.code !== undefined;
      return { detail: answer.detail, isRefused, retryAfterMs: answer.kind === 'refused' ? answer.retryAfterMs : 0 };
    }
    await this.#take(answer.value, key);
    contact.succeeded();
    this.#options.log.info({ endpointId: answer.value.endpointId }, 'enrolled');
    return undefined;
  }

  /** Enrols, however long it takes; callers that ask meanwhile share the attempt. */
  enrol(): Promise<void> {
    this.#enrolling ??= this.#enrolAtLast().finally(() => {
      this.#enrolling = undefined;
    });
    return this.#enrolling;
  }

  /**
   * Makes a new key and has the old one vouch for it. The new one is durable before the server hears of it, so that a crash
   * between its yes and ours leaves both files, and the one that works is found.
   * @returns undefined when done, else why not.
   */
  async renewKey(): Promise<string | undefined> {
    const { link, paths, log } = this.#options;
    const before = this.#current;
    if (before === undefined) return 'not enrolled';
    const key = await EndpointKey.make(paths.nextKey);
    const proof = key.prove('renewal', before.endpointId);
    const answer = await link.renewKey(before.signer, { publicKey: key.publicKey, proof }, this.#abort.signal);
    if (answer.kind !== 'ok') {
      // What nobody answered may have been taken: then the file is needed.
      if (answer.kind === 'refused') EndpointKey.discard(paths.nextKey);
      return answer.detail;
    }
    await this.#take(answer.value, key);
    log.info({ endpointId: before.endpointId }, 'the key was renewed');
    return undefined;
  }

  /**
   * The server answered 401 to a signer.
   * @returns true once there is another one; false when there is nothing better than to wait.
   */
  async refused(signer: RequestSigner): Promise<boolean> {
    if (this.#current?.signer !== signer) return true;
    if (await this.#tryNextKey()) return true;
    if (this.#options.token === undefined || performance.now() < this.#enrolAgainAt) return false;
    this.#enrolAgainAt = performance.now() + REFUSED_RETRY_MS;
    const failure = await this.tryEnrol().catch((error: unknown) => ({ detail: String(error) }));
    if (failure !== undefined)
      this.#options.log.warn({ reason: failure.detail }, 'the server refuses this endpoint and enrolling again failed');
    return failure === undefined;
  }

  /** Ends waiting, also for an answer. */
  stop(): void {
    this.#isStopped = true;
    this.#abort.abort();
    this.#pause.wake();
  }

  /** A key whose renewal nobody confirmed may be the one that counts. */
  async #tryNextKey(): Promise<boolean> {
    const { paths } = this.#options;
    const next = EndpointKey.read(paths.nextKey);
    if (next === undefined || this.#current === undefined) return false;
    const { signer: _old, ...stored } = this.#current;
    await this.#take({ ...stored, keyExpiresAt: new Date(0).toISOString() }, next);
    return true;
  }

  async #take(enrolment: Enrolment, key: EndpointKey): Promise<void> {
    const { paths, link } = this.#options;
    const { endpointId, keyExpiresAt } = enrolment;
    const stored = { endpointId, keyExpiresAt, keyMadeAt: new Date().toISOString(), serverUrl: link.url };
    EndpointKey.promote(paths.nextKey, paths.key);
    await writeDurably(paths.identity, `${JSON.stringify(stored)}\n`, 0o600);
    await this.#become(stored, key);
  }

  async #become(stored: StoredIdentity, key: EndpointKey): Promise<void> {
    const { endpointId } = stored;
    const signer = new RequestSigner({ endpointId, privateKey: await key.forSigning(), bootId: this.bootId });
    this.#current = { ...stored, signer };
  }

  async #enrolAtLast(): Promise<void> {
    const backOff = new BackOff();
    while (this.#current === undefined && !this.#isStopped) {
      const failure = await this.tryEnrol().catch((error: unknown) => ({
        detail: String(error),
        isRefused: false,
        retryAfterMs: 0,
      }));
      if (failure === undefined) return;
      this.#options.log.warn({ reason: failure.detail }, 'not enrolled yet');
      await this.#pause.wait(failure.isRefused ? REFUSED_RETRY_MS : backOff.next(failure.retryAfterMs));
    }
  }
}
