import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { moduleKind } from '@sentinel/capture';
import { CollectedScript, MAX_VAULT_SOURCE_BYTES, type Run, type Script } from '@sentinel/protocol';
import type { Logger } from 'pino';
import { BackOff } from './back-off.ts';
import { type Collected, ScriptReader } from './collect-script.ts';
import { Pause } from './pause.ts';
import type { Answer } from './server-link.ts';
import { writeDurably } from './write-durably.ts';

/** What the vault is asked and told. */
export interface VaultLink {
  /** Which of these versions the server lacks and wants. */
  wanted(candidates: readonly Candidate[], signal: AbortSignal): Promise<Answer<Wanted>>;
  store(script: CollectedScript, signal: AbortSignal): Promise<Answer<unknown>>;
}

/** A version that ran here. */
export interface Candidate {
  readonly sha256: string;
  readonly isLibrary: boolean;
  readonly sizeBytes?: number;
}

/** The server's answer. */
interface Wanted {
  readonly wanted: readonly string[];
  readonly fingerprintKey: string;
  readonly maxSourceBytes: number;
}

/** What {@link ScriptCollector} needs. */
export interface ScriptCollectorOptions {
  /** Where collected versions wait for the server. */
  readonly folder: string;
  readonly link: VaultLink;
  readonly log: Logger;
}

const AT_ONCE = 200;
/** Runs are collected this long before the server is asked. */
const SETTLE_MS = 300;
/** Versions that wait for the first answer of a server, and those remembered as asked about. */
const MAX_PENDING = 2_000;
const MAX_ASKED = 20_000;
/** Room on disk for versions that wait. */
const MAX_WAITING_FILES = 1_000;
const MAX_WAITING_BYTES = 64 * 1024 * 1024;
const KEY_FILE = 'fingerprint-key.json';
const VERSION_FILE = /^[0-9a-f]{64}\.json$/;

/**
 * Hands every version that ran to the vault once, if the server lacks it. Credentials are taken out before the source
 * is written anywhere. Without a server a version waits on disk, so that a script that is deleted after its run is kept.
 */
export class ScriptCollector {
  readonly #options: ScriptCollectorOptions;
  readonly #reader = new ScriptReader();
  readonly #pending = new Map<string, { readonly script: Script; readonly isLibrary: boolean }>();
  readonly #notebooks = new Map<string, Script>();
  readonly #asked = new Set<string>();
  readonly #pause = new Pause();
  readonly #backOff = new BackOff();
  readonly #abort = new AbortController();
  #key: { readonly fingerprintKey: string; readonly maxSourceBytes: number } | undefined;
  #loop: Promise<void> | undefined;

  constructor(options: ScriptCollectorOptions) {
    this.#options = options;
  }

