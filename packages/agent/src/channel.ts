import { eventData } from '@sentinel/client';
import { ChannelEvent, type PolicyShares, type SignedAction, type SignedPolicyBundle } from '@sentinel/protocol';
import type { Logger } from 'pino';
import { BackOff } from './back-off.ts';
import type { Contact } from './contact.ts';
import type { Identity } from './identity.ts';
import { Pause } from './pause.ts';
import type { ServerLink } from './server-link.ts';

/** Longest silence; the server writes something every 25 seconds. */
const SILENT_MS = 70_000;
/** Longest wait for the answer to begin. */
const OPENS_WITHIN_MS = 20_000;
/** Time between two attempts when the server refuses who we are. */
const REFUSED_RETRY_MS = 30_000;
/** A channel that held so long was a good one: the next attempt is not held back. */
const GOOD_MS = 60_000;

/** What {@link Channel} needs. */
export interface ChannelOptions {
  readonly link: ServerLink;
  readonly identity: Identity;
  readonly contact: Contact;
  readonly log: Logger;
  readonly onPolicy: (version: number, shares: PolicyShares, signed: SignedPolicyBundle | undefined) => Promise<void>;
  readonly onAction: (signed: SignedAction) => Promise<unknown>;
  /** Called when it opened or closed. */
  readonly onChange: () => void;
}

/** One connection held open to the server, on which policies and actions come at once. Without it the heartbeat finds them. */
export class Channel {
  readonly #options: ChannelOptions;
  readonly #pause = new Pause();
  readonly #abort = new AbortController();
  readonly #backOff = new BackOff();
  #isOpen = false;
  #loop: Promise<void> | undefined;

  constructor(options: ChannelOptions) {
    this.#options = options;
  }

  /** Whether it is open now. */
  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Begins. */
  start(): void {
    this.#loop = this.#run();
  }

  /** Ends. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#pause.wake();
    await this.#loop;
  }

  async #run(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      const startedMs = performance.now();
      const waitMs = await this.#hold().catch((error: unknown) => {
        this.#options.log.debug({ err: error }, 'the channel broke');
        return this.#backOff.next();
      });
      this.#setOpen(false);
      if (performance.now() - startedMs > GOOD_MS) this.#backOff.reset();
      if (!this.#abort.signal.aborted) await this.#pause.wait(waitMs);
    }
  }

  /** Opens the channel and hears it to its end. @returns how long to wait before the next one. */
  async #hold(): Promise<number> {
    const { link, identity, contact } = this.#options;
    const signer = identity.current?.signer;
    if (signer === undefined) return REFUSED_RETRY_MS;
    const ended = new AbortController();
    const signal = AbortSignal.any([this.#abort.signal, ended.signal]);
    let timer = setTimeout(() => ended.abort(), OPENS_WITHIN_MS);
    try {
      const answer = await link.openChannel(signer, signal);
      if (answer.kind !== 'ok') return await this.#failed(answer, signer);
      const alive = () => {
        clearTimeout(timer);
        timer = setTimeout(() => ended.abort(), SILENT_MS);
      };
      alive();
      for await (const data of eventData(answer.value.pipeThrough(onEachChunk(alive)))) {
        this.#setOpen(true);
        contact.succeeded();
        await this.#hear(data);
      }
      return this.#backOff.next();
    } finally {
      clearTimeout(timer);
      ended.abort();
    }
  }

  async #hear(data: string): Promise<void> {
    const { onPolicy, onAction, log } = this.#options;
    const event = ChannelEvent.safeParse(parseJson(data)).data;
    // A newer server may say more than this agent knows.
    if (event === undefined || event.kind === 'open') return;
    if (event.kind === 'policy') {
      const waitMs = event.signed === undefined ? Math.random() * Math.min(event.spreadMs, REFUSED_RETRY_MS) : 0;
      setTimeout(() => {
        if (this.#abort.signal.aborted) return;
        onPolicy(event.version, event.shares, event.signed).catch((error: unknown) =>
          log.warn({ err: error }, 'a policy could not be fetched; the heartbeat asks again'),
        );
      }, waitMs).unref();
      return;
    }
    // Not awaited: an action that takes its time must not hold up the next policy.
    onAction(event.signed).catch((error: unknown) => log.warn({ err: error }, 'an action could not be taken'));
  }

  async #failed(
    answer: Exclude<Awaited<ReturnType<ServerLink['openChannel']>>, { kind: 'ok' }>,
    signer: Parameters<Identity['refused']>[0],
  ): Promise<number> {
    if (answer.kind === 'unreachable') return this.#backOff.next();
    if (answer.status === 401 && answer.code === 'not-signed-in' && (await this.#options.identity.refused(signer)))
      return 0;
    return Math.max(this.#backOff.next(answer.retryAfterMs), REFUSED_RETRY_MS * (0.5 + Math.random()));
  }

  #setOpen(isOpen: boolean): void {
    if (this.#isOpen === isOpen) return;
    this.#isOpen = isOpen;
    this.#options.onChange();
  }
}

function onEachChunk(heard: () => void): TransformStream<Uint8Array, Uint8Array> {
  return new TransformStream({
    transform(chunk, controller) {
      heard();
      controller.enqueue(chunk);
    },
  });
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
