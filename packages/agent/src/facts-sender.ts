import { moduleKind } from '@sentinel/capture';
import type { Run, ScriptFacts } from '@sentinel/protocol';
import type { Logger } from 'pino';
import { BackOff } from './back-off.ts';
import { FactsReader } from './facts-reader.ts';
import { Pause } from './pause.ts';
import type { Answer } from './server-link.ts';

/** What the server is asked and told. */
export interface FactsLink {
  /** Which of these versions the server knows nothing of, and the key of fingerprints. */
  wanted(
    sha256: readonly string[],
    signal: AbortSignal,
  ): Promise<Answer<{ readonly wanted: readonly string[]; readonly fingerprintKey: string }>>;
  send(facts: readonly ScriptFacts[], signal: AbortSignal): Promise<Answer<unknown>>;
}

/** What {@link FactsSender} needs. */
export interface FactsSenderOptions {
  readonly link: FactsLink;
  readonly dataFolder: string;
  readonly log: Logger;
}

const AT_ONCE = 100;
/** Runs are collected this long before the server is asked. */
const SETTLE_MS = 250;
/** Versions that wait, and those remembered as done. */
const MAX_PENDING = 5_000;
const MAX_DONE = 20_000;
/** A version whose analysis broke is tried so often: a busy computer breaks it, and so does a source that nobody can analyse. */
const MAX_TRIES = 3;
const AGAIN_MS = 5_000;

interface Pending {
  readonly path: string;
  readonly tries: number;
}

/**
 * Tells the server what analysis says of every version that ran and that it knows nothing of. The source stays here; a version
 * whose file has changed or gone meanwhile is left out.
 */
export class FactsSender {
  readonly #options: FactsSenderOptions;
  readonly #reader = new FactsReader();
  readonly #pending = new Map<string, Pending>();
  readonly #done = new Set<string>();
  readonly #pause = new Pause();
  readonly #backOff = new BackOff();
  readonly #abort = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(options: FactsSenderOptions) {
    this.#options = options;
  }

  /** Begins. */
  start(): void {
    this.#loop = this.#run();
  }

  /** Says that a script ran. */
  offer({ script, interpreter }: Run): void {
    const { sha256, path } = script;
    if (sha256 === undefined || path === undefined || (script.kind !== 'file' && script.kind !== 'module')) return;
    if (this.#done.has(sha256) || this.#pending.size >= MAX_PENDING) return;
    if (moduleKind(script.name, path, interpreter.basePrefix, false) !== 'local') return;
    if (!this.#pending.has(sha256)) this.#pending.set(sha256, { path, tries: 0 });
    this.#pause.wake();
  }

  /** Ends. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#pause.wake();
    await this.#loop;
    await this.#reader.close();
  }

  async #run(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      let waitMs = Number.POSITIVE_INFINITY;
      try {
        waitMs = await this.#round();
      } catch (error) {
        this.#options.log.warn({ err: error }, 'facts of scripts could not be sent; trying again');
        waitMs = this.#backOff.next();
      }
      if (!this.#abort.signal.aborted) await this.#pause.wait(waitMs);
      if (!this.#abort.signal.aborted) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    }
  }

  /** Asks, analyses and sends. @returns how long to wait for the next round. */
  async #round(): Promise<number> {
    const { link, log, dataFolder } = this.#options;
    const { signal } = this.#abort;
    const broken = new Map<string, Pending>();
    while (this.#pending.size > 0 && !signal.aborted) {
      const portion = [...this.#pending].slice(0, AT_ONCE);
      const answer = await link.wanted(
        portion.map(([sha256]) => sha256),
        signal,
      );
      if (answer.kind !== 'ok') return this.#backOff.next(answer.kind === 'refused' ? answer.retryAfterMs : 0);
      const wanted = new Set(answer.value.wanted);
      for (const [sha256, { path, tries }] of portion) {
        if (signal.aborted) return 0;
        if (wanted.has(sha256)) {
          const { fingerprintKey } = answer.value;
          const read = await this.#reader.read({ path, sha256, fingerprintKey, dataFolder });
          if (read.kind === 'failed' && tries + 1 < MAX_TRIES) {
            log.info({ 'file.path': path, reason: read.reason }, 'a script could not be analysed; trying again');
            this.#pending.delete(sha256);
            broken.set(sha256, { path, tries: tries + 1 });
            continue;
          }
          if (read.kind !== 'analysed')
            log.info({ 'file.path': path, reason: read.reason }, 'a script is not analysed');
          else {
            const sent = await link.send([read.facts], signal);
            if (sent.kind === 'unreachable') return this.#backOff.next();
            if (sent.kind === 'refused')
              log.warn({ reason: sent.detail }, 'the server does not take facts of a script');
          }
        }
        this.#pending.delete(sha256);
        this.#note(sha256);
      }
    }
    this.#backOff.reset();
    for (const [sha256, one] of broken) this.#pending.set(sha256, one);
    return broken.size > 0 ? AGAIN_MS : Number.POSITIVE_INFINITY;
  }

  #note(sha256: string): void {
    this.#done.add(sha256);
    if (this.#done.size <= MAX_DONE) return;
    for (const oldest of this.#done) {
      this.#done.delete(oldest);
      return;
    }
  }
}
