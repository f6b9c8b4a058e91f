import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Logger } from 'pino';
import type { EngineHello, EngineReply, EngineRequest, EngineSettings } from './chdb-engine.ts';
import { EngineError, limited, NO_ROOM, rowsOf, unavailable } from './engine-answers.ts';
import { migrateEventStore } from './event-migrator.ts';
import {
  type EventStore,
  type InsertGroup,
  type QueryOptions,
  type QueryParameters,
  RowsRefused,
} from './event-store.ts';
import { type Frame, readFrames, writeFrame } from './frame.ts';
import { Turnstile } from './turnstile.ts';

/** An engine that answers nothing is taken for hung and started again: asked so often, and waited for so long. */
const WATCH = { everyMs: 10_000, patienceMs: 30_000 };
const FIRST_RESTART_MS = 100;
const LONGEST_RESTART_MS = 10_000;
/** Beyond the engine's own time limit: an engine that does not even answer then is taken for hung. */
const GRACE_MS = 15_000;
const INSERT_TIMEOUT_MS = 120_000;
const ALTER_TIMEOUT_MS = 10 * 60 * 1000;
const CLOSE_TIMEOUT_MS = 10_000;
const PING_TIMEOUT_MS = 30_000;
/** Damage that a new reading of the parts did not mend is told instead of read again. */
const ANEW_EVERY_MS = 60_000;
/** As many questions wait for a reader as people may well ask at once. */
const MAX_WAITING_QUERIES = 500;
/** Connections of the engine. A group writes two tables at once; more readers than cores gain nothing but fairness. */
const READERS = 3;
const WRITERS = 2;

interface Waiting {
  readonly resolve: (payload: Buffer) => void;
  readonly reject: (error: Error) => void;
}

interface Engine {
  readonly process: ChildProcess;
  readonly socket: Duplex;
  readonly waiting: Map<number, Waiting>;
}

/** Event store on an embedded chDB engine in a process of its own, started again when it dies. */
export class ChdbEventStore implements EventStore {
  readonly #settings: EngineSettings;
  readonly #log: Logger;
  readonly #queries = new Turnstile(READERS, MAX_WAITING_QUERIES);
  readonly #inserts = new Turnstile(WRITERS, MAX_WAITING_QUERIES);
  #engine: Engine | undefined;
  #restarts = 0;
  #backOffMs = FIRST_RESTART_MS;
  #retry: NodeJS.Timeout | undefined;
  #watching: NodeJS.Timeout | undefined;
  #hadNoRoom = false;
  #readAnewAtMs = Number.NEGATIVE_INFINITY;
  #closing = false;
  #nextId = 1;

  private constructor(settings: EngineSettings, log: Logger) {
    this.#settings = settings;
    this.#log = log;
  }

