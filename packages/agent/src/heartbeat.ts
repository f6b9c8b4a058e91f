import type { AgentCounters, AgentHealth, EndpointCoverage, EndpointFacts, TrustReport } from '@sentinel/protocol';
import type { Logger } from 'pino';
import type { Contact } from './contact.ts';
import type { Identity } from './identity.ts';
import { Pause } from './pause.ts';
import type { BeatAnswer, ServerLink } from './server-link.ts';

/** Time between two signs of life while nothing else tells that the agent lives. */
const INTERVAL_MS = 15_000;
/** The same while the channel is open; two agents with one key must be seen within a minute. */
const CHANNEL_INTERVAL_MS = 45_000;
/** News are told so soon, and a burst of them at once. */
const NEWS_MS = 500;

/** What {@link Heartbeat} needs. */
export interface HeartbeatOptions {
  readonly link: ServerLink;
  readonly identity: Identity;
  readonly contact: Contact;
  readonly log: Logger;
  readonly facts: () => EndpointFacts;
  readonly counters: () => AgentCounters;
  readonly coverage: () => EndpointCoverage | undefined;
  readonly trust: () => TrustReport;
  readonly health: () => AgentHealth;
  readonly isChannelOpen: () => boolean;
  /** Called with every answer. */
  readonly onAnswer: (answer: BeatAnswer) => void;
  /** Called once, after the first exchange. */
  readonly onFirst: (hasContact: boolean) => void;
}

/** Tells the server at regular times that the agent lives, with its counters, and hears what came meanwhile. */
export class Heartbeat {
  readonly #options: HeartbeatOptions;
  readonly #pause = new Pause();
  readonly #abort = new AbortController();
  #isStopping = false;
  #loop: Promise<void> | undefined;
  #news: NodeJS.Timeout | undefined;

  constructor(options: HeartbeatOptions) {
    this.#options = options;
  }

  /** Begins. */
  start(): void {
    this.#loop = this.#run();
  }

  /** Says that there is something to tell before the next regular time. */
  soon(): void {
    this.#news ??= setTimeout(() => {
      this.#news = undefined;
      this.#pause.wake();
    }, NEWS_MS).unref();
  }

  /** Ends, also an exchange under way. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    clearTimeout(this.#news);
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
      const intervalMs = this.#options.isChannelOpen() ? CHANNEL_INTERVAL_MS : INTERVAL_MS;
      // A little uneven, so that a fleet does not beat as one.
      if (!this.#isStopping) await this.#pause.wait(intervalMs * (0.9 + 0.2 * Math.random()));
    }
  }

  async #beat(): Promise<boolean> {
    const { link, identity, contact, log, facts, counters, coverage, trust, health, onAnswer } = this.#options;
    const signer = identity.current?.signer;
    if (signer === undefined) return false;
    const beat = { endpoint: facts(), counters: counters(), coverage: coverage(), trust: trust(), health: health() };
    const answer = await link.heartbeat(signer, beat, this.#abort.signal);
    if (answer.kind === 'ok') {
      contact.succeeded();
      onAnswer(answer.value);
      return true;
    }
    if (this.#isStopping) return false;
    if (contact.failed(answer.detail)) log.warn({ reason: answer.detail }, 'no contact with the server');
    if (answer.kind !== 'refused' || answer.status !== 401 || answer.code !== 'not-signed-in') return false;
    return (await identity.refused(signer)) && identity.current?.signer !== signer;
  }
}
