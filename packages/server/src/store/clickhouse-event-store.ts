import { Readable } from 'node:stream';
import {
  type ClickHouseClient,
  ClickHouseError,
  ClickHouseLogLevel,
  type ClickHouseSettings,
  createClient,
} from '@clickhouse/client';
import type { Logger } from 'pino';
import { clusterStatements } from './cluster-statements.ts';
import { EngineError, limited, rowsOf, unavailable } from './engine-answers.ts';
import { migrateEventStore } from './event-migrator.ts';
import {
  type EventStore,
  type InsertGroup,
  type QueryOptions,
  type QueryParameters,
  RowsRefused,
} from './event-store.ts';
import { Turnstile } from './turnstile.ts';

/** How a ClickHouse is reached, and which cluster of it. */
export interface ClickhousePlace {
  /** `https://user:password@host:8443/database`. */
  readonly url: string;
  /** Name of the cluster that tables are replicated and distributed over; one machine without it. */
  readonly cluster?: string | undefined;
}

/** What is asked at once; the rest waits here and not in the engine. */
const QUERIES = 12;
const INSERTS = 4;
const MAX_WAITING = 500;
const INSERT_TIMEOUT_MS = 120_000;
const ALTER_TIMEOUT_MS = 10 * 60 * 1000;
/** Beyond the engine's own time limit. */
const GRACE_MS = 15_000;

/** What makes answers and inserts mean the same as in the embedded engine. */
const SETTINGS: ClickHouseSettings = {
  output_format_json_quote_64bit_integers: 0,
  date_time_output_format: 'iso',
  do_not_merge_across_partitions_select_final: 1,
  max_partitions_per_insert_block: '1000',
  max_insert_threads: '1',
  input_format_json_throw_on_bad_escape_sequence: 0,
  // An insert that was answered is there: neither a queue of the engine nor one of a distributed table comes first.
  async_insert: 0,
  distributed_foreground_insert: 1,
  // A table inside a question over shards is the whole table.
  distributed_product_mode: 'global',
  cancel_http_readonly_queries_on_client_close: 1,
  wait_end_of_query: 1,
};

/** Event store on a ClickHouse server or cluster, over its HTTP interface. */
export class ClickhouseEventStore implements EventStore {
  readonly #client: ClickHouseClient;
  readonly #cluster: string | undefined;
  readonly #queries = new Turnstile(QUERIES, MAX_WAITING);
  readonly #inserts = new Turnstile(INSERTS, MAX_WAITING);
  readonly restarts = 0;

  private constructor(client: ClickHouseClient, cluster: string | undefined) {
    this.#client = client;
    this.#cluster = cluster;
  }

  /**
   * Connects, and makes the database if there is none.
   * @throws Error with a sentence for the operator if the store does not answer.
   */
  static async open({ url, cluster }: ClickhousePlace, log: Logger): Promise<ClickhouseEventStore> {
    const place = new URL(url);
    const client = createClient({
      url: place.origin,
      username: decodeURIComponent(place.username || 'default'),
      password: decodeURIComponent(place.password),
      database: decodeURIComponent(place.pathname.slice(1)) || 'default',
      application: 'sentinel-server',
      request_timeout: ALTER_TIMEOUT_MS + GRACE_MS,
      max_open_connections: QUERIES + INSERTS + 1,
      compression: { request: true, response: true },
      clickhouse_settings: SETTINGS,
      // Its own log repeats what the engine said, and that repeats values.
      log: { level: ClickHouseLogLevel.OFF },
    });
    const store = new ClickhouseEventStore(client, cluster);
    try {
      const [answer] = await store.query<{ version: string }>('SELECT version() AS version');
      log.info({ version: answer?.version, cluster }, 'event store answers');
      return store;
    } catch (error) {
      await client.close();
      const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
      throw new Error(`the event store at ${place.host} does not answer: ${(cause as Error).message}`, {
        cause: error,
      });
    }
  }

  get cluster(): string | undefined {
    return this.#cluster;
  }

  migrate(): Promise<void> {
    return migrateEventStore(this, async (statement) => {
      const statements = this.#cluster === undefined ? [statement] : clusterStatements(statement, this.#cluster);
      for (const each of statements) await this.query(each, {}, { timeoutMs: ALTER_TIMEOUT_MS });
    });
  }

  async insert({ table, columns, lines }: InsertGroup): Promise<void> {
    const leave = await this.#inserts.enter();
    try {
      const { stream } = await this.#client.exec({
        query: `INSERT INTO ${table} (${columns.join(', ')}) FORMAT JSONCompactEachRow`,
        values: Readable.from([lines], { objectMode: false }),
        abort_signal: AbortSignal.timeout(INSERT_TIMEOUT_MS),
      });
      for await (const _ of stream); // the answer is empty; its end says that the rows are durable
    } catch (error) {
      const failure = engineErrorOf(error);
      if (failure?.isRefusalOfRows === true) throw new RowsRefused(failure.message);
      throw unavailable(failure ?? error);
    } finally {
      leave();
    }
  }

  async query<Row>(sql: string, parameters: QueryParameters = {}, options: QueryOptions = {}): Promise<Row[]> {
    return rowsOf(await this.#text(sql, parameters, options));
  }

  async lines(sql: string, parameters: QueryParameters = {}, options: QueryOptions = {}): Promise<Buffer> {
    return Buffer.from(await this.#text(sql, parameters, options));
  }

  async #text(sql: string, parameters: QueryParameters, options: QueryOptions): Promise<string> {
    const asked = limited(sql, options);
    const leave = await this.#queries.enter();
    try {
      const request = {
        query_params: { ...parameters },
        abort_signal: AbortSignal.timeout(asked.timeoutMs + GRACE_MS),
      };
      if (asked.sql === sql && !/^\s*(?:explain|show|describe|exists)\b/i.test(sql)) {
        await this.#client.command({ ...request, query: sql });
        return '';
      }
      const answer = await this.#client.query({ ...request, query: asked.sql, format: 'JSONEachRow' });
      return await answer.text();
    } catch (error) {
      const failure = engineErrorOf(error);
      if (failure !== undefined && !failure.isPassing) throw failure;
      throw unavailable(failure ?? error);
    } finally {
      leave();
    }
  }

  async alter(table: string, change: string, parameters: QueryParameters = {}): Promise<void> {
    const statement = `ALTER TABLE ${table} ${change}`;
    const statements = this.#cluster === undefined ? [statement] : clusterStatements(statement, this.#cluster);
    for (const each of statements) await this.query(each, parameters, { timeoutMs: ALTER_TIMEOUT_MS });
  }

  async ping(): Promise<boolean> {
    const { success } = await this.#client.ping({ select: true });
    return success;
  }

  close(): Promise<void> {
    return this.#client.close();
  }
}

/** The engine's own error without its text, which repeats statements and values; undefined for one of the network. */
function engineErrorOf(error: unknown): EngineError | undefined {
  if (!(error instanceof ClickHouseError)) return undefined;
  return new EngineError('ClickhouseError', Number(error.code), `(${error.type ?? 'UNKNOWN'})`);
}
