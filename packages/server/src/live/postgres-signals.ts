import { setTimeout as delay } from 'node:timers/promises';
import { sql } from 'kysely';
import { Client } from 'pg';
import type { Logger } from 'pino';
import type { ControlStore } from '../store/control-store.ts';
import { postgresConfig } from '../store/postgres-dialect.ts';
import { newUuidV7 } from '../uuid-v7.ts';
import { LocalSignals, MISSED_SIGNALS, type SignalListener, type Signals } from './signals.ts';

const CHANNEL = 'sentinel';
/** Source: PostgreSQL documentation of NOTIFY: less than 8,000 bytes, the sender's id and the topic included. */
const MAX_BODY_BYTES = 7_800;
const FIRST_RETRY_MS = 100;
const LONGEST_RETRY_MS = 5_000;
/** A listener that hears nothing at all asks whether the connection still lives. */
const PROBE_MS = 10_000;

/** Signals between servers on one PostgreSQL, by LISTEN and NOTIFY. */
export class PostgresSignals implements Signals {
  readonly #local = new LocalSignals();
  readonly #url: string;
  readonly #control: ControlStore;
  readonly #log: Logger;
  /** Tells this server's own messages, which it has delivered already. */
  readonly #serverId = newUuidV7();
  readonly #stopping = new AbortController();
  #client: Client | undefined;
  #listening: Promise<void> = Promise.resolve();

  private constructor(url: string, control: ControlStore, log: Logger) {
    this.#url = url;
    this.#control = control;
    this.#log = log;
  }

  /** Resolves once it listens. */
  static async open(url: string, control: ControlStore, log: Logger): Promise<PostgresSignals> {
    const signals = new PostgresSignals(url, control, log);
    const broken = await signals.#listen();
    signals.#listening = signals.#keepListening(broken);
    return signals;
  }

  async publish(topic: string, body: string): Promise<void> {
    const deliver = await this.publishWithin(this.#control, topic, body);
    deliver();
  }

  async publishWithin(transaction: ControlStore, topic: string, body: string): Promise<() => void> {
    if (Buffer.byteLength(body) + topic.length > MAX_BODY_BYTES) throw new Error(`a signal "${topic}" is too long`);
    const message = `${this.#serverId} ${topic} ${body}`;
    await sql`select pg_notify(${CHANNEL}, ${message})`.execute(transaction);
    return () => this.#local.deliver(topic, body);
  }

  subscribe(topic: string, listener: SignalListener): () => void {
    return this.#local.subscribe(topic, listener);
  }

  async close(): Promise<void> {
    this.#stopping.abort();
    await this.#client?.end().catch(() => {});
    await this.#listening;
    await this.#local.close();
  }

  /** Connects and listens; the promise inside resolves when the connection breaks. */
  async #listen(): Promise<{ broken: Promise<void> }> {
    const client = new Client(postgresConfig(this.#url));
    const broken = new Promise<void>((resolve) => {
      client.once('error', () => resolve());
      client.once('end', () => resolve());
    });
    client.on('error', () => {});
    client.on('notification', ({ payload }) => this.#receive(payload ?? ''));
    await client.connect();
    await client.query(`listen ${CHANNEL}`);
    this.#client = client;
    return { broken };
  }

  async #keepListening(first: { broken: Promise<void> }): Promise<void> {
    const { signal } = this.#stopping;
    let connection: { broken: Promise<void> } | undefined = first;
    let retryMs = FIRST_RETRY_MS;
    let deafSinceMs = Date.now();
    while (!signal.aborted) {
      if (connection !== undefined) {
        await this.#untilBroken(connection.broken);
        deafSinceMs = Date.now() - PROBE_MS;
        connection = undefined;
        if (!signal.aborted) this.#log.warn('the connection for signals between servers broke');
      }
      await delay(retryMs, undefined, { signal, ref: false }).catch(() => {});
      if (signal.aborted) return;
      try {
        connection = await this.#listen();
        retryMs = FIRST_RETRY_MS;
        this.#local.deliver(MISSED_SIGNALS, String(deafSinceMs));
      } catch {
        retryMs = Math.min(retryMs * 2, LONGEST_RETRY_MS);
      }
    }
  }

  /** A peer that vanished without a word breaks no connection: asking it something does. */
  async #untilBroken(broken: Promise<void>): Promise<void> {
    const client = this.#client;
    const probe = setInterval(() => {
      const hung = setTimeout(() => client?.emit('error', new Error('no answer')), PROBE_MS);
      client?.query('select 1').then(
        () => clearTimeout(hung),
        () => clearTimeout(hung),
      );
    }, PROBE_MS);
    probe.unref();
    await broken;
    clearInterval(probe);
    client?.end().catch(() => {});
  }

  #receive(payload: string): void {
    const [serverId = '', topic = ''] = payload.split(' ', 2);
    if (serverId === this.#serverId || topic === '') return;
    this.#local.deliver(topic, payload.slice(serverId.length + topic.length + 2));
  }
}
