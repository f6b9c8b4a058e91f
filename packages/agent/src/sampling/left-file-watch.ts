import { lstatSync } from 'node:fs';
import type { Logger } from 'pino';
import { Pause } from '../pause.ts';
import type { Answer } from '../server-link.ts';

/** What the server is asked and told. */
export interface LeftFileLink {
  /** Copies of labelled data that scripts left here some days ago. */
  list(signal: AbortSignal): Promise<Answer<{ readonly paths: readonly string[] }>>;
  tell(look: { readonly there: string[]; readonly gone: string[] }, signal: AbortSignal): Promise<Answer<unknown>>;
}

/** What {@link LeftFileWatch} needs. */
export interface LeftFileWatchOptions {
  readonly link: LeftFileLink;
  readonly log: Logger;
  readonly everyMs?: number;
}

const EVERY_MS = 6 * 60 * 60 * 1000;
/** Share of the interval until the first look: a fleet that starts in the morning does not ask as one. */
const FIRST_SHARE = 0.02;

/** Looks from time to time whether copies of labelled data still lie where scripts left them. Opens none of them. */
export class LeftFileWatch {
  readonly #options: LeftFileWatchOptions;
  readonly #everyMs: number;
  readonly #pause = new Pause();
  readonly #abort = new AbortController();
  #loop: Promise<void> | undefined;

  constructor(options: LeftFileWatchOptions) {
    this.#options = options;
    this.#everyMs = options.everyMs ?? EVERY_MS;
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
    const { signal } = this.#abort;
    await this.#pause.wait(this.#everyMs * FIRST_SHARE * (1 + Math.random()));
    while (!signal.aborted) {
      try {
        await this.#look();
      } catch (error) {
        this.#options.log.warn({ err: error }, 'copies of labelled data could not be looked for');
      }
      if (!signal.aborted) await this.#pause.wait(this.#everyMs * (0.9 + 0.2 * Math.random()));
    }
  }

  async #look(): Promise<void> {
    const { link } = this.#options;
    const { signal } = this.#abort;
    const answer = await link.list(signal);
    if (answer.kind !== 'ok' || answer.value.paths.length === 0) return;
    const there: string[] = [];
    const gone: string[] = [];
    for (const path of answer.value.paths) {
      const isThere = isStillThere(path);
      if (isThere !== undefined) (isThere ? there : gone).push(path);
    }
    if (there.length + gone.length > 0) await link.tell({ there, gone }, signal);
  }
}

/** Undefined where that cannot be told: a disk that is not there now, a folder that may not be seen. */
function isStillThere(path: string): boolean | undefined {
  try {
    return lstatSync(path, { throwIfNoEntry: false })?.isFile() ?? false;
  } catch {
    return undefined;
  }
}
