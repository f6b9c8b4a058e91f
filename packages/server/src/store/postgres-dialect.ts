import {
  CompiledQuery,
  type DatabaseConnection,
  type Dialect,
  type Driver,
  type Kysely,
  PostgresAdapter,
  PostgresDriver,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type QueryResult,
  type TransactionSettings,
} from 'kysely';
import { type ClientConfig, Pool, types } from 'pg';
import type { Logger } from 'pino';
import { ControlStoreFailure } from './control-store-failure.ts';

/** A statement of the control store is small: what takes longer hangs. */
const STATEMENT_MS = 30_000;
const CONNECT_MS = 10_000;
const CONNECTIONS = 10;

/** How PostgreSQL is reached: `postgres://user@host/database`, as libpq writes it. */
export function postgresConfig(url: string): ClientConfig {
  return {
    connectionString: url,
    application_name: 'sentinel-server',
    connectionTimeoutMillis: CONNECT_MS,
    keepAlive: true,
    types: { getTypeParser: typeParser as typeof types.getTypeParser },
  };
}

/** Kysely dialect over PostgreSQL: numbers are numbers as in SQLite, and errors tell no values. */
export function postgresDialect(url: string, log: Logger): Dialect {
  return {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new PlainPostgresDriver(url, log),
    createIntrospector: (database: Kysely<unknown>) => new PostgresIntrospector(database),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  };
}

/** Sums and counts come as `bigint` or `numeric`; none of ours reaches 2^53. */
function typeParser(type: Parameters<typeof types.getTypeParser>[0], format?: 'text' | 'binary'): unknown {
  if (type === types.builtins.INT8 || type === types.builtins.NUMERIC) return Number;
  return types.getTypeParser(type, format ?? 'text');
}

/** Kysely's driver with connections that tell failures in our words. */
class PlainPostgresDriver implements Driver {
  readonly #driver: PostgresDriver;
  readonly #wrapped = new WeakMap<DatabaseConnection, PlainConnection>();

  constructor(url: string, log: Logger) {
    const pool = new Pool({
      ...postgresConfig(url),
      max: CONNECTIONS,
      statement_timeout: STATEMENT_MS,
      idle_in_transaction_session_timeout: STATEMENT_MS,
    });
    // A connection that breaks while nobody uses it: the pool makes another.
    pool.on('error', (error) => log.warn({ err: plainFailure(error) }, 'a connection to the control store broke'));
    // One that breaks while it is used also says so to whoever waits for its answer; unheard, it would end the server.
    pool.on('connect', (client) => client.on('error', () => {}));
    this.#driver = new PostgresDriver({ pool });
  }

  init(): Promise<void> {
    return this.#driver.init();
  }

  async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await plain(this.#driver.acquireConnection());
    const wrapped = this.#wrapped.get(connection) ?? new PlainConnection(connection);
    this.#wrapped.set(connection, wrapped);
    return wrapped;
  }

  async beginTransaction(connection: DatabaseConnection, settings: TransactionSettings): Promise<void> {
    await plain(this.#driver.beginTransaction(inner(connection), settings));
  }

  async commitTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('commit'));
  }

  async rollbackTransaction(connection: DatabaseConnection): Promise<void> {
    await connection.executeQuery(CompiledQuery.raw('rollback'));
  }

  async releaseConnection(connection: DatabaseConnection): Promise<void> {
    await this.#driver.releaseConnection(inner(connection) as Parameters<PostgresDriver['releaseConnection']>[0]);
  }

  destroy(): Promise<void> {
    return this.#driver.destroy();
  }
}

class PlainConnection implements DatabaseConnection {
  readonly inner: DatabaseConnection;

  constructor(connection: DatabaseConnection) {
    this.inner = connection;
  }

  executeQuery<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    const isPlain = !query.parameters.some((value) => typeof value === 'boolean');
    const asked = isPlain ? query : { ...query, parameters: query.parameters.map(withoutBoolean) };
    return plain(this.inner.executeQuery<R>(asked));
  }

  streamQuery<R>(): AsyncIterableIterator<QueryResult<R>> {
    throw new Error('the control store does not stream');
  }
}

function inner(connection: DatabaseConnection): DatabaseConnection {
  return connection instanceof PlainConnection ? connection.inner : connection;
}

/** Yes and no are 1 and 0 in every table, as SQLite has them. */
function withoutBoolean(value: unknown): unknown {
  return typeof value === 'boolean' ? Number(value) : value;
}

async function plain<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    throw plainFailure(error);
  }
}

/** PostgreSQL repeats the values of a row in the detail of its errors: code, message and constraint are kept. */
function plainFailure(error: unknown): Error {
  const { message, code, constraint } = error as Error & { code?: string; constraint?: string };
  return new ControlStoreFailure(message, { code, constraint });
}