  /** Begins. */
  start(): void {
    mkdirSync(this.#options.folder, { recursive: true, mode: 0o700 });
    this.#key = readKey(this.#options.folder);
    this.#loop = this.#run();
  }

  /** Says that a script ran. */
  offer({ script, interpreter }: Run): void {
    const { sha256, path } = script;
    if (sha256 === undefined || path === undefined || (script.kind !== 'file' && script.kind !== 'module')) return;
    if (this.#asked.has(sha256) || this.#pending.size >= MAX_PENDING) return;
    this.#asked.add(sha256);
    if (this.#asked.size > MAX_ASKED) this.#forgetOldest();
    const isLibrary = moduleKind(script.name, path, interpreter.basePrefix, false) !== 'local';
    this.#pending.set(sha256, { script, isLibrary });
    this.#pause.wake();
  }

  /** Says that a run ended: which notebook a kernel served is known only now, and what was saved is what ran. */
  offerEnded({ script }: Run): void {
    if (script.kind !== 'notebook' || script.path === undefined || this.#notebooks.size >= MAX_PENDING) return;
    this.#notebooks.set(script.path, script);
    this.#pause.wake();
  }

  /** Hands a version to the vault at the next round, also one that was offered before. @returns what happens. */
  async collectNow(run: Run): Promise<string> {
    const { sha256 } = run.script;
    if (sha256 !== undefined) this.#asked.delete(sha256);
    this.offer(run);
    return sha256 !== undefined && this.#pending.has(sha256)
      ? 'the version goes to the vault, if the vault lacks it'
      : 'this version cannot be collected: its source is no file';
  }

  /** Ends; what waits on disk goes at the next start. */
  async stop(): Promise<void> {
    this.#abort.abort();
    this.#pause.wake();
    await this.#loop;
    await this.#reader.close();
  }

  #forgetOldest(): void {
    for (const oldest of this.#asked) {
      this.#asked.delete(oldest);
      return;
    }
  }

  async #run(): Promise<void> {
    while (!this.#abort.signal.aborted) {
      let waitMs: number;
      try {
        waitMs = await this.#round();
      } catch (error) {
        this.#options.log.warn({ err: error }, 'scripts could not be collected; trying again');
        waitMs = this.#backOff.next();
      }
      if (!this.#abort.signal.aborted) await this.#pause.wait(waitMs);
      if (!this.#abort.signal.aborted) await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    }
  }

  /** Asks, collects and sends. @returns how long to wait for the next round. */
  async #round(): Promise<number> {
    const { link } = this.#options;
    while (this.#pending.size > 0 && !this.#abort.signal.aborted) {
      const portion = [...this.#pending].slice(0, AT_ONCE);
      const answer = await link.wanted(
        portion.map(([sha256, { script, isLibrary }]) => ({
          sha256,
          isLibrary,
          ...(script.sizeBytes === undefined ? {} : { sizeBytes: script.sizeBytes }),
        })),
        this.#abort.signal,
      );
      if (answer.kind === 'ok') await this.#keepKey(answer.value);
      else if (this.#key === undefined) return this.#backOff.next(answer.kind === 'refused' ? answer.retryAfterMs : 0);
      const wanted = answer.kind === 'ok' ? new Set(answer.value.wanted) : undefined;
      for (const [sha256, { script, isLibrary }] of portion) {
        this.#pending.delete(sha256);
        // Without an answer, what people wrote is kept: the server takes nothing twice.
        if (wanted === undefined ? !isLibrary : wanted.has(sha256)) await this.#collect(script);
      }
      if (answer.kind !== 'ok') return this.#backOff.next();
    }
    const waitMs = await this.#collectNotebooks();
    return waitMs ?? this.#sendAll();
  }

  /** Reads notebooks that ran. @returns how long to wait where the server has to be asked first and does not answer. */
  async #collectNotebooks(): Promise<number | undefined> {
    const { link, folder, log } = this.#options;
    for (const [path, script] of this.#notebooks) {
      if (this.#abort.signal.aborted) return undefined;
      if (this.#key === undefined) {
        const answer = await link.wanted([], this.#abort.signal);
        if (answer.kind !== 'ok') return this.#backOff.next(answer.kind === 'refused' ? answer.retryAfterMs : 0);
        await this.#keepKey(answer.value);
      }
      this.#notebooks.delete(path);
      const collected = await this.#read(script);
      if (collected?.kind !== 'collected') {
        if (collected !== undefined)
          log.info({ 'file.path': path, reason: collected.reason }, 'a notebook is not handed to the vault');
        continue;
      }
      const { sha256, sizeBytes } = collected.script;
      if (this.#asked.has(sha256)) continue;
      this.#asked.add(sha256);
      if (this.#asked.size > MAX_ASKED) this.#forgetOldest();
      const answer = await link.wanted([{ sha256, isLibrary: false, sizeBytes }], this.#abort.signal);
      if (answer.kind === 'ok' && !answer.value.wanted.includes(sha256)) continue;
      await writeDurably(join(folder, `${sha256}.json`), JSON.stringify(collected.script));
    }
    return undefined;
  }

  async #read(script: Script): Promise<Collected | undefined> {
    if (this.#key === undefined || this.#abort.signal.aborted || !hasRoom(this.#options.folder)) return undefined;
    return this.#reader.collect(script, {
      fingerprintKey: Buffer.from(this.#key.fingerprintKey, 'base64'),
      maxSourceBytes: Math.min(this.#key.maxSourceBytes, MAX_VAULT_SOURCE_BYTES),
    });
  }

  async #collect(script: Script): Promise<void> {
    const { folder, log } = this.#options;
    const collected = await this.#read(script);
    if (collected === undefined) return;
    if (collected.kind === 'refused') {
      log.info({ 'file.path': script.path, reason: collected.reason }, 'a script is not handed to the vault');
      return;
    }
    await writeDurably(join(folder, `${collected.script.sha256}.json`), JSON.stringify(collected.script));
  }

  async #sendAll(): Promise<number> {
    const { folder, link, log } = this.#options;
    for (const name of readdirSync(folder).filter((file) => VERSION_FILE.test(file))) {
      if (this.#abort.signal.aborted) break;
      const path = join(folder, name);
      const script = readCollected(path);
      if (script === undefined) {
        rmSync(path, { force: true });
        continue;
      }
      const answer = await link.store(script, this.#abort.signal);
      if (answer.kind === 'unreachable') return this.#backOff.next();
      if (answer.kind === 'refused' && (answer.status === 401 || answer.status === 429))
        return this.#backOff.next(answer.retryAfterMs);
      if (answer.kind === 'refused') log.warn({ reason: answer.detail }, 'the vault does not take a script');
      rmSync(path, { force: true });
    }
    this.#backOff.reset();
    return Number.POSITIVE_INFINITY;
  }

  async #keepKey({ fingerprintKey, maxSourceBytes }: Wanted): Promise<void> {
    if (this.#key?.fingerprintKey === fingerprintKey && this.#key.maxSourceBytes === maxSourceBytes) return;
    this.#key = { fingerprintKey, maxSourceBytes };
    await writeDurably(join(this.#options.folder, KEY_FILE), `${JSON.stringify(this.#key)}\n`);
  }
}

function readKey(folder: string): { fingerprintKey: string; maxSourceBytes: number } | undefined {
  try {
    const key = JSON.parse(readFileSync(join(folder, KEY_FILE), 'utf8')) as Record<string, unknown>;
    const { fingerprintKey, maxSourceBytes } = key;
    if (typeof fingerprintKey !== 'string' || typeof maxSourceBytes !== 'number') return undefined;
    return { fingerprintKey, maxSourceBytes };
  } catch {
    return undefined;
  }
}

function readCollected(path: string): CollectedScript | undefined {
  try {
    return CollectedScript.safeParse(JSON.parse(readFileSync(path, 'utf8'))).data;
  } catch {
    return undefined;
  }
}

function hasRoom(folder: string): boolean {
  const files = readdirSync(folder);
  if (files.length >= MAX_WAITING_FILES) return false;
  const bytes = files.reduce(
    (sum, file) => sum + (statSync(join(folder, file), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
  return bytes < MAX_WAITING_BYTES;
}