  /** Starts the engine on a folder. */
  static async open(
    settings: Pick<EngineSettings, 'folder' | 'memoryBytes'>,
    log: Logger,
    watch = WATCH,
  ): Promise<ChdbEventStore> {
    mkdirSync(settings.folder, { recursive: true, mode: 0o700 });
    const store = new ChdbEventStore({ ...settings, readers: READERS, writers: WRITERS }, log);
    await store.#start();
    store.#watching = setInterval(() => {
      // A question that is not answered in time kills the engine, and its end starts another.
      store.#ask({ id: 0, kind: 'ping' }, watch.patienceMs).catch(() => {});
      store.#lookForFullDisk().catch(() => {});
    }, watch.everyMs);
    store.#watching.unref();
    return store;
  }

  get restarts(): number {
    return this.#restarts;
  }

  /** Process id of the engine, for tests and for operators. */
  get enginePid(): number | undefined {
    return this.#engine?.process.pid;
  }

  async migrate(): Promise<void> {
    await migrateEventStore(this);
  }

  async insert(group: InsertGroup): Promise<void> {
    const leave = await this.#inserts.enter();
    try {
      await this.#ask(
        { id: 0, kind: 'insert', table: group.table, columns: group.columns },
        INSERT_TIMEOUT_MS,
        group.lines,
      );
      if (this.#hadNoRoom) this.#readAnew('the disk had no room');
    } catch (error) {
      if (error instanceof EngineError && error.isNoRoom) this.#hadNoRoom = true;
      if (error instanceof EngineError && error.isRefusalOfRows) throw new RowsRefused(error.message);
      throw unavailable(error);
    } finally {
      leave();
    }
  }

  async query<Row>(sql: string, parameters: QueryParameters = {}, options: QueryOptions = {}): Promise<Row[]> {
    return rowsOf((await this.lines(sql, parameters, options)).toString('utf8'));
  }

  async lines(sql: string, parameters: QueryParameters = {}, options: QueryOptions = {}): Promise<Buffer> {
    const { sql: text, timeoutMs } = limited(sql, options);
    const leave = await this.#queries.enter();
    try {
      return await this.#ask({ id: 0, kind: 'query', sql: text, parameters }, timeoutMs + GRACE_MS);
    } catch (error) {
      // An engine that answers "no" to a question of ours is a fault of ours, unless it says that it has too much to do.
      const isMending = error instanceof EngineError && error.isDamage && this.#readAnew(error.message);
      if (error instanceof EngineError && !error.isPassing && !isMending) throw error;
      throw unavailable(error);
    } finally {
      leave();
    }
  }

  async alter(table: string, change: string, parameters: QueryParameters = {}): Promise<void> {
    await this.query(`ALTER TABLE ${table} ${change}`, parameters, { timeoutMs: ALTER_TIMEOUT_MS });
  }

  async ping(): Promise<boolean> {
    try {
      await this.#ask({ id: 0, kind: 'ping' }, PING_TIMEOUT_MS);
      return true;
    } catch {
      return false;
    }
  }

  async close(): Promise<void> {
    this.#closing = true;
    clearInterval(this.#watching);
    clearTimeout(this.#retry);
    const engine = this.#engine;
    if (engine === undefined) return;
    const exited = new Promise<void>((resolve) => engine.process.once('exit', () => resolve()));
    const kill = setTimeout(() => engine.process.kill('SIGKILL'), CLOSE_TIMEOUT_MS);
    await this.#ask({ id: 0, kind: 'close' }, CLOSE_TIMEOUT_MS).catch(() => engine.process.kill('SIGKILL'));
    await exited;
    clearTimeout(kill);
  }

  /** Sees a disk that was full for a merge, which nobody waits for. */
  async #lookForFullDisk(): Promise<void> {
    const seen = await this.query(
      `SELECT 1 FROM system.errors WHERE code IN (${NO_ROOM.join()}) AND value > 0 LIMIT 1`,
    );
    if (seen.length > 0) this.#hadNoRoom = true;
  }

  /**
   * Ends the engine, so that the next one reads every part anew; false if that was done just now. A merge that runs out of
   * disk may leave an empty part in the place of good ones (chdb 3.4.0, seen on one of ten full disks): an engine that starts
   * sets it aside and takes up again what it was made of, which is kept for eight minutes.
   */
  #readAnew(why: string): boolean {
    if (performance.now() - this.#readAnewAtMs < ANEW_EVERY_MS) return false;
    this.#readAnewAtMs = performance.now();
    this.#hadNoRoom = false;
    this.#log.warn({ why }, 'the event store engine starts again, to read its parts anew');
    this.#engine?.process.kill('SIGKILL');
    return true;
  }

  async #start(): Promise<void> {
    const child = spawn(
      process.execPath,
      [
        ...process.execArgv.filter((arg) => !arg.startsWith('--test')),
        fileURLToPath(new URL('./chdb-engine.ts', import.meta.url)),
        JSON.stringify(this.#settings),
      ],
      { stdio: ['ignore', 'ignore', 'pipe', 'pipe'], env: engineEnvironment(), detached: false },
    );
    const socket = child.stdio[3] as Duplex;
    const engine: Engine = { process: child, socket, waiting: new Map() };
    let lastWords = '';
    child.stderr?.on('data', (chunk: Buffer) => (lastWords = `${lastWords}${chunk.toString()}`.slice(-2_000)));
    socket.on('error', () => child.kill('SIGKILL'));
    await new Promise<void>((resolve, reject) => {
      child.once('error', reject);
      child.once('exit', (code, signal) => {
        this.#exited(engine, lastWords, code, signal);
        reject(new Error(`the event store's engine ended while it started: ${lastWords.trim() || (signal ?? code)}`));
      });
      readFrames<EngineReply | EngineHello>(socket, (frame) => {
        if (frame.header.id !== 0) return settle(engine, frame);
        if (frame.header.ok) return resolve();
        reject(new Error(openingFailure(frame.header)));
        child.kill('SIGKILL');
      });
    });
    this.#engine = engine;
    this.#backOffMs = FIRST_RESTART_MS;
  }

  #exited(engine: Engine, lastWords: string, code: number | null, signal: NodeJS.Signals | null): void {
    for (const { reject } of engine.waiting.values()) reject(new Error('the event store engine died'));
    engine.waiting.clear();
    if (this.#engine !== engine) return;
    this.#engine = undefined;
    if (this.#closing) return;
    this.#log.error({ code, signal, lastWords }, 'event store engine died; starting it again');
    this.#startAgain();
  }

  #startAgain(): void {
    this.#retry = setTimeout(() => {
      this.#restarts++;
      this.#start().then(
        () => this.#log.info({ restarts: this.#restarts }, 'event store engine runs again'),
        (error: unknown) => {
          this.#log.error({ err: error }, 'event store engine did not start');
          if (!this.#closing) this.#startAgain();
        },
      );
    }, this.#backOffMs);
    this.#backOffMs = Math.min(this.#backOffMs * 2, LONGEST_RESTART_MS);
  }

  async #ask(request: EngineRequest, timeoutMs: number, payload?: Buffer): Promise<Buffer> {
    const engine = this.#engine;
    if (engine === undefined) throw new Error('the event store engine is not running');
    const id = this.#nextId++;
    let timer: NodeJS.Timeout | undefined;
    try {
      return await new Promise<Buffer>((resolve, reject) => {
        timer = setTimeout(() => {
          reject(new Error('the event store engine did not answer'));
          engine.process.kill('SIGKILL');
        }, timeoutMs);
        engine.waiting.set(id, { resolve, reject });
        writeFrame(engine.socket, { ...request, id }, payload);
      });
    } finally {
      clearTimeout(timer);
      engine.waiting.delete(id);
    }
  }
}

function settle(engine: Engine, { header, payload }: Frame<EngineReply>): void {
  const waiting = engine.waiting.get(header.id);
  if (waiting === undefined) return;
  if (header.ok) waiting.resolve(payload);
  else waiting.reject(new EngineError(header.name, header.code, header.message));
}

function openingFailure({ name, message }: { name: string; message: string }): string {
  if (name.endsWith('MODULE_NOT_FOUND') || name === 'ChdbPlatformUnsupportedError') {
    return 'the embedded event store (package "chdb") is not installed or not available for this platform; run "npm install" on Linux (glibc) or macOS, x64 or arm64';
  }
  return `the event store does not open: ${message}`;
}

/** The engine gets no variables but those it needs: it never sees a secret of the server's environment. */
function engineEnvironment(): NodeJS.ProcessEnv {
  const names = ['PATH', 'HOME', 'TMPDIR', 'TZ', 'LANG', 'LD_LIBRARY_PATH', 'NODE_PATH', 'SystemRoot'];
  const kept = names.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]]));
  // Every connection holds a thread of libuv's pool while it works.
  return { ...(Object.fromEntries(kept) as NodeJS.ProcessEnv), UV_THREADPOOL_SIZE: String(READERS + WRITERS + 1) };
}
