import type { Activity, Run, SampledFile } from '@sentinel/protocol';
import type { Logger } from 'pino';
import { BackOff } from '../back-off.ts';
import { BriefWorker } from '../brief-worker.ts';
import { Pause } from '../pause.ts';
import type { Answer } from '../server-link.ts';
import type { SampleAnswer, SampleQuestion } from './sample-worker.ts';

/** What the server is asked and told. */
export interface SampleLink {
  /** Which of these data files this endpoint may look into and should. */
  wanted(paths: readonly string[], signal: AbortSignal): Promise<Answer<{ readonly wanted: readonly string[] }>>;
  send(files: readonly SampledFile[], signal: AbortSignal): Promise<Answer<unknown>>;
}

/** What {@link DataSampler} needs. */
export interface DataSamplerOptions {
  readonly link: SampleLink;
  readonly log: Logger;
}

/** Files whose names say that they may hold a table or a text. The reader decides. */
const MAY_HOLD_DATA = /\.(?:csv|tsv|tab|json|jsonl|ndjson|txt|xls[xm])$/i;

const AT_ONCE = 100;
/** Runs of one file that are told of. */
const MAX_RUNS = 20;
const MAX_PENDING = 2_000;
const MAX_ASKED = 20_000;
/** A file is asked about again after so long: the company may have changed its mind, the file its content. */
const AGAIN_MS = 60 * 60 * 1000;
/** Most files that are looked into within an hour. */
const MAX_AN_HOUR = 500;
const HOUR_MS = 60 * 60 * 1000;
/** Activities are collected this long before the server is asked. */
const SETTLE_MS = 500;

/**
 * Looks into data files that scripts read, where the company lets it, in a process of its own; tells kinds and counts and never
 * a value. Nothing waits on disk: what could not be told is found again when the file is read again.
 */
export class DataSampler {
  readonly #options: DataSamplerOptions;
  readonly #worker = new BriefWorker<Omit<SampleQuestion, 'number'>, SampleAnswer>(
    new URL('sample-worker.ts', import.meta.url),
  );
  readonly #pending = new Map<string, Set<string>>();
  readonly #asked = new Map<string, number>();
  readonly #pause = new Pause();
  readonly #backOff = new BackOff();
  readonly #abort = new AbortController();
  #hour = { sinceMs: 0, files: 0 };
  #loop: Promise<void> | undefined;

  constructor(options: DataSamplerOptions) {
    this.#options = options;
  }

  /** Begins. */
  start(): void {
    this.#loop = this.#run();
  }

  /** Says what a run did. */
  offer(runId: Run['id'], activities: readonly Activity[]): void {
    let hasNew = false;
    for (const { type, attributes } of activities) {
      if (type !== 'file.open' || attributes['sentinel.file.operation'] !== 'read') continue;
      const path = attributes['file.path'];
      if (typeof path !== 'string' || !MAY_HOLD_DATA.test(path) || attributes['sentinel.file.place'] === 'system')
        continue;
      if ((this.#asked.get(path) ?? 0) > Date.now() - AGAIN_MS) continue;
      const runs = this.#pending.get(path) ?? new Set();
      if (this.#pending.size >= MAX_PENDING && runs.size === 0) continue;
      if (runs.size < MAX_RUNS) runs.add(runId);
      this.#pending.set(path, runs);
      hasNew = true;
    }
    if (hasNew) this.#pause.wake();
  }

  /** Ends. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#pause.wake();
    await this.#loop;
    await this.#worker.close();
  }

  async #run(): Promise<void> {
    const { signal } = this.#abort;
    while (!signal.aborted) {
      let waitMs: number;
      try {
        waitMs = await this.#round();
      } catch (error) {
        this.#options.log.warn({ err: error }, 'data files could not be looked into; trying again');
        waitMs = this.#backOff.next();
      }
      if (!signal.aborted) await this.#pause.wait(waitMs);
      if (!signal.aborted) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    }
  }

  /** Asks, looks and tells. @returns how long to wait for the next round. */
  async #round(): Promise<number> {
    const { link } = this.#options;
    const { signal } = this.#abort;
    while (this.#pending.size > 0 && !signal.aborted) {
      const portion = [...this.#pending].slice(0, AT_ONCE);
      const answer = await link.wanted(
        portion.map(([path]) => path),
        signal,
      );
      if (answer.kind !== 'ok') return this.#backOff.next(answer.kind === 'refused' ? answer.retryAfterMs : 0);
      const wanted = new Set(answer.value.wanted);
      const files: SampledFile[] = [];
      for (const [path, runs] of portion) {
        this.#pending.delete(path);
        this.#note(path);
        if (!wanted.has(path) || signal.aborted || !this.#mayLook()) continue;
        const found = await this.#look(path);
        if (found !== undefined) files.push({ ...found, runIds: [...runs] });
      }
      if (files.length > 0 && !signal.aborted) await this.#tell(files);
    }
    this.#backOff.reset();
    return Number.POSITIVE_INFINITY;
  }

  async #look(path: string): Promise<Omit<SampledFile, 'runIds'> | undefined> {
    const answer = await this.#worker.ask({ path });
    if (answer.kind === 'sampled') return answer.file;
    this.#options.log.info({ 'file.path': path, reason: answer.reason }, 'a data file is not looked into');
    return undefined;
  }

  async #tell(files: readonly SampledFile[]): Promise<void> {
    const { link, log } = this.#options;
    const answer = await link.send(files, this.#abort.signal);
    if (answer.kind === 'ok') return;
    log.warn({ reason: answer.detail }, 'the server did not take what data files hold');
    // The next script that reads them asks again.
    for (const { path } of files) this.#asked.delete(path);
  }

  #mayLook(): boolean {
    const nowMs = Date.now();
    if (nowMs - this.#hour.sinceMs > HOUR_MS) this.#hour = { sinceMs: nowMs, files: 0 };
    this.#hour.files += 1;
    return this.#hour.files <= MAX_AN_HOUR;
  }

  #note(path: string): void {
    this.#asked.delete(path);
    this.#asked.set(path, Date.now());
    if (this.#asked.size <= MAX_ASKED) return;
    for (const [oldest] of this.#asked) {
      this.#asked.delete(oldest);
      return;
    }
  }
}
