import { readFileSync } from 'node:fs';
import { Enrolment } from '@sentinel/protocol';
import type { Logger } from 'pino';
import { BackOff } from './back-off.ts';
import type { Contact } from './contact.ts';
import { endpointFacts } from './endpoint-facts.ts';
import { Pause } from './pause.ts';
import type { ServerLink } from './server-link.ts';
import { writeDurably } from './write-durably.ts';

/** Time between two attempts when the server refuses who we are. */
const REFUSED_RETRY_MS = 60_000;

/** What {@link Identity} needs. */
export interface IdentityOptions {
  readonly path: string;
  readonly token: string | undefined;
  readonly link: ServerLink;
  readonly contact: Contact;
  readonly log: Logger;
}

/** Content of the identity file. */
interface StoredIdentity extends Enrolment {
  readonly serverUrl?: string;
}

/** Reads the identity file; nothing where there is none or it cannot be read. */
export function readIdentity(path: string): StoredIdentity | undefined {
  try {
    const stored = JSON.parse(readFileSync(path, 'utf8')) as { serverUrl?: unknown };
    const enrolment = Enrolment.safeParse(stored).data;
    if (enrolment === undefined) return undefined;
    return typeof stored.serverUrl === 'string' ? { ...enrolment, serverUrl: stored.serverUrl } : enrolment;
  } catch {
    return undefined;
  }
}

/** Who this endpoint is to the server: enrols once, and again when the server no longer knows it. */
export class Identity {
  readonly #options: IdentityOptions;
  readonly #pause = new Pause();
  readonly #abort = new AbortController();
  #current: Enrolment | undefined;
  #enrolling: Promise<void> | undefined;
  #isStopped = false;

  constructor(options: IdentityOptions) {
    this.#options = options;
    this.#current = readIdentity(options.path);
  }

  /** The present identity; undefined until enrolled. */
  get current(): Enrolment | undefined {
    return this.#current;
  }

  /**
   * Tries to enrol once.
   * @param signal - Ends the attempt early.
   * @returns undefined when enrolled, else why not and whether trying again can help.
   */
  async tryEnrol(
    signal?: AbortSignal,
  ): Promise<{ readonly detail: string; readonly isRefused: boolean; readonly retryAfterMs: number } | undefined> {
    const { token, link, contact } = this.#options;
    if (token === undefined)
      return {
        detail: 'the server does not know this endpoint and no token was given',
        isRefused: true,
        retryAfterMs: 0,
      };
    const answer = await link.enrol(
      token,
      endpointFacts(),
      signal === undefined ? this.#abort.signal : AbortSignal.any([signal, this.#abort.signal]),
    );
    if (answer.kind !== 'ok') {
      contact.failed(answer.detail);
      const isRefused = answer.kind === 'refused' && answer.status === 401 && answer.code !== undefined;
      return { detail: answer.detail, isRefused, retryAfterMs: answer.kind === 'refused' ? answer.retryAfterMs : 0 };
    }
    const { endpointId, credential } = answer.value;
    const stored: StoredIdentity = { endpointId, credential, serverUrl: link.url };
    await writeDurably(this.#options.path, `${JSON.stringify(stored)}\n`, 0o600);
    this.#current = { endpointId, credential };
    contact.succeeded();
    this.#options.log.info({ endpointId }, 'enrolled');
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
   * The server answered 401 to a credential.
   * @returns true once there is another one; false when there is nothing better than to wait.
   */
  async refused(credential: string): Promise<boolean> {
    if (this.#current?.credential !== credential) return true;
    if (this.#options.token === undefined) return false;
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
