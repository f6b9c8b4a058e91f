import type { AgentCounters, EndpointCoverage } from '@sentinel/protocol';
import type { Logger } from 'pino';
import type { Contact } from './contact.ts';
import { endpointFacts } from './endpoint-facts.ts';
import type { Identity } from './identity.ts';
import { Pause } from './pause.ts';
import type { ServerLink } from './server-link.ts';

/** Time between two signs of life. */
const INTERVAL_MS = 15_000;

/** What {@link Heartbeat} needs. */
export interface HeartbeatOptions {
  readonly link: ServerLink;
  readonly identity: Identity;
  readonly contact: Contact;
  readonly log: Logger;
  readonly counters: () => AgentCounters;
  readonly coverage?: () => EndpointCoverage | undefined;
  /** Called once, after the first exchange. */
  readonly onFirst: (hasContact: boolean) => void;
}

/** Tells the server at regular times that the agent lives, with its counters. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #pause = new Pause();
  readonly #abort = new AbortController();
  #isStopping = false;
  #loop: Promise<void> | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Begins. */
  start(): void {
    this.#loop = this.#run();
  }

  /** Ends, also an exchange under way. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#abort.abort();
    this.#pause.wake();
    await this.#loop;
  }

  async #run(): Promise<void> {
    let isFirst = true;
    while (!this.#isStopping) {
      const hasContact = await this.#beat();
      if (isFirst) this.#options.onFirst(hasContact);
      isFirst = false;
      // A little uneven, so that a fleet does not beat as one.
      if (!this.#isStopping) await this.#pause.wait(INTERVAL_MS * (0.9 + 0.2 * Math.random()));
    }
  }

  async #beat(): Promise<boolean> {
    const { link, identity, contact, log, counters, coverage } = this.#options;
    const credential = identity.current?.credential;
    if (credential === undefined) return false;
    const answer = await link.heartbeat(credential, endpointFacts(), counters(), coverage?.(), this.#abort.signal);
    if (answer.kind === 'ok') {
      contact.succeeded();
      return true;
    }
    if (this.#isStopping) return false;
    if (contact.failed(answer.detail)) log.warn({ reason: answer.detail }, 'no contact with the server');
    if (answer.kind !== 'refused' || answer.status !== 401) return false;
    return (await identity.refused(credential)) && identity.current?.credential !== credential;
  }
}
